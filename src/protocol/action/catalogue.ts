import { UsageError } from '../error/transport-error.ts';
import { closestName } from './closest-name.ts';
import * as cluster from './cluster/cluster.ts';
import type { AnyAction } from './define-action.ts';
import * as docs from './docs/docs.ts';
import { extensionActions } from './extension/extension-actions.ts';
import * as indices from './indices/indices.ts';
import * as internal from './internal/internal.ts';

const FAMILIES = { cluster, docs, indices, internal };

/** Actions by the names users write in code: `cluster.health`. */
const BY_SHORT_NAME: ReadonlyMap<string, AnyAction> = new Map(
  Object.entries(FAMILIES).flatMap(([family, actions]) =>
    Object.entries(actions).map(([name, action]) => [`${family}.${name}`, action as AnyAction] as const),
  ),
);

const SHORT_NAMES: ReadonlyMap<AnyAction, string> = new Map([...BY_SHORT_NAME].map(([name, action]) => [action, name]));

/** Every action this package defines, in ascending order of names. */
export const catalogue: readonly AnyAction[] = Object.freeze(
  [...BY_SHORT_NAME.values(), ...extensionActions].sort((a, b) => (a.name < b.name ? -1 : 1)),
);

const BY_NAME: ReadonlyMap<string, AnyAction> = new Map(catalogue.map((action) => [action.name, action]));

/** The name of a defined action in code, for example `cluster.health`; undefined for the messages of extensions. */
export function shortNameOf(action: AnyAction): string | undefined {
  return SHORT_NAMES.get(action);
}

/**
 * The action of a name: that on the wire (`cluster:monitor/health`) or that in code (`cluster.health`).
 *
 * @throws ERR_USAGE when none is defined, naming the nearest
 */
export function findAction(name: string): AnyAction {
  const action = BY_NAME.get(name) ?? BY_SHORT_NAME.get(name);
  if (action !== undefined) return action;
  const near = closestName(name, [...BY_NAME.keys(), ...BY_SHORT_NAME.keys()]);
  throw new UsageError('ERR_USAGE', {}, `'${name}' is no action of the catalogue${near === undefined ? '' : `, did you mean ${near}?`}`);
}
