import { UsageError } from '../../error/transport-error.ts';
import { doubleArray, floatArray, intArray, longArray } from '../../codec/arrays.ts';
import type { AnyCodec, Codec } from '../../codec/codec.ts';
import { byteEnumeration, map, mapped, optional, deterministic, struct } from '../../codec/combinators.ts';
import { fromForm, toForm } from '../../codec/json-form.ts';
import { bytes } from '../../codec/primitives.ts';

/** Kinds of values, by number. */
const TYPES = ['BYTES', 'FLOAT_ARRAY', 'DOUBLE_ARRAY', 'INT_ARRAY', 'LONG_ARRAY'] as const;
type Type = (typeof TYPES)[number];
type ArrayType = Exclude<Type, 'BYTES'>;

/** The value of one field beside the source of a document. An array stands as its numbers, or packed: their bytes, least significant first. */
export type ExtraFieldValue =
  | { readonly type: 'BYTES'; readonly bytes: Uint8Array }
  | { readonly type: Exclude<ArrayType, 'LONG_ARRAY'>; readonly values: readonly number[] }
  | { readonly type: 'LONG_ARRAY'; readonly values: readonly (number | bigint)[] }
  | { readonly type: ArrayType; readonly packed: Uint8Array };

/** How a kind of array stands when it is not packed, and how many bytes a number takes when it is. */
const ARRAYS: Readonly<Record<ArrayType, { readonly values: AnyCodec; readonly width: number }>> = {
  FLOAT_ARRAY: { values: floatArray, width: 4 },
  DOUBLE_ARRAY: { values: doubleArray, width: 8 },
  INT_ARRAY: { values: intArray, width: 4 },
  LONG_ARRAY: { values: longArray, width: 8 },
};

const type = byteEnumeration('extra field value', TYPES);

const content = struct({ bytes });
const packedContent = struct({ packed: bytes });

/** What a value holds beside its type, as a codec whose schema gives the JSON form. */
function contentOf(value: ExtraFieldValue): AnyCodec {
  if (value?.type === 'BYTES') return content;
  if (value === null || typeof value !== 'object' || !Object.hasOwn(ARRAYS, value.type)) {
    throw new UsageError('ERR_USAGE', {}, `expected an extra field value, its type one of ${TYPES.join(', ')}`);
  }
  return 'packed' in value ? packedContent : struct({ values: ARRAYS[value.type].values });
}

/** `u8` type; bytes reference, or for arrays `bool` packed, then `vInt` dimension and bytes reference, or the array. */
const extraFieldValue: Codec<ExtraFieldValue> = {
  schema: {
    kind: 'custom',
    name: 'extraFieldValue',
    toForm: (value: ExtraFieldValue) => ({ type: value.type, ...(toForm(contentOf(value).schema, value) as object) }),
    fromForm: (form) => {
      const { type: name, ...members } = form as ExtraFieldValue;
      return { type: name, ...(fromForm(contentOf(form as ExtraFieldValue).schema, members) as object) };
    },
  },
  read: (input) => {
    const name = type.read(input);
    if (name === 'BYTES') return { type: name, bytes: bytes.read(input) };
    const { values, width } = ARRAYS[name];
    if (!input.readBoolean()) return { type: name, values: values.read(input) } as ExtraFieldValue;
    const offset = input.offset;
    const dimension = input.readVInt();
    const packed = bytes.read(input);
    if (packed.length === dimension * width) return { type: name, packed };
    throw input.fail(`packed ${name} of dimension ${dimension} has ${packed.length} bytes, expected ${dimension * width}`, offset);
  },
  write: (output, value) => {
    contentOf(value);
    type.write(output, value.type);
    if (value.type === 'BYTES') return bytes.write(output, value.bytes);
    const { values, width } = ARRAYS[value.type];
    output.writeBoolean('packed' in value);
    if (!('packed' in value)) return (values as Codec<unknown, unknown>).write(output, value.values);
    const { packed } = value;
    if (!(packed instanceof Uint8Array) || packed.length % width !== 0) {
      throw new UsageError('ERR_USAGE', {}, `packed: expected bytes, ${width} for each number`);
    }
    output.writeVInt(packed.length / width);
    bytes.write(output, packed);
  },
};

type Values = Readonly<Record<string, ExtraFieldValue>>;

const noneAsNull = (values: Values | null): Values | null => (values !== null && Object.keys(values).length === 0 ? null : values);

/**
 * `opt map` of field names to values that stand beside the source, vectors for example. Null when there are none; no map is written empty.
 *
 * @see `ExtraFieldValues` of OpenSearch
 */
export const extraFieldValues: Codec<Values | null, Values | null | undefined> = deterministic(
  mapped(optional(map(extraFieldValue)), noneAsNull, (values: Values | null | undefined) => noneAsNull(values ?? null)),
);
