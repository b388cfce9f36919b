import { catalogue, findAction, shortNameOf } from '../protocol/action/catalogue.ts';
import type { AnyAction } from '../protocol/action/define-action.ts';
import { UsageError } from '../protocol/error/transport-error.ts';
import { echo } from './demo/echo.ts';

/** Every action of the command line: the catalogue, and `demo:echo` of the example server. */
export const knownActions: readonly AnyAction[] = [...catalogue, echo];

/** Actions by their names on the wire. */
export const actionsByName: ReadonlyMap<string, AnyAction> = new Map(knownActions.map((action) => [action.name, action]));

/** Actions by their names in code, or on the wire where they have none in code. */
const byShortName: ReadonlyMap<string, AnyAction> = new Map(knownActions.map((action) => [shortNameOf(action) ?? action.name, action]));

/** Most actions that an error names. */
const MAX_NAMED = 5;

/** Returns the action of a name, on the wire or in code. @throws ERR_USAGE naming those that contain it, or the closest */
export function knownAction(name: string): AnyAction {
  const action = actionsByName.get(name) ?? byShortName.get(name);
  if (action !== undefined) return action;
  const meant = name === '' ? [] : [...byShortName.keys()].filter((each) => each.toLowerCase().includes(name.toLowerCase()));
  if (meant.length === 0) return findAction(name);
  const more = meant.length > MAX_NAMED ? ', …' : '';
  throw new UsageError('ERR_USAGE', {}, `unknown action '${name}', did you mean ${meant.slice(0, MAX_NAMED).join(', ')}${more}?`);
}
