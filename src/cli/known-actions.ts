import { catalogue, findAction, shortNameOf } from '../protocol/action/catalogue.ts';
import type { AnyAction } from '../protocol/action/define-action.ts';
import { UsageError } from '../protocol/error/transport-error.ts';
import { echo } from './demo/echo.ts';

/** Every action the command line knows: the catalogue, and that of the example server. */
export const knownActions: readonly AnyAction[] = [...catalogue, echo];

/** Actions by their names on the wire. */
export const actionsByName: ReadonlyMap<string, AnyAction> = new Map(knownActions.map((action) => [action.name, action]));

/** Actions by their names in code; what has none there goes by that on the wire. */
const byShortName: ReadonlyMap<string, AnyAction> = new Map(knownActions.map((action) => [shortNameOf(action) ?? action.name, action]));

/** Most actions an error names. */
const MOST_NAMED = 5;

/** The action of a name, on the wire or in code. @throws ERR_USAGE naming those that contain it, or the nearest */
export function knownAction(name: string): AnyAction {
  const action = actionsByName.get(name) ?? byShortName.get(name);
  if (action !== undefined) return action;
  const meant = name === '' ? [] : [...byShortName.keys()].filter((each) => each.toLowerCase().includes(name.toLowerCase()));
  if (meant.length === 0) return findAction(name);
  const more = meant.length > MOST_NAMED ? ', …' : '';
  throw new UsageError('ERR_USAGE', {}, `'${name}' is no action, did you mean ${meant.slice(0, MOST_NAMED).join(', ')}${more}?`);
}
