import { UsageError } from '../protocol/error/transport-error.ts';
import type { Route } from './route.ts';

/** A place in the tree of paths. */
interface Place {
  readonly literals: Map<string, Place>;
  wildcard: { readonly name: string; readonly place: Place } | null;
  readonly routes: Map<string, Route>;
}

const newPlace = (): Place => ({ literals: new Map(), wildcard: null, routes: new Map() });

/** What a table knows about a request. */
export type RouteMatch =
  | { readonly kind: 'route'; readonly route: Route /** Still encoded, in the order of the pattern. */; readonly values: readonly string[] }
  /** The path exists, with these methods only. */
  | { readonly kind: 'wrong-method'; readonly allow: readonly string[] }
  | { readonly kind: 'no-path' };

/**
 * The routes of an extension, found as a node finds them: literals before parameters, piece by piece, going back where a literal leads nowhere.
 *
 * @see extensions.md §1.4
 */
export class RouteTable {
  readonly #root: Place = newPlace();
  readonly #routes: Route[] = [];

  /** Every route, in the order they were added. */
  get routes(): readonly Route[] {
    return this.#routes;
  }

  /**
   * @throws ERR_USAGE when method and path are taken (parameters compare by position), or a parameter stands where another route has one of
   * another name; the table is then as it was
   */
  add(route: Route): void {
    const place = this.#placeFor(route);
    const taken = place.routes.get(route.method);
    if (taken !== undefined) throw conflict(route, `is registered already, as ${taken.method} ${taken.pattern.path}`);
    place.routes.set(route.method, route);
    this.#routes.push(route);
  }

  #placeFor(route: Route): Place {
    let place = this.#root;
    for (const segment of route.pattern.segments) {
      if ('literal' in segment) {
        const next = place.literals.get(segment.literal) ?? newPlace();
        place.literals.set(segment.literal, next);
        place = next;
      } else {
        place.wildcard ??= { name: segment.param, place: newPlace() };
        if (place.wildcard.name !== segment.param) {
          throw conflict(
            route,
            `has {${segment.param}} where another route has {${place.wildcard.name}}; a node wants one name for a place`,
          );
        }
        place = place.wildcard.place;
      }
    }
    return place;
  }

  /**
   * Finds the route of a request.
   *
   * @param segments pieces of the path as it was sent, still encoded, without the prefix of the extension and without slashes at the end
   */
  match(method: string, segments: readonly string[]): RouteMatch {
    const allow = new Set<string>();
    const found = find(this.#root, { method, segments, allow }, []);
    if (found !== null) return { kind: 'route', ...found };
    return allow.size > 0 ? { kind: 'wrong-method', allow: [...allow].sort() } : { kind: 'no-path' };
  }
}

interface Wanted {
  readonly method: string;
  readonly segments: readonly string[];
  /** Collects the methods of every place the path leads to. */
  readonly allow: Set<string>;
}

interface Found {
  readonly route: Route;
  readonly values: readonly string[];
}

function find(place: Place, wanted: Wanted, values: readonly string[], depth: number = 0): Found | null {
  const segment = wanted.segments[depth];
  if (segment === undefined) {
    for (const method of place.routes.keys()) wanted.allow.add(method);
    const route = place.routes.get(wanted.method);
    return route === undefined ? null : { route, values };
  }
  const literal = place.literals.get(segment);
  const found = literal === undefined ? null : find(literal, wanted, values, depth + 1);
  if (found !== null || place.wildcard === null) return found;
  return find(place.wildcard.place, wanted, [...values, segment], depth + 1);
}

function conflict({ method, pattern }: Route, text: string): UsageError {
  return new UsageError('ERR_USAGE', {}, `route ${method} ${pattern.path} ${text}`);
}
