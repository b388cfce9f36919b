import { UsageError } from '../error/transport-error.ts';
import { type PathPart, PathTrie, partsOf } from './path-trie.ts';
import { illegalArgument } from './refusals.ts';
import type { RestAction } from './rest-action.ts';
import type { RestMethod, RestRequest, RestResponse } from './rest-message.ts';

/** A request as HTTP has it: `uri` is path and query, `/notes/_doc/1?refresh`. */
export interface IncomingRequest extends Partial<Pick<RestRequest, 'body' | 'contentType'>> {
  readonly method: RestMethod;
  readonly uri: string;
}

/** A request with the action it asks for, or what a node answers to a request without a route. */
export type Routed =
  | { readonly rest: RestAction; readonly request: RestRequest; readonly response?: undefined }
  | { readonly rest?: undefined; readonly request?: undefined; readonly response: RestResponse };

/** What a router knows about a method and a path. */
export type RestRouteMatch =
  | { readonly kind: 'found'; readonly rest: RestAction; readonly params: Readonly<Record<string, string>> }
  /** The methods that the path has; none for an unknown path. */
  | { readonly kind: 'none'; readonly allowed: readonly RestMethod[] };

/** Finds the action of a method and a path as a node does. Build one router and keep it. */
export class Router {
  /** By path and method: an action and the names of its path parameters, in order. */
  readonly #paths = new PathTrie<Map<RestMethod, { readonly rest: RestAction; readonly names: readonly string[] }>>();

  /** @throws ERR_USAGE when two actions have one route, or two names for the parameter in one place */
  constructor(actions: readonly RestAction[]) {
    for (const rest of actions) for (const { method, path } of rest.routes) this.#add(method, path, rest);
  }

  #add(method: RestMethod, path: string, rest: RestAction): void {
    const parts = partsOf(path).map((text): PathPart => (text.startsWith('{') ? { param: text.slice(1, -1) } : { literal: text }));
    const fail = (why: string) => new UsageError('ERR_USAGE', {}, `route ${method} ${path} of ${rest.action.name} ${why}`);
    const targets = this.#paths.at(
      parts,
      () => new Map(),
      (name, present) => fail(`names a parameter {${name}} that another route names {${present}}`),
    );
    const taken = targets.get(method);
    if (taken !== undefined) throw fail(`belongs to ${taken.rest.action.name} already`);
    targets.set(method, { rest, names: parts.flatMap((part) => ('param' in part ? [part.param] : [])) });
  }

  /**
   * @param path as it was sent, without the query
   * @throws StatusError 400 for a percent sign that encodes no UTF-8
   */
  match(method: RestMethod, path: string): RestRouteMatch {
    const matches = this.#paths.matches(partsOf(path));
    for (const { value, texts } of matches) {
      const { rest, names = [] } = value.get(method) ?? {};
      if (rest !== undefined)
        return { kind: 'found', rest, params: Object.fromEntries(names.map((name, i) => [name, unescaped(texts[i] ?? '')])) };
    }
    return { kind: 'none', allowed: [...new Set(matches.flatMap(({ value }) => [...value.keys()]))].sort() };
  }

  /**
   * Finds the action of a request and takes the request apart for it.
   *
   * @throws StatusError 400 for a percent sign that encodes no UTF-8
   */
  route({ method, uri, body = null, contentType = null }: IncomingRequest): Routed {
    const path = uri.replace(/\?.*/s, '');
    const match = this.match(method, path);
    if (match.kind === 'none') return { response: noRouteResponse(match.allowed, method, uri) };
    const query = new Map(new URLSearchParams(uri.slice(path.length)));
    return { rest: match.rest, request: { method, path, params: match.params, query, body, contentType } };
  }
}

/** Longest address that is taken apart for an error: a node takes 4 KiB. */
const MAX_URI = 8 * 1024;

/**
 * Returns what a node answers without a handler. It answers OPTIONS for unknown paths, too.
 *
 * @param allowed the methods that the path has; none for an unknown path
 * @param uri as it was sent
 * @throws StatusError 400 for a percent sign that encodes no UTF-8
 */
export function noRouteResponse(allowed: readonly string[], method: string, uri: string): RestResponse {
  const headers: Record<string, string> = allowed.length === 0 ? {} : { Allow: allowed.join(',') };
  if (method === 'OPTIONS') return { status: 200, headers, body: null };
  if (allowed.length === 0) {
    const isLong = uri.length > MAX_URI;
    const path = isLong ? `${uri.slice(0, MAX_URI)}…` : uri.replace(/\?.*/s, '').split('/').map(unescaped).join('/');
    return { status: 400, body: { error: `no handler found for uri [${path}] and method [${method}]` } };
  }
  const error = `Incorrect HTTP method for uri [${uri.slice(0, MAX_URI)}] and method [${method}], allowed: [${allowed.join(', ')}]`;
  return { status: 405, headers, body: { error, status: 405 } };
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    throw illegalArgument(`Failed to decode path part [${text}]`, error);
  }
}
