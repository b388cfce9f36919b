import { COST } from '../wire/allowance.ts';
import { mismatch } from '../wire/mismatch.ts';
import type { StreamInput } from '../wire/stream-input.ts';
import type { StreamOutput } from '../wire/stream-output.ts';
import type { VersionId } from '../wire/version.ts';
import type { Codec } from './codec.ts';
import type { ScalarKind, ScalarSchema } from './schema.ts';

function scalar<T>(
  kind: ScalarKind,
  read: (input: StreamInput) => T,
  write: (output: StreamOutput, value: T) => void,
  as?: ScalarSchema['as'],
): Codec<T> {
  return { schema: as === undefined ? { kind } : { kind, as }, isDeterministic: true, read, write };
}

function isA<T>(type: string, value: T): T {
  if (typeof value !== type) throw mismatch(`a ${type}`, value);
  return value;
}

/** `00` or `01`; a reader refuses anything else. */
export const boolean: Codec<boolean> = scalar(
  'boolean',
  (input) => input.readBoolean(),
  (output, value) => output.writeBoolean(isA('boolean', value)),
);

/** One byte: `00` false, `01` true, `02` null. */
export const optionalBoolean: Codec<boolean | null, boolean | null | undefined> = {
  schema: { kind: 'optionalBoolean' },
  canOmit: true,
  isDeterministic: true,
  read: (input) => input.readOptionalBoolean(),
  write: (output, value) => output.writeOptionalBoolean(value === undefined || value === null ? null : isA('boolean', value)),
};

/** One signed byte. */
export const byte: Codec<number> = scalar(
  'byte',
  (input) => input.readByte(),
  (output, value) => output.writeByte(between(value, -0x80, 0x7f)),
);

/** One unsigned byte. */
export const ubyte: Codec<number> = scalar(
  'ubyte',
  (input) => input.readUByte(),
  (output, value) => output.writeByte(between(value, 0, 0xff)),
);

function between(value: number, min: number, max: number): number {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw mismatch(`an integer from ${min} to ${max}`, value);
  }
  return value;
}

/** i16 */
export const short: Codec<number> = scalar(
  'short',
  (input) => input.readShort(),
  (output, value) => output.writeShort(value),
);

/** i32 */
export const int: Codec<number> = scalar(
  'int',
  (input) => input.readInt(),
  (output, value) => output.writeInt(value),
);

/** 1–5 bytes, 32 bits; negative values take five. */
export const vInt: Codec<number> = scalar(
  'vInt',
  (input) => input.readVInt(),
  (output, value) => output.writeVInt(value),
);

/** f32 */
export const float: Codec<number> = scalar(
  'float',
  (input) => input.readFloat(),
  (output, value) => output.writeFloat(isA('number', value)),
);

/** f64 */
export const double: Codec<number> = scalar(
  'double',
  (input) => input.readDouble(),
  (output, value) => output.writeDouble(isA('number', value)),
);

const BIGINT_COST: number = COST.bigint;
/** A bigint of a variable-length integer is read from bytes that do not begin with its words. */
const VARIABLE_BIGINT_COST: number = COST.bigint + COST.variable;

/** Charges for an integer that is a bigint. */
function charged<T extends number | bigint>(input: StreamInput, value: T, cost: number): T {
  if (typeof value === 'bigint') input.spend(cost);
  return value;
}

/** i64 as a number; refuses what a number cannot hold exactly. */
export const long: Codec<number> = scalar(
  'long',
  (input) => input.readLong(),
  (output, value) => output.writeLong(value),
  'number',
);

/** i64 as a bigint. */
export const long64: Codec<bigint> = scalar(
  'long',
  (input) => charged(input, input.readLong64(), BIGINT_COST),
  (output, value) => output.writeLong64(value),
  'bigint',
);

/** 1–9 bytes, not negative, as a number; refuses what a number cannot hold exactly. */
export const vLong: Codec<number> = scalar(
  'vLong',
  (input) => input.readVLong(),
  (output, value) => output.writeVLong(value),
  'number',
);

/** 1–9 bytes, not negative, as a bigint. */
export const vLong64: Codec<bigint> = scalar(
  'vLong',
  (input) => charged(input, input.readVLong64(), VARIABLE_BIGINT_COST),
  (output, value) => output.writeVLong64(value),
  'bigint',
);

/** Zig-zag, 1–10 bytes, as a number; refuses what a number cannot hold exactly. */
export const zLong: Codec<number> = scalar(
  'zLong',
  (input) => input.readZLong(),
  (output, value) => output.writeZLong(value),
  'number',
);

