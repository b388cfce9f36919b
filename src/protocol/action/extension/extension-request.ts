import {
  type ExtensionRequest,
  ExtensionRequestSchema,
  RequestType,
  RequestTypeSchema,
} from '../../../gen/org/opensearch/extensions/proto/ExtensionRequestProto_pb.ts';
import type { Codec } from '../../codec/codec.ts';
import { enumeration, optional, struct, withDefault } from '../../codec/combinators.ts';
import { string } from '../../codec/primitives.ts';
import { protobufAs } from '../../codec/protobuf.ts';
import { DecodeError } from '../../error/transport-error.ts';
import { identityOf, type UniqueId, uniqueIdOf } from './extension-identity.ts';

/** What an extension asks its node. A node answers cluster state, both kinds of settings and dependency information. */
export type RequestTypeName = keyof typeof RequestType;

const REQUEST_TYPES = Object.keys(RequestType) as RequestTypeName[];

/**
 * Extension to node: byte array, protobuf ExtensionRequest. Protobuf leaves out zero and what is unset, so asking for the cluster state without
 * an identity is an empty byte array.
 *
 * @param usualType what is asked for unless the value says otherwise
 * @see wire-format.md §11.12
 */
export function extensionRequest(
  usualType: RequestTypeName,
): Codec<
  { uniqueId: UniqueId; requestType: RequestTypeName },
  { uniqueId?: UniqueId | undefined; requestType?: RequestTypeName | undefined }
> {
  return protobufAs(
    ExtensionRequestSchema,
    struct({ uniqueId: optional(string), requestType: withDefault(enumeration('RequestType', REQUEST_TYPES), usualType) }),
    (message) => ({ uniqueId: uniqueIdOf(message), requestType: nameOf(message) }),
    ({ uniqueId, requestType = usualType }) => ({ ...identityOf(uniqueId), requestType: RequestType[requestType] }),
  );
}

function nameOf({ requestType }: ExtensionRequest): RequestTypeName {
  const name = RequestTypeSchema.value[requestType]?.name;
  if (name === undefined) throw new DecodeError('ERR_DECODE', { path: ['requestType'] }, `Unknown RequestType [${requestType}]`);
  return name as RequestTypeName;
}
