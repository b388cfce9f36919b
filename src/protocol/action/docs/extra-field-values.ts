import { doubleArray, floatArray, intArray, longArray } from '../../codec/arrays.ts';
import type { Codec } from '../../codec/codec.ts';
import { deterministic, map, mapped, optional, struct } from '../../codec/combinators.ts';
import { bytes } from '../../codec/primitives.ts';
import { keyedUnion, union } from '../../codec/union.ts';
import { UsageError } from '../../error/transport-error.ts';

/** The value of one field beside the source of a document. An array is given as its numbers, or packed: their bytes, least significant first. */
export type ExtraFieldValue =
  | { readonly type: 'BYTES'; readonly bytes: Uint8Array }
  | { readonly type: 'FLOAT_ARRAY' | 'DOUBLE_ARRAY' | 'INT_ARRAY'; readonly values: readonly number[] }
  | { readonly type: 'LONG_ARRAY'; readonly values: readonly (number | bigint)[] }
  | { readonly type: 'FLOAT_ARRAY' | 'DOUBLE_ARRAY' | 'INT_ARRAY' | 'LONG_ARRAY'; readonly packed: Uint8Array };

/** `bool` packed, then the array, or `vInt` dimension and bytes reference. */
function arrayOf<Out, In>(values: Codec<Out, In>, width: number) {
  return keyedUnion('array', 'byte', { values: { tag: 0, codec: values }, packed: { tag: 1, codec: packedOf(width) } });
}

/** `vInt` dimension, then a bytes reference of `width` bytes for each number. */
function packedOf(width: number): Codec<Buffer, Uint8Array> {
  return {
    schema: { kind: 'bytes', name: 'packed', multipleOf: width },
    isDeterministic: true,
    read: (input) => {
      const offset = input.offset;
      const dimension = input.readVInt();
      const packed = bytes.read(input);
      if (packed.length === dimension * width) return packed;
      throw input.fail(`an array of dimension ${dimension} has ${packed.length} packed bytes, expected ${dimension * width}`, offset);
    },
    write: (output, packed) => {
      if (!(packed instanceof Uint8Array) || packed.length % width !== 0) {
        throw new UsageError('ERR_USAGE', {}, `expected bytes, ${width} for each number`);
      }
      output.writeVInt(packed.length / width);
      bytes.write(output, packed);
    },
  };
}

/** `u8` type; bytes reference, or an array. */
const extraFieldValue = union(
  'ExtraFieldValue',
  'byte',
  {
    BYTES: { tag: 0, codec: struct({ bytes }) },
    FLOAT_ARRAY: { tag: 1, codec: arrayOf(floatArray, 4) },
    DOUBLE_ARRAY: { tag: 2, codec: arrayOf(doubleArray, 8) },
    INT_ARRAY: { tag: 3, codec: arrayOf(intArray, 4) },
    LONG_ARRAY: { tag: 4, codec: arrayOf(longArray, 8) },
  },
  { discriminator: 'type' },
) as Codec<ExtraFieldValue>;

type Values = Readonly<Record<string, ExtraFieldValue>>;

const noneAsNull = (values: Values | null): Values | null => (values !== null && Object.keys(values).length === 0 ? null : values);

/**
 * `opt map` of field names to values beside the source, for example vectors. Null when there are none: an empty map is never written.
 *
 * @see `ExtraFieldValues` of OpenSearch
 */
export const extraFieldValues: Codec<Values | null, Values | null | undefined> = deterministic(
  mapped(optional(map(extraFieldValue)), noneAsNull, (values: Values | null | undefined) => noneAsNull(values ?? null)),
);
