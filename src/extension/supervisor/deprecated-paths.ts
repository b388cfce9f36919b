import type { RegisterRestActionsRequest } from '../../protocol/action/extension/extension-to-node.ts';

/** Upper bound on routes that are remembered. */
const MAX_ROUTES = 10_000;

/** A deprecated route to register. */
export interface DeprecatedRoute {
  /** `METHOD /path` */
  readonly route: string;
  readonly message: string;
}

/**
 * The paths that a node knows as deprecated routes. Beside the generic routes such a path has only the methods that were registered for it: the node answers
 * others 405 without asking. So a path is told to a node only if all of its routes are deprecated, and from then on every method that it gets.
 */
export class DeprecatedPaths {
  readonly #routes = new Set<string>();
  readonly #paths = new Set<string>();

  /** Returns what a node has to be told of the routes of a worker, and counts it as told. */
  added({ restActions, deprecatedRestActions }: RegisterRestActionsRequest): DeprecatedRoute[] {
    const named = restActions.map(routeOf);
    const usual = new Set(named.map(pathOf));
    const added: DeprecatedRoute[] = [];
    for (let at = 0; at + 1 < deprecatedRestActions.length; at += 2) {
      const [route = '', message = ''] = deprecatedRestActions.slice(at, at + 2);
      const path = pathOf(route);
      // Without a literal part the route is equal to a generic one, and the node would refuse it.
      if (!this.#paths.has(path) && (usual.has(path) || !/\/[^{/]/.test(path))) continue;
      if (this.#add(route)) added.push({ route, message });
    }
    for (const route of named) {
      if (!this.#paths.has(pathOf(route)) || !this.#add(route)) continue;
      added.push({ route, message: `${route} is served by an extension that was reloaded` });
    }
    return added;
  }

  #add(route: string): boolean {
    const [method] = route.split(' ', 1);
    const path = pathOf(route);
    const key = `${method} ${path}`;
    if (this.#routes.has(key) || this.#routes.size >= MAX_ROUTES) return false;
    this.#routes.add(key);
    this.#paths.add(path);
    return true;
  }
}

function routeOf(registered: string): string {
  return registered.split(' ', 2).join(' ');
}

/** Returns the path of a route as a node compares it: parameters by position, without slashes at the end. */
function pathOf(route: string): string {
  const [, path = ''] = route.split(' ', 2);
  return path.replaceAll(/\{[^}]*\}/g, '{}').replace(/\/+$/, '');
}
