import type { ExtensionIdentity } from '../../../gen/org/opensearch/extensions/proto/ExtensionIdentityProto_pb.ts';
import { ExtensionTransportMessageSchema } from '../../../gen/org/opensearch/extensions/proto/HandleTransportRequestProto_pb.ts';
import type { Codec } from '../../codec/codec.ts';
import { list, struct, withDefault } from '../../codec/combinators.ts';
import { type DiscoveryNode, type DiscoveryNodeInit, discoveryNode } from '../../codec/discovery-node.ts';
import { joined } from '../../codec/joined.ts';
import { boolean, bytes, string, version, vInt } from '../../codec/primitives.ts';
import { protobufAs } from '../../codec/protobuf.ts';
import { type InitOf, typed } from '../../codec/typed.ts';
import type { VersionId } from '../../wire/version.ts';

// What messages of both directions hold.

/** An extension that another one needs. */
export interface ExtensionDependency {
  readonly uniqueId: string;
  /** Id of the least version. */
  readonly version: VersionId;
}

/** `str` unique id, `vInt` version. @see wire-format.md §11.12 */
export const extensionDependency = typed<ExtensionDependency, ExtensionDependency>()(
  struct({ uniqueId: string, version }, 'ExtensionDependency'),
);

/** What describes an extension beside what describes a node. */
export interface ExtensionPart {
  /** Id of the least release of OpenSearch that the extension works with. */
  readonly minimumCompatibleVersionId: VersionId;
  /** Default: empty. */
  readonly dependencies: ExtensionDependency[];
}

/** An {@link ExtensionPart} to send. */
export interface ExtensionPartInit extends InitOf<ExtensionPart, 'minimumCompatibleVersionId'> {}

/** An extension, described as a node of the cluster is: `id` is its unique id and `name` its name. */
export interface DiscoveryExtensionNode extends DiscoveryNode, ExtensionPart {}

/** A {@link DiscoveryExtensionNode} to send. */
export interface DiscoveryExtensionNodeInit extends DiscoveryNodeInit, ExtensionPartInit {}

/**
 * DiscoveryNode (plain form), `vInt` minimum compatible version id, `list` of dependencies. A node writes all of its built-in roles for an extension.
 *
 * @see wire-format.md §11.12, extensions.md §2.5
 */
export const discoveryExtensionNode: Codec<DiscoveryExtensionNode, DiscoveryExtensionNodeInit> = joined(
  discoveryNode,
  typed<ExtensionPart, ExtensionPartInit>()(
    struct({ minimumCompatibleVersionId: vInt, dependencies: withDefault(list(extensionDependency), []) }),
  ),
  'DiscoveryExtensionNode',
);

/** Says whether the receiver accepted a request: OpenSearch's `org.opensearch.extensions.AcknowledgedResponse`. */
export interface ExtensionAcknowledgedResponse {
  readonly status: boolean;
}

/** `bool` status. @see extensions.md §1.3 */
export const acknowledgedResponse = typed<ExtensionAcknowledgedResponse, ExtensionAcknowledgedResponse>()(
  struct({ status: boolean }, 'AcknowledgedResponse'),
);

/** A call of an extension's transport action: bytes that no node looks into. */
export interface ExtensionTransportMessage {
  /** Name of the action. */
  readonly action: string;
  /** @memory received bytes are owned */
  readonly requestBytes: Buffer;
}

/** An {@link ExtensionTransportMessage} to send. */
export interface ExtensionTransportMessageInit
  extends InitOf<ExtensionTransportMessage, 'action' | 'requestBytes', { readonly requestBytes: Uint8Array }> {}

/** Byte array, protobuf ExtensionTransportMessage. */
export const extensionTransportMessage = protobufAs(
  ExtensionTransportMessageSchema,
  typed<ExtensionTransportMessage, ExtensionTransportMessageInit>()(struct({ action: string, requestBytes: bytes })),
  ({ action, requestBytes }) => ({ action, requestBytes: asBuffer(requestBytes) }),
  ({ action, requestBytes }) => ({ action, requestBytes }),
);

function asBuffer(part: Uint8Array): Buffer {
  return Buffer.from(part.buffer, part.byteOffset, part.byteLength);
}

/** The answer of an extension's transport action. */
export interface ExtensionActionResponse {
  /** @memory received bytes are owned */
  readonly responseBytes: Buffer;
}

/** An {@link ExtensionActionResponse} to send. */
export interface ExtensionActionResponseInit
  extends InitOf<ExtensionActionResponse, 'responseBytes', { readonly responseBytes: Uint8Array }> {}

/** Byte array. */
export const extensionActionResponse = typed<ExtensionActionResponse, ExtensionActionResponseInit>()(
  struct({ responseBytes: bytes }, 'ExtensionActionResponse'),
);

/** The answer of an extension's transport action to another extension. */
export interface RemoteExtensionActionResponse {
  /** False if there is no such action. */
  readonly success: boolean;
  /**
   * The answer, or the reason in UTF-8 if there is no such action.
   *
   * @memory received bytes are owned
   */
  readonly responseBytes: Buffer;
}

/** A {@link RemoteExtensionActionResponse} to send. */
export interface RemoteExtensionActionResponseInit
  extends InitOf<RemoteExtensionActionResponse, 'success' | 'responseBytes', { readonly responseBytes: Uint8Array }> {}

/** `bool` success, byte array. */
export const remoteExtensionActionResponse = typed<RemoteExtensionActionResponse, RemoteExtensionActionResponseInit>()(
  struct({ success: boolean, responseBytes: bytes }, 'RemoteExtensionActionResponse'),
);

/** The `uniqueId` of an extension; null where a message carries no identity, which is not the same as an empty id. */
export type UniqueId = string | null;

/** Returns the identity of a protobuf message, to be spread into it; an empty object without an id. */
export function identityOf(uniqueId: UniqueId | undefined): { readonly identity?: { readonly uniqueId: string } } {
  return uniqueId === null || uniqueId === undefined ? {} : { identity: { uniqueId } };
}

/** Returns the unique id in the identity of a protobuf message. */
export function uniqueIdOf({ identity }: { readonly identity?: ExtensionIdentity | undefined }): UniqueId {
  return identity?.uniqueId ?? null;
}
