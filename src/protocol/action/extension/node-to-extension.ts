import type { Codec, InOf, OutOf } from '../../codec/codec.ts';
import { enumeration, from, list, map, optional, struct, withDefault } from '../../codec/combinators.ts';
import { discoveryNode } from '../../codec/discovery-node.ts';
import { genericValue } from '../../codec/generic-value.ts';
import { MEDIA_TYPES, mediaType } from '../../codec/media-type.ts';
import { boolean, bytes, string } from '../../codec/primitives.ts';
import { REST_STATUSES } from '../../codec/rest-status.ts';
import { V_2_10_0 } from '../../wire/version.ts';
import { defineAction } from '../define-action.ts';
import {
  acknowledgedResponse,
  discoveryExtensionNode,
  extensionActionResponse,
  extensionTransportMessage,
  remoteExtensionActionResponse,
} from './both-ways.ts';
import { SETTING_TYPES } from './setting-type.ts';
import { writeableSetting } from './writeable-setting.ts';

// Requests that a node sends to an extension, and their answers.

/**
 * `str`, or nothing at the very end of the message: nodes before 2.10 do not send it, and no stream version tells. Null is nothing.
 *
 * @see extensions.md §1.3 no. 3
 */
const serviceAccountHeader: Codec<string | null> = {
  schema: { kind: 'optional', of: string.schema },
  read: (input) => (input.remaining === 0 ? null : string.read(input)),
  write: (output, value) => {
    if (value !== null) string.write(output, value);
  },
};

/** DiscoveryNode of the node (plain form), DiscoveryExtensionNode, `str` token. */
export const initializeExtensionRequest = struct(
  {
    sourceNode: discoveryNode,
    extension: discoveryExtensionNode,
    serviceAccountHeader: withDefault(serviceAccountHeader, ''),
  },
  'InitializeExtensionRequest',
);

/** `str` name, `list str` interfaces. The node never counts an extension as initialized that answers another name than it was told. */
export const initializeExtensionResponse = struct(
  { name: string, implementedInterfaces: withDefault(list(string), []) },
  'InitializeExtensionResponse',
);

/**
 * The first request a node sends to an extension after the handshakes: it tells the extension its name and unique id.
 *
 * @see extensions.md §1.3 no. 3
 */
export const initializeExtension = defineAction({
  name: 'internal:discovery/extensions',
  request: initializeExtensionRequest,
  response: initializeExtensionResponse,
  summary: 'A node tells an extension its name and unique id',
});

const NO_BYTES = new Uint8Array(0);

/** HTTP methods a node knows, by ordinal. @see extensions.md §1.5 */
export const HTTP_METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH', 'TRACE', 'CONNECT'] as const;

/** Name of an HTTP method. */
export type HttpMethod = (typeof HTTP_METHODS)[number];

/** HTTP versions a node knows, by ordinal: 2.x the first two, 3.x the others as well. */
export const HTTP_VERSIONS = ['HTTP_1_0', 'HTTP_1_1', 'HTTP_2_0', 'HTTP_3_0'] as const;

/** Before 2.10.0 the ordinal of one of four content types, from then on the media type as text. */
const contentMediaType: Codec<string> = from(V_2_10_0, mediaType, enumeration<string>('XContentType', MEDIA_TYPES));

/**
 * `enum` method, `str` uri (as received), `str` path (decoded), `map str str` params (of query and path), `map str (list str)` headers,
 * `opt` media type, bytes content, `str` token, `enum` HTTP version.
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
 * RestStatus as `enum` ordinal (308 has no place among them), `str` content type, byte array, `map str (list str)` headers, `list str` parameters
 * consumed (all that were received, or the node answers 400), `bool` content consumed (without effect).
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

/** `enum` type, WriteableSetting, the new value as a generic value (tags 0–5 only). */
export const updateSettingsRequest = struct(
  { settingType: enumeration('SettingType', SETTING_TYPES), setting: writeableSetting, data: genericValue },
  'UpdateSettingsRequest',
);

/**
 * Tells an extension the new value of a setting it subscribed to; the node only logs the answer.
 *
 * @see extensions.md §1.6
 */
export const updateSettings = defineAction({
  name: 'internal:discovery/updatesettings',
  request: updateSettingsRequest,
  response: acknowledgedResponse,
  summary: 'Tells an extension the new value of a setting',
});

/** A call of an extension's transport action by a plug-in of the node. @see extensions.md §1.3 no. 16 */
export const handleTransportAction = defineAction({
  name: 'internal:extensions/handle-transportaction',
  request: extensionTransportMessage,
  response: extensionActionResponse,
  summary: "A plug-in's call of an extension's transport action",
});

/** A call of an extension's transport action by another extension, passed on by the node. @see extensions.md §1.3 no. 15 */
export const handleRemoteTransportAction = defineAction({
  name: 'internal:extensions/handle-remote-transportaction',
  request: extensionTransportMessage,
  response: remoteExtensionActionResponse,
  summary: "Another extension's call of an extension's transport action",
});
