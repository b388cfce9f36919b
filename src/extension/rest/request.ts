import type { ExtensionRestRequest, HttpMethod } from '../../protocol/action/extension/node-to-extension.ts';
import { setKey } from '../../protocol/codec/combinators.ts';
import { isGenericParam } from './generic-params.ts';
import { QueryParams } from './query-params.ts';
import { RequestBody } from './request-body.ts';
import { decodeSegment } from './request-path.ts';
import type { RestClient } from './rest-client.ts';
import type { PathPattern } from './path-pattern.ts';

/** A REST request to a route. */
export interface ExtensionRequest<Params = Readonly<Record<string, string>>> {
  readonly method: HttpMethod;
  /** The URI as received, not decoded, with prefix and query. */
  readonly uri: string;
  /** The path without prefix and query, decoded. */
  readonly path: string;
  /** The parameters of the route's path, each decoded by itself. */
  readonly params: Params;
  /** The parameters of the query, decoded. */
  readonly query: QueryParams;
  /** Request headers. Nodes pass on `Content-Type` only, in exactly this case. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** Media type of the body without parameters, null for none. */
  readonly contentType: string | null;
  readonly body: RequestBody;
  /** The caller's on-behalf-of token, an `Authorization` header for calls to the node's REST layer; `noopToken` without a security plug-in. */
  readonly callerToken: string;
  /** Returns a client of the node's REST API that sends {@link callerToken}: it may do what the client of this request may do. */
  readonly asCaller: () => RestClient;
  /** The client's `X-Opaque-Id`, null for none. */
  readonly opaqueId: string | null;
  /** Fires when the time of the handler is over, or the connection of the node has ended. */
  readonly signal: AbortSignal;
}

/** Further data of a request, besides the message. */
export interface RequestSurroundings {
  readonly opaqueId: string | null;
  /** Makes a REST client that sends the caller's token. */
  readonly asCaller: () => RestClient;
  /** Returns the signal; called when a handler asks for it. */
  readonly signal: () => AbortSignal;
}

/** The route of a request, and the encoded texts of its path parameters in the order of the pattern. */
interface MatchedRoute {
  readonly route: { readonly pattern: PathPattern };
  readonly values: readonly string[];
}

/**
 * Returns a request as handlers see it.
 *
 * @throws StatusError 400 when the path is not percent-encoded UTF-8
 * @memory the body's bytes are those of the message: owned
 */
export function createRequest(
  message: ExtensionRestRequest,
  { route, values }: MatchedRoute,
  { opaqueId, asCaller, signal }: RequestSurroundings,
): ExtensionRequest {
  const contentType = withoutParameters(message.mediaType);
  return {
    method: message.method,
    uri: message.uri,
    path: message.path,
    params: record(route.pattern.params.map((name, at) => [name, decodeSegment(values[at] ?? '')])),
    query: new QueryParams(message.params, (name) => route.pattern.params.includes(name) || isGenericParam(name)),
    headers: message.headers,
    contentType,
    body: new RequestBody(message.content, contentType),
    callerToken: message.principalIdentifierToken,
    asCaller,
    opaqueId,
    get signal() {
      return signal();
    },
  };
}

function withoutParameters(mediaType: string | null): string | null {
  return mediaType === null ? null : (mediaType.split(';', 1)[0] ?? '').trim().toLowerCase();
}

/** Without a prototype: `query.constructor` is undefined unless it was asked for. */
function record(entries: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  const out = Object.create(null) as Record<string, string>;
  for (const [name, value] of entries) setKey(out, name, value);
  return Object.freeze(out);
}
