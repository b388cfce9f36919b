import type { Codec } from '../../codec/codec.ts';
import { bytes } from '../../codec/primitives.ts';
import { UsageError } from '../../error/transport-error.ts';
import { BY_REFERENCE_BYTES } from '../../wire/stream-output.ts';

/**
 * A document as it is given: bytes in the content type of the request, text, or a plain object that becomes JSON as `JSON.stringify` makes it:
 * a Map or a Set inside it becomes `{}`, a Date its text.
 */
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

/** @throws ERR_USAGE for values that are not a document: arrays, Maps, instances of classes, null, objects that JSON shows as something else */
function textOf(given: string | object): string {
  if (typeof given === 'string') return given;
  const text = isPlainObject(given) ? (JSON.stringify(given) as string | undefined) : undefined;
  if (text?.startsWith('{')) return text;
  throw new UsageError('ERR_USAGE', {}, `a document must be a plain object, bytes or a JSON string, got ${kindOf(given)}`);
}

/** True for objects without a class of their own, of any realm: JSON shows the fields of a Map or an instance of a class as it likes. */
function isPlainObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return true;
  return Object.getPrototypeOf(prototype) === null;
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== 'object') return `a ${typeof value}`;
  if (isPlainObject(value)) return 'an object whose toJSON returns another value';
  const { constructor } = value as { readonly constructor?: { readonly name?: unknown } };
  return typeof constructor?.name === 'string' && constructor.name !== '' ? constructor.name : 'an object of a class';
}
