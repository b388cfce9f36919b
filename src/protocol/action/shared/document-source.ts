import type { Codec } from '../../codec/codec.ts';
import { bytes } from '../../codec/primitives.ts';
import { UsageError } from '../../error/transport-error.ts';
import { BY_REFERENCE_BYTES } from '../../wire/stream-output.ts';

/** A document as it is given: bytes in the content type of the request, text, or a plain object that becomes JSON. */
export type DocumentSource = Uint8Array | string | object;

/**
 * A document as a bytes reference: given as bytes, text or a plain object, received as the bytes that were sent.
 *
 * @memory given bytes are given; received bytes are owned
 * @see wire-format.md §11.6
 */
export const documentSource: Codec<Buffer, DocumentSource> = {
  schema: bytes.schema,
  read: bytes.read,
  // hot: bulk. Text of many small documents is encoded in place; a long one goes by reference.
  write: (output, given) => {
    if (given instanceof Uint8Array) return bytes.write(output, given);
    const text = textOf(given);
    if (text.length < BY_REFERENCE_BYTES) output.writeSizedUtf8(text);
    else bytes.write(output, Buffer.from(text, 'utf8'));
  },
};

/** @throws ERR_USAGE for values that are no document: arrays, numbers, null, objects that JSON cannot show */
function textOf(given: string | object): string {
  if (typeof given === 'string') return given;
  const isObject = typeof given === 'object' && given !== null && !Array.isArray(given);
  const text = isObject ? (JSON.stringify(given) as string | undefined) : undefined;
  if (text === undefined) throw new UsageError('ERR_USAGE', {}, 'a document is a plain object, JSON text or a Uint8Array');
  return text;
}