/** Zig-zag, 1–10 bytes, as a bigint. */
export const zLong64: Codec<bigint> = scalar(
  'zLong',
  (input) => charged(input, input.readZLong64(), VARIABLE_BIGINT_COST),
  (output, value) => output.writeZLong64(value),
  'bigint',
);

/** i64 that users choose (document versions, task ids): a number, or a bigint beyond 2⁵³. */
export const anyLong: Codec<number | bigint> = scalar(
  'long',
  (input) => charged(input, input.readAnyLong(), BIGINT_COST),
  (output, value) => (typeof value === 'bigint' ? output.writeLong64(value) : output.writeLong(value)),
  'either',
);

/** vLong that users choose: a number, or a bigint beyond 2⁵³. */
export const anyVLong: Codec<number | bigint> = scalar(
  'vLong',
  (input) => charged(input, input.readAnyVLong(), VARIABLE_BIGINT_COST),
  (output, value) => (typeof value === 'bigint' ? output.writeVLong64(value) : output.writeVLong(value)),
  'either',
);

/** zLong that users choose: a number, or a bigint beyond 2⁵³. */
export const anyZLong: Codec<number | bigint> = scalar(
  'zLong',
  (input) => charged(input, input.readAnyZLong(), VARIABLE_BIGINT_COST),
  (output, value) => (typeof value === 'bigint' ? output.writeZLong64(value) : output.writeZLong(value)),
  'either',
);

/** vInt number of UTF-16 code units, then CESU-8. @see wire-format.md §8.3 */
export const string: Codec<string> = scalar(
  'string',
  (input) => input.readString(),
  (output, value) => output.writeString(isA('string', value)),
);

/** i32 byte length, then real UTF-8. */
export const text: Codec<string> = scalar(
  'text',
  (input) => input.readUtf8(input.readIntCount()),
  (output, value) => {
    output.writeInt(Buffer.byteLength(isA('string', value)));
    output.writeUtf8(value);
  },
);

/** vInt id of a version. */
export const version: Codec<VersionId> = scalar(
  'version',
  (input) => input.readVInt(),
  (output, value) => output.writeVInt(value),
);

function isBytes(value: Uint8Array): Uint8Array {
  if (!(value instanceof Uint8Array)) throw mismatch('a Uint8Array', value);
  return value;
}

/**
 * vInt length, then the bytes (byte array, bytes reference, BytesRef).
 *
 * Up to 16 KiB are a copy. More are a view of the memory of their message: their `buffer` also has the other fields of the message, and behind them
 * bytes of earlier messages. So use `byteOffset` and `length`, and pass on the view or a copy of it, not its `buffer`: `structuredClone` and `postMessage`
 * copy the whole `buffer` of a view. If the buffer is transferred, the other large fields of the message become empty.
 *
 * @memory owned: a copy, or a view of a large message that owns its bytes
 */
export const bytes: Codec<Buffer, Uint8Array> = {
  schema: { kind: 'bytes', name: 'bytesReference' },
  isDeterministic: true,
  read: (input) => input.takeBytes(input.readCount()),
  write: (output, value) => output.writeByteArray(isBytes(value)),
};

/** vInt 0 for null, else length + 1, then the bytes. @memory as {@link bytes} */
export const optionalBytes: Codec<Buffer | null, Uint8Array | null | undefined> = {
  schema: { kind: 'optional', of: { kind: 'bytes', name: 'optionalBytesReference' } },
  canOmit: true,
  isDeterministic: true,
  read: (input) => {
    const plusOne = input.readVInt();
    if (plusOne < 0) throw input.fail(`length ${plusOne} of optional bytes`);
    return plusOne === 0 ? null : input.takeBytes(plusOne - 1);
  },
  write: (output, value) => {
    if (value === null || value === undefined) {
      output.writeVInt(0);
    } else {
      output.writeVInt(isBytes(value).length + 1);
      output.writeBytes(value);
    }
  },
};

/** The rest of the stream, without a length. @memory as {@link bytes} */
export const rest: Codec<Buffer, Uint8Array> = {
  schema: { kind: 'bytes', name: 'rest' },
  read: (input) => input.takeBytes(input.remaining),
  write: (output, value) => output.writeBytes(isBytes(value)),
};

/** Nothing: zero bytes. */
export const empty: Codec<Record<never, never>, Record<never, never> | undefined> = {
  schema: { kind: 'struct', fields: [] },
  isDeterministic: true,
  read: (input) => {
    input.spend(COST.map);
    return {};
  },
  write: () => {},
};
