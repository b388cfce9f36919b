import type { Codec } from '../../codec/codec.ts';
import { enumeration, from, list, map, optional, struct, withDefault } from '../../codec/combinators.ts';
import { type DiscoveryNode, type DiscoveryNodeInit, discoveryNode } from '../../codec/discovery-node.ts';
import type { GenericValue } from '../../codec/generic-kinds.ts';
import { genericValue } from '../../codec/generic-value.ts';
import { MEDIA_TYPES, mediaType } from '../../codec/media-type.ts';
import { boolean, bytes, string } from '../../codec/primitives.ts';
import { REST_STATUSES, type RestStatus } from '../../codec/rest-status.ts';
import { type InitOf, typed } from '../../codec/typed.ts';
import { V_2_10_0 } from '../../wire/version.ts';
import { defineAction } from '../define-action.ts';
import {
  acknowledgedResponse,
  type DiscoveryExtensionNode,
  type DiscoveryExtensionNodeInit,
  discoveryExtensionNode,
  extensionActionResponse,
  extensionTransportMessage,
  remoteExtensionActionResponse,
} from './both-ways.ts';
import type { AnySettingInit, WriteableSetting } from './setting.ts';
import { SETTING_TYPES, type SettingType } from './setting-type.ts';
import { writeableSetting } from './writeable-setting.ts';

// Requests that a node sends to an extension, and their answers.

/** Tells an extension its name and unique id. */
export interface InitializeExtensionRequest {
  /** The node that sends the request. */
  readonly sourceNode: DiscoveryNode;
  /** The extension as the node was told to install it. */
  readonly extension: DiscoveryExtensionNode;
  /** The token of the extension's service account; without the security plug-in a placeholder. Null: the node sent none. Default: the empty string. Since 2.10. */
  readonly serviceAccountHeader: string | null;
}

/** An {@link InitializeExtensionRequest} to send. */
export interface InitializeExtensionRequestInit
  extends InitOf<
    InitializeExtensionRequest,
    'sourceNode' | 'extension',
    { readonly sourceNode: DiscoveryNodeInit; readonly extension: DiscoveryExtensionNodeInit }
  > {}

/** The answer of an extension to its initialization. */
export interface InitializeExtensionResponse {
  /** The name that the request gave the extension. With another one the node never counts it as initialized. */
  readonly name: string;
  /** Names of interfaces; nodes do not use them. */
  readonly implementedInterfaces: string[];
}

/** An {@link InitializeExtensionResponse} to send. */
export interface InitializeExtensionResponseInit extends InitOf<InitializeExtensionResponse, 'name'> {}

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
export const initializeExtensionRequest = typed<InitializeExtensionRequest, InitializeExtensionRequestInit>()(
  struct(
    {
      sourceNode: discoveryNode,
      extension: discoveryExtensionNode,
      serviceAccountHeader: withDefault(serviceAccountHeader, ''),
    },
    'InitializeExtensionRequest',
  ),
);

