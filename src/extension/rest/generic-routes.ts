import { UsageError } from '../../protocol/error/transport-error.ts';
import { GENERIC_PARAMS, MAX_GENERIC_DEPTH } from './generic-params.ts';
import { type PathPattern, parsePath } from './path-pattern.ts';
import { type Route, ROUTE_METHODS, type RouteMethod } from './route.ts';

/** A route as a node is told it. */
export interface GenericRoute {
  readonly method: RouteMethod;
  readonly pattern: PathPattern;
}

/**
 * Returns the routes that stand for all others: `/`, `/{path_segment_1}`, `/{path_segment_1}/{path_segment_2}` … for each method. A node that
 * has registered them passes on every request with at most {@link MAX_GENERIC_DEPTH} segments, so that routes may be added at any time.
 *
 * @see extensions.md §1.4
 */
export function genericRoutes(): readonly GenericRoute[] {
  const patterns = Array.from({ length: MAX_GENERIC_DEPTH + 1 }, (_, depth) => genericPattern(depth));
  return patterns.flatMap((pattern) => ROUTE_METHODS.map((method) => ({ method, pattern })));
}

function genericPattern(depth: number): PathPattern {
  return parsePath(
    `/${GENERIC_PARAMS.slice(0, depth)
      .map((name) => `{${name}}`)
      .join('/')}`,
  );
}

/**
 * Checks that a node with generic routes can serve a route.
 *
 * @throws ERR_USAGE for a path that is too long, and for a deprecated route whose path equals that of a generic route
 */
export function checkUnderGenericRoutes({ method, pattern, deprecation }: Route): void {
  const { path, segments } = pattern;
  const fail = (text: string) => new UsageError('ERR_USAGE', {}, `route ${method} ${path} ${text}`);
  if (segments.length > MAX_GENERIC_DEPTH) {
    throw fail(`has ${segments.length} segments; with genericRoutes a path must have at most ${MAX_GENERIC_DEPTH}`);
  }
  if (deprecation !== null && segments.every((part) => 'param' in part)) {
    throw fail('cannot be deprecated with genericRoutes: its path needs a segment that is not a parameter');
  }
}

/** Returns a pattern with the parameter names of generic routes: a node accepts one name for each position. */
export function withGenericNames({ segments }: PathPattern): PathPattern {
  return parsePath(`/${segments.map((part, at) => ('literal' in part ? part.literal : `{${GENERIC_PARAMS[at]}}`)).join('/')}`);
}
