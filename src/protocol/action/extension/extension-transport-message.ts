import { ExtensionTransportMessageSchema } from '../../../gen/org/opensearch/extensions/proto/HandleTransportRequestProto_pb.ts';
import { struct } from '../../codec/combinators.ts';
import { bytes, string } from '../../codec/primitives.ts';
import { protobufAs } from '../../codec/protobuf.ts';

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
