import { UsageError } from '../error/transport-error.ts';
import { type PathPart, PathTrie, partsOf } from './path-trie.ts';
import { illegalArgument } from './refusals.ts';
import type { RestAction, RestMethod, RestRequest, RestResponse } from './rest-action.ts';

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

/** A request with the action it asks for, or what a node answers to a request without a route. */
export type Routed =
  | { readonly rest: RestAction; readonly request: RestRequest; readonly response?: undefined }
  | { readonly rest?: undefined; readonly request?: undefined; readonly response: RestResponse };

/** What a router knows about a method and a path. */
export type RestRouteMatch =
  | { readonly kind: 'found'; readonly rest: RestAction; readonly params: Readonly<Record<string, string>> }
  /** The path exists, for these methods only. */
  | { readonly kind: 'otherMethod'; readonly allowed: readonly RestMethod[] }
  | { readonly kind: 'none' };

interface Target {
  readonly rest: RestAction;
  /** Names of the path parameters, in order. */
  readonly names: readonly string[];
}

/** Finds the action of a method and a path as a node does. Build one router and keep it. */
export class Router {
  readonly #paths = new PathTrie<Map<RestMethod, Target>>();

  /** @throws ERR_USAGE when two actions have one route, or two names for the parameter in one place */
  constructor(actions: readonly RestAction[]) {
    for (const rest of actions) for (const { method, path } of rest.routes) this.#add(method, path, rest);
  }

  #add(method: RestMethod, path: string, rest: RestAction): void {
    const parts = partsOf(path).map(partOf);
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
      const target = value.get(method);
      if (target !== undefined)
        return {
          kind: 'found',
          rest: target.rest,
          params: Object.fromEntries(target.names.map((name, i) => [name, unescaped(texts[i] ?? '')])),
        };
    }
    const allowed = [...new Set(matches.flatMap(({ value }) => [...value.keys()]))].sort();
    return allowed.length === 0 ? { kind: 'none' } : { kind: 'otherMethod', allowed };
  }

  /**
   * Finds the action of a request and takes the request apart for it.
   *
   * @throws StatusError 400 for a percent sign that encodes no UTF-8
   */
  route({ method, uri, body = null, contentType = null }: IncomingRequest): Routed {
    const mark = uri.indexOf('?');
    const path = mark === -1 ? uri : uri.slice(0, mark);
    const match = this.match(method, path);
    if (match.kind !== 'found') {
      const response =
        method === 'OPTIONS' ? optionsResponse(match) : noRouteResponse(match, method, path.split('/').map(unescaped).join('/'));
      return { response };
    }
    const query = new Map(new URLSearchParams(mark === -1 ? '' : uri.slice(mark + 1)));
    return { rest: match.rest, request: { method, path, params: match.params, query, body, contentType } };
  }
}

type NoRoute = Exclude<RestRouteMatch, { readonly kind: 'found' }>;

/** A node answers OPTIONS itself, for paths it does not know too. */
function optionsResponse(match: NoRoute): RestResponse {
  return { status: 200, headers: match.kind === 'none' ? {} : { Allow: match.allowed.join(',') }, body: null };
}

/** What a node answers to a request it has no handler for. */
function noRouteResponse(match: NoRoute, method: string, path: string): RestResponse {
  if (match.kind === 'none') return { status: 400, body: { error: `no handler found for uri [${path}] and method [${method}]` } };
  const allowed = match.allowed.join(', ');
  const error = `Incorrect HTTP method for uri [${path}] and method [${method}], allowed: [${allowed}]`;
  return { status: 405, headers: { Allow: match.allowed.join(',') }, body: { error, status: 405 } };
}

function partOf(text: string): PathPart {
  return text.startsWith('{') ? { param: text.slice(1, -1) } : { literal: text };
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    throw illegalArgument(`Failed to decode path part [${text}]`, error);
  }
}
