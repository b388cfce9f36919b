import type { ExtensionIdentity } from '../../../gen/org/opensearch/extensions/proto/ExtensionIdentityProto_pb.ts';

/** The `uniqueId` of an extension; null where a message carries no identity, which is not the same as an empty id. */
export type UniqueId = string | null;

/** The identity of a protobuf message, to be spread into it: nothing where there is no id. */
export function identityOf(uniqueId: UniqueId | undefined): { readonly identity?: { readonly uniqueId: string } } {
  return uniqueId === null || uniqueId === undefined ? {} : { identity: { uniqueId } };
}

/** The unique id in the identity of a protobuf message. */
export function uniqueIdOf({ identity }: { readonly identity?: ExtensionIdentity | undefined }): UniqueId {
  return identity?.uniqueId ?? null;
}
