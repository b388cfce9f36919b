import { writeSevenBit } from './seven-bit.ts';

const INT_MAX = 2n ** 31n;
const LONG_MAX = 2n ** 63n;

/** Bytes collected for one document. */
type Pieces = (Uint8Array | readonly number[])[];

/**
 * Writes a value as SMILE, without shared names and values. Members that are undefined are left out; of an array they are null. Values with a method `toJSON`
 * are written as it says; bytes as binary.
 *
 * @throws TypeError for a value that JSON cannot hold, such as a function; RangeError for a circle
 */
export function writeSmile(value: unknown): Buffer {
  const pieces: Pieces = [[0x3a, 0x29, 0x0a, 0x00]];
  write(pieces, value);
  return Buffer.concat(pieces.map((piece) => (piece instanceof Uint8Array ? piece : Uint8Array.from(piece))));
}

function write(out: Pieces, given: unknown): void {
  const value = plain(given);
  switch (typeof value) {
    case 'undefined':
      out.push([0x21]);
      return;
    case 'boolean':
      out.push([value ? 0x23 : 0x22]);
      return;
    case 'string':
      writeText(out, value);
      return;
    case 'number':
      writeNumber(out, value);
      return;
    case 'bigint':
      writeInteger(out, value);
      return;
    case 'object':
      writeObject(out, value);
      return;
    default:
      throw new TypeError(`a ${typeof value} has no form in SMILE`);
  }
}

function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  return 'toJSON' in value && typeof value.toJSON === 'function' ? (value.toJSON() as unknown) : value;
}

function writeObject(out: Pieces, value: object | null): void {
  if (value === null) out.push([0x21]);
  else if (value instanceof Uint8Array) out.push([0xe8, ...lengthOf(value.length)], writeSevenBit(value));
  else if (Array.isArray(value)) {
    out.push([0xf8]);
    for (const item of value) write(out, item);
    out.push([0xf9]);
  } else {
    out.push([0xfa]);
    for (const [name, item] of Object.entries(value)) {
      if (item === undefined) continue;
      writeName(out, name);
      write(out, item);
    }
    out.push([0xfb]);
  }
}

function writeName(out: Pieces, name: string): void {
  const bytes = Buffer.from(name);
  const isAscii = bytes.length === name.length;
  if (bytes.length === 0) out.push([0x20]);
  else if (isAscii && bytes.length <= 64) out.push([0x80 + bytes.length - 1], bytes);
  else if (!isAscii && bytes.length <= 57) out.push([0xc0 + bytes.length - 2], bytes);
  else out.push([0x34], bytes, [0xfc]);
}

function writeText(out: Pieces, text: string): void {
  const bytes = Buffer.from(text);
  const isAscii = bytes.length === text.length;
  if (bytes.length === 0) out.push([0x20]);
  else if (bytes.length > 64) out.push([isAscii ? 0xe0 : 0xe4], bytes, [0xfc]);
  else out.push([isAscii ? 0x40 + bytes.length - 1 : bytes.length <= 33 ? 0x80 + bytes.length - 2 : 0xa0 + bytes.length - 34], bytes);
}

function writeNumber(out: Pieces, value: number): void {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
    writeInteger(out, BigInt(value));
    return;
  }
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  const bits = bytes.readBigUInt64BE();
  out.push([0x29, ...Array.from({ length: 10 }, (_, at) => Number((bits >> BigInt(63 - at * 7)) & 0x7fn))]);
}

function writeInteger(out: Pieces, value: bigint): void {
  if (value >= LONG_MAX || value < -LONG_MAX) {
    const bytes = bigIntegerBytes(value);
    out.push([0x26, ...lengthOf(bytes.length)], writeSevenBit(bytes));
    return;
  }
  const zigzag = value < 0n ? -value * 2n - 1n : value * 2n;
  if (zigzag < 32n) out.push([0xc0 + Number(zigzag)]);
  else out.push([value < INT_MAX && value >= -INT_MAX ? 0x24 : 0x25, ...variable(zigzag)]);
}

const lengthOf = (length: number) => variable(BigInt(length));

/** Seven bits a byte, six in the last, which has its highest bit set. */
function variable(value: bigint): number[] {
  const out = [0x80 + Number(value & 0x3fn)];
  for (let rest = value >> 6n; rest > 0n; rest >>= 7n) out.unshift(Number(rest & 0x7fn));
  return out;
}

/** Two's complement, as Java's `BigInteger` has it. */
function bigIntegerBytes(value: bigint): Buffer {
  let length = 9;
  while (BigInt.asIntN(length * 8, value) !== value) length++;
  return Buffer.from(
    BigInt.asUintN(length * 8, value)
      .toString(16)
      .padStart(length * 2, '0'),
    'hex',
  );
}