/** `str` name, `list str` interfaces. */
export const initializeExtensionResponse = typed<InitializeExtensionResponse, InitializeExtensionResponseInit>()(
  struct({ name: string, implementedInterfaces: withDefault(list(string), []) }, 'InitializeExtensionResponse'),
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
export const HTTP_METHODS = [
  'GET',
  'POST',
  'PUT',
  'DELETE',
  'OPTIONS',
  'HEAD',
  'PATCH',
  'TRACE',
  'CONNECT',
] as const satisfies readonly HttpMethod[];

/** Name of an HTTP method. */
export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS' | 'HEAD' | 'PATCH' | 'TRACE' | 'CONNECT';

/** HTTP versions a node knows, by ordinal: 2.x the first two, 3.x the others as well. */
const HTTP_VERSIONS = ['HTTP_1_0', 'HTTP_1_1', 'HTTP_2_0', 'HTTP_3_0'] as const satisfies readonly HttpVersion[];

/** Version of HTTP. */
export type HttpVersion = 'HTTP_1_0' | 'HTTP_1_1' | 'HTTP_2_0' | 'HTTP_3_0';

/** A REST request to one of an extension's routes. */
export interface ExtensionRestRequest {
  readonly method: HttpMethod;
  /** Path and query as the node received them. */
  readonly uri: string;
  /** The path, decoded, with the prefix of the extension. */
  readonly path: string;
  /** Parameters of the query and of the path. */
  readonly params: Record<string, string>;
  readonly headers: Record<string, string[]>;
  /** Media type of the content; null without content. */
  readonly mediaType: string | null;
  /** @memory received bytes are owned */
  readonly content: Buffer;
  /** Says who asks, so that an extension can ask back in their name; without the security plug-in a placeholder. */
  readonly principalIdentifierToken: string;
  /** Default: `HTTP_1_1`. */
  readonly httpVersion: HttpVersion;
}

/** An {@link ExtensionRestRequest} to send. */
export interface ExtensionRestRequestInit
  extends InitOf<
    ExtensionRestRequest,
    'method' | 'uri' | 'path',
    {
      readonly headers: Readonly<Record<string, readonly string[]>>;
      readonly content: Uint8Array;
      readonly params: Readonly<Record<string, string>>;
    }
  > {}

/** The answer to an {@link ExtensionRestRequest}. */
export interface RestExecuteOnExtensionResponse {
  readonly status: RestStatus;
  readonly contentType: string;
  /** @memory received bytes are owned */
  readonly content: Buffer;
  readonly headers: Record<string, string[]>;
  /** Names of the parameters that the extension knows. The node answers 400 if it received others. */
  readonly consumedParams: string[];
  /** Without effect. */
  readonly contentConsumed: boolean;
}

/** A {@link RestExecuteOnExtensionResponse} to send. */
export interface RestExecuteOnExtensionResponseInit
  extends InitOf<
    RestExecuteOnExtensionResponse,
    'status' | 'contentType' | 'content',
    { readonly content: Uint8Array; readonly headers: Readonly<Record<string, readonly string[]>> }
  > {}

/** Before 2.10.0 the ordinal of one of four content types, from then on the media type as text. */
const contentMediaType: Codec<string> = from(V_2_10_0, mediaType, enumeration<string>('XContentType', MEDIA_TYPES));

/**
 * `enum` method, `str` uri (as received), `str` path (decoded), `map str str` params (of query and path), `map str (list str)` headers,
 * `opt` media type, bytes content, `str` token, `enum` HTTP version.
 *
 * @see extensions.md §1.5
 */
export const extensionRestRequest = typed<ExtensionRestRequest, ExtensionRestRequestInit>()(
  struct(
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
  ),
);

/**
 * RestStatus as `enum` ordinal (308 has no place among them), `str` content type, byte array, `map str (list str)` headers, `list str` parameters
 * consumed (all that were received, or the node answers 400), `bool` content consumed (without effect).
 *
 * @see extensions.md §1.5
 */
export const restExecuteOnExtensionResponse = typed<RestExecuteOnExtensionResponse, RestExecuteOnExtensionResponseInit>()(
  struct(
    {
      status: enumeration('RestStatus', REST_STATUSES),
      contentType: string,
      content: bytes,
      headers: withDefault(map(list(string)), {}),
      consumedParams: withDefault(list(string), []),
      contentConsumed: withDefault(boolean, false),
    },
    'RestExecuteOnExtensionResponse',
  ),
);

/** A REST request to one of an extension's routes. The node gives up after 10 seconds. The misspelling is OpenSearch's. @see extensions.md §1.5 */
export const restExecuteOnExtension = defineAction({
  name: 'internal:extensions/restexecuteonextensiontaction',
  request: extensionRestRequest,
  response: restExecuteOnExtensionResponse,
  summary: 'Passes a REST request to an extension',
});

/** Tells an extension the new value of a setting. */
export interface UpdateSettingsRequest {
  /** Type of the setting. */
  readonly settingType: SettingType;
  readonly setting: WriteableSetting;
  /** The new value. */
  readonly data: GenericValue;
}

/** An {@link UpdateSettingsRequest} to send. */
export interface UpdateSettingsRequestInit
  extends InitOf<UpdateSettingsRequest, 'settingType' | 'setting' | 'data', { readonly setting: AnySettingInit }> {}

/** `enum` type, WriteableSetting, the new value as a generic value (tags 0–5 only). */
export const updateSettingsRequest = typed<UpdateSettingsRequest, UpdateSettingsRequestInit>()(
  struct(
    { settingType: enumeration('SettingType', SETTING_TYPES), setting: writeableSetting, data: genericValue },
    'UpdateSettingsRequest',
  ),
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
