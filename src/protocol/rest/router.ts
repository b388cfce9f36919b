import { QueryParameters } from './query-parameters.ts';
import { illegalArgument } from './refusals.ts';
import type { AnyRestAction, RestMethod, RestRequest, RestResponse } from './rest-action.ts';

/** A request as HTTP has it. */
export interface IncomingRequest {
  readonly method: RestMethod;
  /** Path and query: `/notes/_doc/1?refresh`. */
  readonly uri: string;
  /** @default none. @memory borrowed */
  readonly body?: Uint8Array | null;
  /** The `Content-Type` header. @default none */
  readonly contentType?: string | null;
}

/** A request and the action it is for, or what a node answers to a request it has no handler for. */
export type Routed =
  | { readonly rest: AnyRestAction; readonly request: RestRequest; readonly response?: undefined }
  | { readonly rest?: undefined; readonly request?: undefined; readonly response: RestResponse };

/** Where a request goes. */
export type RouteMatch =
  | { readonly kind: 'found'; readonly rest: AnyRestAction; readonly params: Readonly<Record<string, string>> }
  /** There is such a path, for other methods. */
  | { readonly kind: 'otherMethod'; readonly allowed: readonly RestMethod[] }
  | { readonly kind: 'none' };

interface Candidate {
  readonly method: RestMethod;
  readonly segments: readonly string[];
  readonly rest: AnyRestAction;
}

/** Finds the action of a method and a path. Literal parts win over parameters, from the left, as in OpenSearch's own path trie. */
export class Router {
  readonly #candidates: readonly Candidate[];

  constructor(actions: readonly AnyRestAction[]) {
    this.#candidates = actions.flatMap((rest) => rest.routes.map(({ method, path }) => ({ method, segments: segmentsOf(path), rest })));
  }

  /**
   * @param path as it was sent, without the query
   * @throws StatusError 400 for an escape that is none
   */
  match(method: RestMethod, path: string): RouteMatch {
    const segments = segmentsOf(path);
    const fitting = this.#candidates.filter((candidate) => fits(candidate.segments, segments));
    const found = fitting.filter((candidate) => candidate.method === method).sort((a, b) => byLiterals(a.segments, b.segments))[0];
    if (found !== undefined) return { kind: 'found', rest: found.rest, params: paramsOf(found.segments, segments) };
    const allowed = [...new Set(fitting.map((candidate) => candidate.method))].sort();
    return allowed.length === 0 ? { kind: 'none' } : { kind: 'otherMethod', allowed };
  }

  /**
   * Finds the action of a request and takes the request apart for it.
   *
   * @throws StatusError 400 for an escape that is none
   */
  route({ method, uri, body = null, contentType = null }: IncomingRequest): Routed {
    const mark = uri.indexOf('?');
    const path = mark === -1 ? uri : uri.slice(0, mark);
    const match = this.match(method, path);
    if (match.kind !== 'found') return { response: noRouteResponse(match, method, path.split('/').map(unescaped).join('/')) };
    const query = new QueryParameters(mark === -1 ? '' : uri.slice(mark + 1));
    return { rest: match.rest, request: { method, path, params: match.params, query, body, contentType } };
  }
}

/** What a node answers to a request it has no handler for. */
function noRouteResponse(match: Exclude<RouteMatch, { readonly kind: 'found' }>, method: string, path: string): RestResponse {
  if (match.kind === 'none') return { status: 400, body: { error: `no handler found for uri [${path}] and method [${method}]` } };
  const allowed = match.allowed.join(', ');
  const error = `Incorrect HTTP method for uri [${path}] and method [${method}], allowed: [${allowed}]`;
  return { status: 405, headers: { Allow: match.allowed.join(',') }, body: { error, status: 405 } };
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

const isParameter = (segment: string): boolean => segment.startsWith('{');

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  return pattern.length === segments.length && pattern.every((part, i) => isParameter(part) || part === segments[i]);
}

/** The pattern with a literal where the other has a parameter comes first. */
function byLiterals(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((part, i) => isParameter(part) !== isParameter(b[i] ?? ''));
  return at === -1 ? 0 : isParameter(a[at] ?? '') ? 1 : -1;
}

function paramsOf(pattern: readonly string[], segments: readonly string[]): Record<string, string> {
  const entries = pattern.flatMap((part, i) => (isParameter(part) ? [[part.slice(1, -1), unescaped(segments[i] ?? '')] as const] : []));
  return Object.fromEntries(entries);
}

function unescaped(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    throw illegalArgument(`Failed to decode path part [${segment}]`, error);
  }
}
