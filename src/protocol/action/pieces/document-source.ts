import type { Codec } from '../../codec/codec.ts';
import { mapped } from '../../codec/combinators.ts';
import { bytes } from '../../codec/primitives.ts';
import { UsageError } from '../../error/transport-error.ts';

/** A document as it is given: bytes in the content type of the request, text, or a plain object that becomes JSON. */
export type DocumentSource = Uint8Array | string | object;

/**
 * A document as a bytes reference: given as bytes, text or a plain object, received as the bytes that were sent.
 *
 * @memory given bytes are given; received bytes are owned
 * @see wire-format.md §11.6
 */
export const documentSource: Codec<Buffer, DocumentSource> = mapped<Buffer, DocumentSource, Buffer, Uint8Array>(
  bytes,
  (sent) => sent,
  toSourceBytes,
);

/** The bytes of a document. @throws ERR_USAGE for values that are no document: arrays, numbers, null, objects that JSON cannot show */
export function toSourceBytes(given: DocumentSource): Uint8Array {
  if (given instanceof Uint8Array) return given;
  if (typeof given === 'string') return Buffer.from(given, 'utf8');
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new UsageError('ERR_USAGE', {}, 'a document is a plain object, JSON text or a Uint8Array');
  }
  return Buffer.from(JSON.stringify(given), 'utf8');
}
