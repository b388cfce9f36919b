import type { ExtensionIdentity } from '../../../gen/org/opensearch/extensions/proto/ExtensionIdentityProto_pb.ts';
import { ExtensionTransportMessageSchema } from '../../../gen/org/opensearch/extensions/proto/HandleTransportRequestProto_pb.ts';
import { list, struct, withDefault } from '../../codec/combinators.ts';
import { discoveryNode } from '../../codec/discovery-node.ts';
import { joined } from '../../codec/joined.ts';
import { boolean, bytes, string, version, vInt } from '../../codec/primitives.ts';
import { protobufAs } from '../../codec/protobuf.ts';

// What messages of both directions hold.

/** `str` unique id, `vInt` version. @see wire-format.md §11.12 */
export const extensionDependency = struct({ uniqueId: string, version }, 'ExtensionDependency');

/**
 * DiscoveryNode (plain form), `vInt` minimum compatible version id, `list` of dependencies. Of an extension `id` is its unique id and `name` its
 * name; a node writes all of its built-in roles for it.
 *
 * @see wire-format.md §11.12, extensions.md §2.5
 */
export const discoveryExtensionNode = joined(
  discoveryNode,
  struct({ minimumCompatibleVersionId: vInt, dependencies: withDefault(list(extensionDependency), []) }),
  'DiscoveryExtensionNode',
);

/** `bool` status: whether the receiver accepted the request. @see extensions.md §1.3 */
export const acknowledgedResponse = struct({ status: boolean }, 'AcknowledgedResponse');

/**
 * Byte array, protobuf ExtensionTransportMessage: the name of an extension's action and the bytes for it, which no node looks into.
 *
 * @memory requestBytes are owned
 */
export const extensionTransportMessage = protobufAs(
  ExtensionTransportMessageSchema,
  struct({ action: string, requestBytes: bytes }),
  ({ action, requestBytes }) => ({ action, requestBytes: asBuffer(requestBytes) }),
  ({ action, requestBytes }) => ({ action, requestBytes }),
);

function asBuffer(part: Uint8Array): Buffer {
  return Buffer.from(part.buffer, part.byteOffset, part.byteLength);
}

/** Byte array: the answer of the extension's action. @memory owned */
export const extensionActionResponse = struct({ responseBytes: bytes }, 'ExtensionActionResponse');

/** `bool` success, byte array: the answer, or the reason in UTF-8 when there is no such action. @memory owned */
export const remoteExtensionActionResponse = struct({ success: boolean, responseBytes: bytes }, 'RemoteExtensionActionResponse');

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
