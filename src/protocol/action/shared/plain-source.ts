import { DecodeError, TransportError } from '../../error/transport-error.ts';
import { DEFLATE_MAGIC, inflateBodySync } from '../../frame/native/compression.ts';
import { DEFAULT_LIMITS } from '../../wire/limits.ts';

/**
 * Returns a document as it was indexed: inflates the bytes if they are compressed.
 *
 * @throws ERR_DECODE if compressed bytes do not inflate, or inflate to more than `maxInflatedBytes`
 */
export function plainSource(given: Uint8Array, maxInflatedBytes: number = DEFAULT_LIMITS.maxInflatedBytes): Buffer {
  const source = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  if (!source.subarray(0, DEFLATE_MAGIC.length).equals(DEFLATE_MAGIC)) return source;
  try {
    return inflateBodySync(source, maxInflatedBytes);
  } catch (error) {
    const isTooLarge = error instanceof TransportError && error.code === 'ERR_PAYLOAD_LIMIT';
    const reason = isTooLarge ? `inflates beyond the limit of ${maxInflatedBytes} bytes` : 'cannot be inflated';
    throw new DecodeError('ERR_DECODE', { path: ['source'], cause: error }, `the compressed source of the document ${reason}`);
  }
}
