import { UsageError } from '../../protocol/error/transport-error.ts';
import { PathTrie } from '../../protocol/rest/path-trie.ts';
import type { Route, RouteMethod } from './route.ts';

/** What a table knows about a request. */
export type ExtensionRouteMatch =
  | { readonly kind: 'route'; readonly route: Route /** Still encoded, in the order of the pattern. */; readonly values: readonly string[] }
  /** The path exists, with these methods only. */
  | { readonly kind: 'wrong-method'; readonly allow: readonly string[] }
  | { readonly kind: 'no-path' };

/**
 * The routes of an extension, found by the rules of the node that passes requests on. Two things differ from the router of REST actions, because
 * an extension answers in its own name: what no route has is status 404, not the node's 400, and path parameters stay encoded until a handler
 * is found.
 *
 * @see extensions.md §1.4
 */
export class RouteTable {
  readonly #paths = new PathTrie<Map<RouteMethod, Route>>(true);
  readonly #routes: Route[] = [];

  /** Every route, in the order they were added. */
  get routes(): readonly Route[] {
    return this.#routes;
  }

  /**
   * Adds a route, or leaves the table as it was.
   *
   * @throws ERR_USAGE when method and path are taken (parameters compare by position), or a parameter has another name than in another route
   */
  add(route: Route): void {
    const { method, pattern } = route;
    const routes = this.#paths.at(
      pattern.segments,
      () => new Map(),
      (name, present) => conflict(route, `has {${name}} where another route has {${present}}; a node accepts one name for each position`),
    );
    const taken = routes.get(method);
    if (taken !== undefined) throw conflict(route, `is registered already, as ${taken.method} ${taken.pattern.path}`);
    routes.set(method, route);
    this.#routes.push(route);
  }

  /**
   * Finds the route of a request.
   *
   * @param segments parts of the path as it was sent, still encoded, without the prefix of the extension and without slashes at the end
   */
  match(method: string, segments: readonly string[]): ExtensionRouteMatch {
    const matches = this.#paths.matches(segments);
    for (const { value, texts } of matches) {
      const route = value.get(method as RouteMethod);
      if (route !== undefined) return { kind: 'route', route, values: texts };
    }
    const allow = [...new Set(matches.flatMap(({ value }) => [...value.keys()]))].sort();
    return allow.length > 0 ? { kind: 'wrong-method', allow } : { kind: 'no-path' };
  }
}

function conflict({ method, pattern }: Route, text: string): UsageError {
  return new UsageError('ERR_USAGE', {}, `route ${method} ${pattern.path} ${text}`);
}
