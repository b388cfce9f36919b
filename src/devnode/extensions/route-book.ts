import { HTTP_METHODS, type HttpMethod } from '../../protocol/action/extension/node-to-extension.ts';
import { V_3_0_0, type VersionId } from '../../protocol/wire/version.ts';
import { NameBudget } from './name-budget.ts';
import { illegalArgument, openSearchException } from './node-errors.ts';

/** A route of an extension as a registration names it. */
export interface NamedRoute {
  readonly method: HttpMethod;
  /** With the prefix of the extension. */
  readonly path: string;
  readonly name: string;
  /** Names of actions that it stands for. */
  readonly actionNames: readonly string[];
}

/** A deprecated route. It has no name. */
export interface DeprecatedRoute {
  readonly method: HttpMethod;
  /** With the prefix of the extension. */
  readonly path: string;
  readonly message: string;
}

/** Prefixes of action names, in the order in which a node names them. @see extensions.md §1.4 */
const PREFIXES = [
  'cluster:admin',
  'indices:data/read',
  'indices:monitor',
  'indices:data/write',
  'internal:',
  'indices:internal',
  'cluster:monitor',
  'cluster:internal',
  'indices:admin',
];

const MAX_NAME_LENGTH = 250;
const NAME = /^[a-zA-Z0-9:/*_]*$/;
const BAD_NAME =
  "Invalid route name specified. The route name may include the following characters 'a-z', 'A-Z', '0-9', ':', '/', '*', '_' and be less than 250 characters";

/**
 * The routes and names that the extensions of a node have taken. What is taken stays so for the life of the node, also when the registration that took it
 * fails at a later entry.
 *
 * @see extensions.md §1.4
 */
export class RouteBook {
  readonly #prefixes: readonly string[];
  readonly #isOwnAction: (name: string) => boolean;
  readonly #budget = new NameBudget('routes');
  /** Names of routes, and of the actions they stand for. */
  readonly #names = new Set<string>();
  /** Method and path, parameters by position. */
  readonly #routes = new Set<string>();

  /** @param isOwnAction whether the node itself has an action of this name */
  constructor(version: VersionId, isOwnAction: (name: string) => boolean) {
    this.#prefixes = version >= V_3_0_0 ? [...PREFIXES, 'views:'] : PREFIXES;
    this.#isOwnAction = isOwnAction;
  }

  /** Takes the routes of one registration. @throws RemoteError in the words of a node; the routes before the bad one stay taken */
  take(prefix: string, entries: readonly string[]): readonly NamedRoute[] {
    return entries.map((entry) => {
      const route = this.#read(prefix, entry);
      this.#register(route);
      return route;
    });
  }

  /** Returns the deprecated routes of a registration: pairs of `METHOD /path` and a message. An odd last entry is left out. @throws RemoteError */
  readDeprecated(prefix: string, entries: readonly string[]): readonly DeprecatedRoute[] {
    const routes = deprecatedRoutes(prefix, entries);
    for (const route of routes) this.#budget.charge([routeKey(route), route.message]);
    return routes;
  }

  #read(prefix: string, entry: string): NamedRoute {
    const [method, path, name, actions = ''] = javaParts(entry);
    if (method === undefined || path === undefined || name === undefined)
      throw illegalArgument('REST action must contain at least a REST method, a route and a unique name');
    const names = actions.split(',').flatMap((each) => (each.trim() === '' ? [] : [each.trim()]));
    const known = methodOf(method.trim(), entry);
    for (const each of names) this.#checkActionName(each);
    if (name.trim() === '' || name.trim().length > MAX_NAME_LENGTH || !NAME.test(name.trim())) throw openSearchException(BAD_NAME);
    return { method: known, path: `${prefix}${path.trim()}`, name: name.trim(), actionNames: [...new Set(names)] };
  }

  #checkActionName(name: string): void {
    if (this.#prefixes.some((prefix) => name.startsWith(prefix))) return;
    throw openSearchException(`Invalid action name [${name}]. It must start with one of: [${this.#prefixes.join(', ')}]`);
  }

  #register(route: NamedRoute): void {
    const shown = `route [${textOf(route)}] already registered`;
    if (this.#isKnown(route.name)) throw illegalArgument(shown);
    const taken = route.actionNames.filter((name) => this.#isKnown(name)).sort();
    if (taken.length > 0) throw illegalArgument(`action${taken.length > 1 ? 's' : ''} [${taken.join(', ')}] already registered`);
    const key = routeKey(route);
    if (this.#routes.has(key)) throw illegalArgument(shown);
    this.#budget.charge([key, route.name, ...route.actionNames]);
    this.#routes.add(key);
    for (const name of [route.name, ...route.actionNames]) this.#names.add(name);
  }

  #isKnown(name: string): boolean {
    return this.#names.has(name) || this.#isOwnAction(name);
  }
}

function deprecatedRoutes(prefix: string, entries: readonly string[]): readonly DeprecatedRoute[] {
  const routes: DeprecatedRoute[] = [];
  for (let at = 0; at + 1 < entries.length; at += 2) {
    const [entry, message] = [entries[at] as string, entries[at + 1] as string];
    const space = entry.indexOf(' ');
    const method = methodOf(entry.slice(0, Math.max(0, space)), entry);
    routes.push({ method, path: `${prefix}${entry.slice(space).trim()}`, message });
  }
  return routes;
}

function methodOf(text: string, entry: string): HttpMethod {
  const method = HTTP_METHODS.find((each) => each === text);
  if (method === undefined) throw illegalArgument(`${entry} does not begin with a valid REST method`);
  return method;
}

/** Splits at single spaces as Java does: empty parts at the end do not count. */
function javaParts(entry: string): readonly string[] {
  const parts = entry.split(' ');
  while (parts.length > 1 && parts.at(-1) === '') parts.pop();
  return parts;
}

function textOf({ method, path, name, actionNames }: NamedRoute): string {
  return `NamedRoute [method=${method}, path=${path}, name=${name}, actionNames=[${actionNames.join(', ')}]]`;
}

function routeKey({ method, path }: Pick<NamedRoute, 'method' | 'path'>): string {
  return `${method} ${path.replace(/\{[^/{}]*\}/g, '{}')}`;
}
