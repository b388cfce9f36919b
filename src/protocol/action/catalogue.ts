import { UsageError } from '../error/transport-error.ts';
import { closestName } from '../error/closest-name.ts';
import type { AnyAction } from './define-action.ts';
import * as families from './families.ts';

/** Actions by the names users write in code: `cluster.health`. */
const BY_SHORT_NAME: ReadonlyMap<string, AnyAction> = new Map(
  Object.entries(families).flatMap(([family, members]) =>
    Object.entries(members)
      .filter((entry): entry is [string, AnyAction] => isAction(entry[1]))
      .map(([name, action]) => [`${family}.${name}`, action] as const),
  ),
);

const SHORT_NAMES: ReadonlyMap<AnyAction, string> = new Map([...BY_SHORT_NAME].map(([name, action]) => [action, name]));

/** Every action this package defines, in ascending order of names. */
export const catalogue: readonly AnyAction[] = Object.freeze([...BY_SHORT_NAME.values()].sort((a, b) => (a.name < b.name ? -1 : 1)));

const BY_NAME: ReadonlyMap<string, AnyAction> = new Map(catalogue.map((action) => [action.name, action]));

/** A family also exports functions that go with its actions. */
function isAction(member: unknown): member is AnyAction {
  return typeof member === 'object' && member !== null && 'request' in member && 'response' in member;
}

/** Returns the name of a catalogued action in code, for example `cluster.health`; undefined for an action that is not in the catalogue. */
export function shortNameOf(action: AnyAction): string | undefined {
  return SHORT_NAMES.get(action);
}

/**
 * Finds an action by its name on the wire (`cluster:monitor/health`) or in code (`cluster.health`).
 *
 * @throws ERR_USAGE if the catalogue has no such action; the message names the nearest
 */
export function findAction(name: string): AnyAction {
  const action = BY_NAME.get(name) ?? BY_SHORT_NAME.get(name);
  if (action !== undefined) return action;
  const near = closestName(name, [...BY_NAME.keys(), ...BY_SHORT_NAME.keys()]);
  throw new UsageError('ERR_USAGE', {}, `unknown action '${name}'${near === undefined ? '' : `, did you mean ${near}?`}`);
}
