import { DecodeError, UsageError } from '../error/transport-error.ts';
import { DEFLATE_MAGIC, inflateBodySync } from '../frame/native/compression.ts';
import { DEFAULT_LIMITS } from '../wire/limits.ts';
import { RawJson } from './json.ts';

/** A document as it was stored, inflated where it is compressed. */
function plainSource(source: Buffer): Buffer {
  if (!source.subarray(0, DEFLATE_MAGIC.length).equals(DEFLATE_MAGIC)) return source;
  try {
    return inflateBodySync(source, DEFAULT_LIMITS.maxInflatedBytes);
  } catch (error) {
    throw new DecodeError('ERR_DECODE', { path: ['source'], cause: error }, 'the source is compressed and does not inflate');
  }
}

/**
 * A document for a REST body: its JSON text as it was stored.
 *
 * @throws ERR_USAGE for a document in CBOR, SMILE or YAML: a node would translate it, we do not
 * @throws ERR_DECODE for a compressed document that does not inflate
 */
export function sourceJson(source: Buffer): RawJson {
  const text = plainSource(source).toString('utf8');
  if (!/^\s*\{/.test(text))
    throw new UsageError('ERR_USAGE', {}, 'the source of the document is not JSON; take it from the response itself');
  return new RawJson(text);
}
