import { catalogue, findAction } from '../protocol/action/catalogue.ts';
import type { AnyAction } from '../protocol/action/define-action.ts';
import { echo } from './demo/echo.ts';

/** Every action the command line knows: the catalogue, and that of the example server. */
export const knownActions: readonly AnyAction[] = [...catalogue, echo];

/** Actions by their names on the wire. */
export const actionsByName: ReadonlyMap<string, AnyAction> = new Map(knownActions.map((action) => [action.name, action]));

/** The action of a name, on the wire or in code. @throws ERR_USAGE naming the nearest */
export function knownAction(name: string): AnyAction {
  return actionsByName.get(name) ?? findAction(name);
}
