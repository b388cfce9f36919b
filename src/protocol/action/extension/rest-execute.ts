import type { Codec, InOf, OutOf } from '../../codec/codec.ts';
import { enumeration, from, list, map, optional, struct, withDefault } from '../../codec/combinators.ts';
import { MEDIA_TYPES, mediaType } from '../../codec/media-type.ts';
import { boolean, bytes, string } from '../../codec/primitives.ts';
import { REST_STATUSES } from '../../codec/rest-status.ts';
import { V_2_10_0 } from '../../wire/version.ts';
import { defineAction } from '../define-action.ts';
import { HTTP_METHODS, HTTP_VERSIONS } from './http-request.ts';

const NO_BYTES = new Uint8Array(0);

/** Before 2.10.0 the ordinal of one of four content types, from then on the media type as text. */
const contentMediaType: Codec<string> = from(V_2_10_0, mediaType, enumeration<string>('XContentType', MEDIA_TYPES));

/**
 * Node to extension: `enum` method, `str` uri (as received), `str` path (decoded), `map str str` params (of query and path), `map str (list str)`
 * headers, `opt` media type, bytes content, `str` token, `enum` HTTP version.
 *
 * @memory content is owned
 * @see extensions.md §1.5
 */
export const extensionRestRequest = struct(
  {
    method: enumeration('Method', HTTP_METHODS),
    uri: string,
    path: string,
    params: withDefault(map(string), {}),
    headers: withDefault(map(list(string)), {}),
    mediaType: optional(contentMediaType),
    content: withDefault(bytes, NO_BYTES),
    principalIdentifierToken: withDefault(string, ''),
    httpVersion: withDefault(enumeration('HttpVersion', HTTP_VERSIONS), 'HTTP_1_1'),
  },
  'ExtensionRestRequest',
);

/** {@link extensionRestRequest} as it arrives. */
export type ExtensionRestRequest = OutOf<typeof extensionRestRequest>;

/**
 * Extension to node: RestStatus as `enum` ordinal (308 has no place among them), `str` content type, byte array, `map str (list str)` headers,
 * `list str` parameters consumed (all that were received, or the node answers 400), `bool` content consumed (without effect).
 *
 * @see extensions.md §1.5
 */
export const restExecuteOnExtensionResponse = struct(
  {
    status: enumeration('RestStatus', REST_STATUSES),
    contentType: string,
    content: bytes,
    headers: withDefault(map(list(string)), {}),
    consumedParams: withDefault(list(string), []),
    contentConsumed: withDefault(boolean, false),
  },
  'RestExecuteOnExtensionResponse',
);

/** What answers an {@link extensionRestRequest}. */
export type RestExecuteOnExtensionResponse = InOf<typeof restExecuteOnExtensionResponse>;

/** A REST request to one of an extension's routes. The node gives up after 10 seconds. The misspelling is OpenSearch's. @see extensions.md §1.5 */
export const restExecuteOnExtension = defineAction({
  name: 'internal:extensions/restexecuteonextensiontaction',
  request: extensionRestRequest,
  response: restExecuteOnExtensionResponse,
  summary: 'Passes a REST request to an extension',
});
