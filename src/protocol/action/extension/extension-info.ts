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
import { settings } from '../../codec/settings.ts';
import { DecodeError } from '../../error/transport-error.ts';
import { defineAction } from '../define-action.ts';
import { discoveryExtensionNode, identityOf, type UniqueId, uniqueIdOf } from './both-ways.ts';

// What an extension asks its node: four actions whose requests are all OpenSearch's ExtensionRequest.

/** What an extension asks its node. A node answers cluster state, both kinds of settings and dependency information. */
export type ExtensionInfoType = keyof typeof RequestType;

const INFO_TYPES = Object.keys(RequestType) as ExtensionInfoType[];

/**
 * Byte array, protobuf ExtensionRequest. Protobuf leaves out zero and what is unset, so asking for the cluster state without an identity is an
 * empty byte array.
 *
 * @param usualType what is asked for unless the value says otherwise
 * @see wire-format.md §11.12
 */
export function extensionInfoRequest(
  usualType: ExtensionInfoType,
): Codec<
  { uniqueId: UniqueId; requestType: ExtensionInfoType },
  { uniqueId?: UniqueId | undefined; requestType?: ExtensionInfoType | undefined }
> {
  return protobufAs(
    ExtensionRequestSchema,
    struct({ uniqueId: optional(string), requestType: withDefault(enumeration('RequestType', INFO_TYPES), usualType) }),
    (message) => ({ uniqueId: uniqueIdOf(message), requestType: nameOf(message) }),
    ({ uniqueId, requestType = usualType }) => ({ ...identityOf(uniqueId), requestType: RequestType[requestType] }),
  );
}

function nameOf({ requestType }: ExtensionRequest): ExtensionInfoType {
  const name = RequestTypeSchema.value[requestType]?.name;
  if (name === undefined) throw new DecodeError('ERR_DECODE', { path: ['requestType'] }, `Unknown RequestType [${requestType}]`);
  return name as ExtensionInfoType;
}

/**
 * `str` cluster name, then `opt` ClusterState and `bool` waited, which stay bytes: the layout of the state follows the node's release.
 *
 * @memory owned
 */
export const clusterStateResponse = struct({ clusterName: string, state: rest }, 'ClusterStateResponse');

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
  response: settings,
  summary: 'Gives an extension the settings its node was started with',
  idempotent: true,
});

/** Asks for the settings the node was started with. The misspelling is OpenSearch's. @see extensions.md §1.3 no. 7 */
export const extensionEnvironmentSettings = defineAction({
  name: 'internal:discovery/enviornmentsettings',
  request: extensionInfoRequest('REQUEST_EXTENSION_ENVIRONMENT_SETTINGS'),
  response: settings,
  summary: 'Gives an extension the settings its node was started with',
  idempotent: true,
});

/** `list` of DiscoveryExtensionNode. */
export const dependencyInformationResponse = list(discoveryExtensionNode);

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
