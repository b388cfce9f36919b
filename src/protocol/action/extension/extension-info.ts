import {
  type ExtensionRequest,
  ExtensionRequestSchema,
  RequestType,
  RequestTypeSchema,
} from '../../../gen/org/opensearch/extensions/proto/ExtensionRequestProto_pb.ts';
import type { Codec } from '../../codec/codec.ts';
import { enumeration, list, optional, struct, withDefault } from '../../codec/combinators.ts';
import { rest, string } from '../../codec/primitives.ts';
import { protobufAs } from '../../codec/protobuf.ts';
import { type Settings, type SettingValue, settings } from '../../codec/settings.ts';
import { type InitOf, typed } from '../../codec/typed.ts';
import { DecodeError } from '../../error/transport-error.ts';
import { defineAction } from '../define-action.ts';
import {
  type DiscoveryExtensionNode,
  type DiscoveryExtensionNodeInit,
  discoveryExtensionNode,
  identityOf,
  type UniqueId,
  uniqueIdOf,
} from './both-ways.ts';

// What an extension asks its node: four actions whose requests are all OpenSearch's ExtensionRequest.

/** What an extension asks its node. A node answers cluster state, both kinds of settings and dependency information. */
export type ExtensionInfoType =
  | 'REQUEST_EXTENSION_CLUSTER_STATE'
  | 'REQUEST_EXTENSION_CLUSTER_SETTINGS'
  | 'REQUEST_EXTENSION_REGISTER_REST_ACTIONS'
  | 'REQUEST_EXTENSION_REGISTER_SETTINGS'
  | 'REQUEST_EXTENSION_ENVIRONMENT_SETTINGS'
  | 'REQUEST_EXTENSION_DEPENDENCY_INFORMATION'
  | 'CREATE_COMPONENT'
  | 'ON_INDEX_MODULE'
  | 'GET_SETTINGS';

/** A question of an extension to its node: OpenSearch's `ExtensionRequest`. */
export interface ExtensionInfoRequest {
  /** Unique id of the extension; null for none. */
  readonly uniqueId: UniqueId;
  /** Default: the type that belongs to the action. */
  readonly requestType: ExtensionInfoType;
}

/** An {@link ExtensionInfoRequest} to send. */
export interface ExtensionInfoRequestInit extends InitOf<ExtensionInfoRequest> {}

const INFO_TYPES = Object.keys(RequestType satisfies Record<ExtensionInfoType, number>) as ExtensionInfoType[];

/**
 * Byte array, protobuf ExtensionRequest. Protobuf leaves out zero and what is unset, so asking for the cluster state without an identity is an
 * empty byte array.
 *
 * @param usualType what is asked for unless the value says otherwise
 * @see wire-format.md §11.12
 */
export function extensionInfoRequest(usualType: ExtensionInfoType): Codec<ExtensionInfoRequest, ExtensionInfoRequestInit> {
  return protobufAs(
    ExtensionRequestSchema,
    typed<ExtensionInfoRequest, ExtensionInfoRequestInit>()(
      struct({ uniqueId: optional(string), requestType: withDefault(enumeration('RequestType', INFO_TYPES), usualType) }),
    ),
    (message) => ({ uniqueId: uniqueIdOf(message), requestType: nameOf(message) }),
    ({ uniqueId, requestType = usualType }) => ({ ...identityOf(uniqueId), requestType: RequestType[requestType] }),
  );
}

function nameOf({ requestType }: ExtensionRequest): ExtensionInfoType {
  const name = RequestTypeSchema.value[requestType]?.name;
  if (name === undefined) throw new DecodeError('ERR_DECODE', { path: ['requestType'] }, `Unknown RequestType [${requestType}]`);
  return name as ExtensionInfoType;
}

/** The state of the cluster. */
export interface ClusterStateResponse {
  readonly clusterName: string;
  /**
   * The state as bytes: its layout follows the node's release.
   *
   * @memory received bytes are owned
   */
  readonly state: Buffer;
}

/** A {@link ClusterStateResponse} to send. */
export interface ClusterStateResponseInit extends InitOf<ClusterStateResponse, 'clusterName' | 'state', { readonly state: Uint8Array }> {}

/** `str` cluster name, then `opt` ClusterState and `bool` waited, which stay bytes. */
export const clusterStateResponse = typed<ClusterStateResponse, ClusterStateResponseInit>()(
  struct({ clusterName: string, state: rest }, 'ClusterStateResponse'),
);

/** Settings by flat key. */
export interface ExtensionSettingsResponse extends Record<string, SettingValue> {}

const settingsResponse: Codec<ExtensionSettingsResponse, Settings> = settings;

/** Asks for the cluster state. REST's `_cluster/state` is easier to read. @see extensions.md §1.3 no. 9 */
export const extensionClusterState = defineAction({
  name: 'internal:discovery/clusterstate',
  request: extensionInfoRequest('REQUEST_EXTENSION_CLUSTER_STATE'),
  response: clusterStateResponse,
  summary: 'Gives an extension the cluster state',
  idempotent: true,
});

/** Asks for the settings the node was started with, not the cluster's dynamic ones. @see extensions.md §1.3 no. 8 */
export const extensionClusterSettings = defineAction({
  name: 'internal:discovery/clustersettings',
  request: extensionInfoRequest('REQUEST_EXTENSION_CLUSTER_SETTINGS'),
  response: settingsResponse,
  summary: 'Gives an extension the settings its node was started with',
  idempotent: true,
});

/** Asks for the settings the node was started with. The misspelling is OpenSearch's. @see extensions.md §1.3 no. 7 */
export const extensionEnvironmentSettings = defineAction({
  name: 'internal:discovery/enviornmentsettings',
  request: extensionInfoRequest('REQUEST_EXTENSION_ENVIRONMENT_SETTINGS'),
  response: settingsResponse,
  summary: 'Gives an extension the settings its node was started with',
  idempotent: true,
});

/** The extensions that depend on one. */
export type ExtensionDependencyResponse = DiscoveryExtensionNode[];

/** `list` of DiscoveryExtensionNode. */
export const dependencyInformationResponse: Codec<ExtensionDependencyResponse, readonly DiscoveryExtensionNodeInit[]> =
  list(discoveryExtensionNode);

/**
 * Asks which extensions depend on the one of the request, in the version of the node itself. No unique id, no extensions.
 *
 * @see extensions.md §1.3 no. 10
 */
export const extensionDependencyInformation = defineAction({
  name: 'internal:discovery/dependencyinformation',
  request: extensionInfoRequest('REQUEST_EXTENSION_DEPENDENCY_INFORMATION'),
  response: dependencyInformationResponse,
  summary: 'Lists the extensions that depend on one',
  idempotent: true,
});
