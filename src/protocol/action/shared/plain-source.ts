import { DecodeError } from '../../error/transport-error.ts';
import { DEFLATE_MAGIC, inflateBodySync } from '../../frame/native/compression.ts';
import { DEFAULT_LIMITS } from '../../wire/limits.ts';

/**
 * Returns a document as it was indexed: inflates the bytes if they are compressed.
 *
 * @throws ERR_DECODE if compressed bytes do not inflate, or inflate to more than `maxInflatedBytes`
 */
export function plainSource(source: Buffer): Buffer {
  if (!source.subarray(0, DEFLATE_MAGIC.length).equals(DEFLATE_MAGIC)) return source;
  try {
    return inflateBodySync(source, DEFAULT_LIMITS.maxInflatedBytes);
  } catch (error) {
    throw new DecodeError('ERR_DECODE', { path: ['source'], cause: error }, 'the source is compressed and does not inflate');
  }
}
