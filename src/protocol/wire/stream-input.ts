import { growing } from '../error/growing-path.ts';
import { DecodeError } from '../error/transport-error.ts';
import { withoutStack } from '../error/without-stack.ts';
import { allowanceOf, COST, COST_PER_BYTE } from './allowance.ts';
import { bytesLeft } from './bytes-left.ts';
import type { FastBuffer } from './fast-buffer.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { isAscii, readCesu8 } from './text.ts';
import { V_3_9_0, type VersionId } from './version.ts';

const TWO_28 = 0x1000_0000;
const TWO_32 = 0x1_0000_0000;
/** Exclusive upper bound of the bits above the lower 28, so that the whole value stays below 2⁵³. */
const HIGH_LIMIT = 0x200_0000;

/** Byte fields up to this size are always copied out, larger ones only from memory that will be reused. @see architecture.md §5 rule 8 */
const COPY_BYTES = 16 * 1024;

/** Up to this size a loop copies faster than the engine's own copy, which needs a view first. */
const LOOP_BYTES = 48;

// Constants of this module are compiled in; imported ones are loaded and checked each time.
const STRING_COST: number = COST.string;
const BYTES_COST: number = COST.bytes;

/** Size of bodies whose allowance is a matter of small integers: what an empty one may cost, and what each byte adds. */
const SHORT_BODY = 0x1_0000;
const EMPTY_ALLOWANCE: number = allowanceOf(0, Number.POSITIVE_INFINITY);
const SHORT_ALLOWANCE: number = allowanceOf(SHORT_BODY, Number.POSITIVE_INFINITY);
const ALLOWANCE_PER_BYTE: number = COST_PER_BYTE;

/** Cost of a UTF-16 code unit of text that is not ASCII: two bytes, which are read slowly. */
const WIDE_UNIT_COST = 4;

/** Cost of a view that knows its body. */
const VIEW_COST: number = 4 * COST.bytes;

/** The words of a 64-bit integer on their way into a bigint: shifting bigints takes ten times as long. */
const LONG = new DataView(new ArrayBuffer(8));

function bigintOf(high: number, low: number): bigint {
  LONG.setInt32(0, high);
  LONG.setInt32(4, low);
  return LONG.getBigInt64(0);
}

/** Read once, because the global is a getter and the cost shows per message. */
const BufferClass = Buffer;

/** Shared by all empty byte fields, because a new Buffer costs an ArrayBuffer. @see performance.md L8 */
const NOTHING = Buffer.alloc(0);

/** Receives the name and the byte range of every field that is read; `ostp decode` prints its offsets from it. */
export interface ReadTrace {
  enter(name: string, offset: number): void;
  leave(offset: number, value: unknown): void;
}

/** The property of a large view that holds the body it is a view of. */
const BODY = Symbol('body');

/**
 * Returns the body a large byte field is a view of: the Buffer the message owned when the field was read, so that two messages with the same memory, one
 * after the other, are told apart. Undefined for a copy.
 */
export function bodyOf(bytes: Uint8Array): Buffer | undefined {
  return (bytes as { [BODY]?: Buffer } | null | undefined)?.[BODY];
}

/** Why an allowance is lower than the size of the body allows. */
interface Lowered {
  readonly cost: number;
  readonly why: string;
}

/** Options of a {@link StreamInput}. */
export interface StreamInputOptions {
  /** Stream version: gates every versioned field. @default 3.9.0 */
  readonly version?: VersionId;
  /** The peer's release, if known. A few layouts depend on it instead of on the stream version. @default version */
  readonly peerVersion?: VersionId;
  /** Receives every field read. */
  readonly trace?: ReadTrace;
  /** Upper bound of the memory that the values may take, in bytes. @default {@link DEFAULT_LIMITS}.maxDecodedBytes */
  readonly maxDecodedBytes?: number;
}

/**
 * Reads OpenSearch's stream primitives from a borrowed Buffer. Only strings and numbers are copied; {@link readBytes} returns views.
 *
 * Every read checks the bytes left before it moves. Bytes that are missing or malformed throw `ERR_DECODE` with the offset in the stream.
 *
 * @memory the Buffer is borrowed: its owner decides how long it is valid
 * @see wire-format.md §8 (`StreamInput` of OpenSearch)
 */
export class StreamInput {
  // Numbers begin as numbers: a field that is undefined first is checked at every read.

  /** Stream version. */
  version: VersionId = 0;
  /** The peer's release, or the stream version. */
  peerVersion: VersionId = 0;
  readonly trace: ReadTrace | null;
  /** Current nesting depth of recursive readers. */
  depth: number = 0;
  /** What the values read from now on may cost, about in bytes of heap. @see {@link spend} */
  allowance: number = 0;
  /** Upper bound of {@link allowance}; set before a {@link reset}. */
  maxDecodedBytes: number = 0;
  /** True if the bytes belong to this message alone and are never written again. Large byte fields may then be views. */
  owned: boolean = false;
  /** True once a view of the bytes was returned. While it is false, no value that was read depends on the bytes. */
  lent: boolean = false;
  /** Set while only the head of a message has arrived. Returns the stream of the remaining bytes, from the current offset on. */
  openTail: ((size: number) => unknown) | null = null;
  /** False if errors about the bytes are only sent to the peer, so that they need no stack. */
  wantsStacks: boolean = true;
  #bytes: FastBuffer;
  #start: number = 0;
  #position: number = 0;
  #end: number = 0;
  /** True once something is remembered, kept or lowered that {@link reset} takes back. */
  #isUsed: boolean = false;
  #kept: unknown[] | null = null;
  #repeatOf: unknown = null;
  #repeatAt: number = 0;
  #repeatSize: number = 0;
  #repeated: unknown = null;
  /** Set once the allowance of the body was lowered. */
  #lowered: Lowered | null = null;

  constructor(bytes: Uint8Array, options: StreamInputOptions = {}) {
    this.version = options.version ?? V_3_9_0;
    this.peerVersion = options.peerVersion ?? this.version;
    this.trace = options.trace ?? null;
    this.#bytes = (Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)) as FastBuffer;
    this.#end = bytes.length;
    this.maxDecodedBytes = options.maxDecodedBytes ?? DEFAULT_LIMITS.maxDecodedBytes;
    this.allowance = allowanceOf(bytes.length, this.maxDecodedBytes);
  }

  /** Points the stream at other bytes, so that a receive loop can reuse one stream. */
  reset(bytes: Buffer, start: number, end: number, version: VersionId, peerVersion: VersionId, owned: boolean): void {
    this.#bytes = bytes as FastBuffer;
    this.#start = start;
    this.#position = start;
    this.#end = end;
    this.version = version;
    this.peerVersion = peerVersion;
    this.depth = 0;
    this.owned = owned;
    this.lent = false;
    if (this.#isUsed) this.#clear();
    const size = end - start;
    if (size <= SHORT_BODY && this.maxDecodedBytes >= SHORT_ALLOWANCE) {
      // A product of integers, not of numbers: saves 5 ns.
      this.allowance = EMPTY_ALLOWANCE + Math.imul(size, ALLOWANCE_PER_BYTE);
    } else {
      this.allowance = allowanceOf(size, this.maxDecodedBytes);
    }
  }

  #clear(): void {
    this.forget();
    this.#lowered = null;
    this.#isUsed = false;
  }

  /** What a codec keeps while it reads one body, null before. @see {@link skipRepeated} */
  get kept(): unknown[] | null {
    return this.#kept;
  }

  set kept(values: unknown[] | null) {
    this.#isUsed = true;
    this.#kept = values;
  }

  /** Drops what is {@link kept} and {@link remember}ed of the body. */
  forget(): void {
    this.#kept = null;
    this.#repeatOf = null;
    this.#repeated = null;
  }

  /** What {@link allowance} was in the beginning, or was lowered to. */
  get #allowed(): number {
    return this.#lowered?.cost ?? allowanceOf(this.#end - this.#start, this.maxDecodedBytes);
  }

  /** Takes from what is left of the allowance. Readers of values that take memory call it before they make them. @throws ERR_PAYLOAD_LIMIT beyond it */
  spend(cost: number): void {
    const left = this.allowance - cost;
    if (left < 0) this.overspent();
    this.allowance = left;
  }

  /** What the values read so far cost, about in bytes of heap. */
  get spent(): number {
    return this.#allowed - this.allowance;
  }

  /** Lowers the allowance of the whole body. It is never raised. @param why for the error */
  allowAtMost(cost: number, why: string): void {
    const allowed = this.#allowed;
    if (cost >= allowed) return;
    this.allowance -= allowed - cost;
    this.#isUsed = true;
    this.#lowered = { cost, why };
  }

  /** Uses up the allowance: nothing more that costs something is read. @throws ERR_PAYLOAD_LIMIT */
  overspent(): never {
    this.allowance = 0;
    const size = this.#end - this.#start;
    const { offset } = this;
    const allowed = this.#allowed;
    const isForSize = allowed === allowanceOf(size, Number.POSITIVE_INFINITY);
    const bound = isForSize ? `the most that a body of ${size} bytes may turn into` : `maxDecodedBytes is ${this.maxDecodedBytes}`;
    const text = `the values in the body take more than ${allowed} bytes of memory (${this.#lowered?.why ?? bound}), reached at byte ${offset}`;
    throw this.#error('ERR_PAYLOAD_LIMIT', offset, text);
  }

  /**
   * Returns the value last {@link remember}ed for `of` if the next bytes equal its bytes, and moves past them. Returns null otherwise.
   */
  // hot: bulk
  repeated(of: unknown): unknown {
    const size = this.#repeatSize;
    if (this.#repeatOf !== of || size > this.remaining) return null;
    const bytes = this.#bytes;
    const at = this.#position;
    const before = this.#repeatAt - at;
    for (let i = at; i < at + size; i++) if (bytes[i] !== bytes[i + before]) return null;
    this.#position = at + size;
    return this.#repeated;
  }

  /**
   * Keeps a value that began at `offset` and ends at the current offset, until the next one is kept or the message ends. Does nothing with a
   * trace, which needs every field to be read.
   */
  remember(of: unknown, offset: number, value: unknown): void {
    if (this.trace !== null) return;
    this.#isUsed = true;
    this.#repeatOf = of;
    this.#repeatAt = this.#start + offset;
    this.#repeatSize = this.offset - offset;
    this.#repeated = value;
  }

  /** Moves past the next `size` bytes if they equal those at an earlier offset. Returns false otherwise. */
  skipRepeated(offset: number, size: number): boolean {
    const at = this.#position;
    const before = this.#start + offset;
    if (size > this.#end - at || this.#bytes[at] !== this.#bytes[before]) return false;
    if (this.#bytes.compare(this.#bytes, before, before + size, at, at + size) !== 0) return false;
    this.#position = at + size;
    return true;
  }

  /** Bytes read so far. */
  get offset(): number {
    return this.#position - this.#start;
  }

  /** Bytes not read yet. */
  get remaining(): number {
    return this.#end - this.#position;
  }

  /** Goes back to an earlier offset, for the few layouts that are found by trial. */
  rewind(offset: number): void {
    this.#position = Math.min(this.#position, this.#start + offset);
  }

  /** Returns the error for malformed bytes at an offset. @default the current offset */
  fail(text: string, offset: number = this.offset): DecodeError {
    return this.#error('ERR_DECODE', offset, `${text} (at byte ${offset})`);
  }

  #error(code: 'ERR_DECODE' | 'ERR_PAYLOAD_LIMIT', offset: number, text: string): DecodeError {
    const make = () => new DecodeError(code, { offset }, text);
    const error = this.wantsStacks ? make() : withoutStack(make);
    growing.add(error);
    return error;
  }

  /** @throws ERR_DECODE when bytes are left */
  expectEnd(what: string): void {
    if (this.#position !== this.#end) throw this.fail(bytesLeft(this.remaining, what));
  }

  #take(count: number): number {
    const at = this.#position;
    if (count > this.#end - at) throw this.fail(`expected ${count} more bytes, got ${this.#end - at}`);
    this.#position = at + count;
    return at;
  }

  /** u8 */
  readUByte(): number {
    if (this.#position >= this.#end) throw this.fail('expected 1 more byte, got 0');
    return this.#bytes[this.#position++] as number;
  }

  /** i8 */
  readByte(): number {
    return (this.readUByte() << 24) >> 24;
  }

  /** One byte, 00 or 01; anything else is refused. */
  readBoolean(): boolean {
    const byte = this.readUByte();
    if (byte > 1) throw this.fail(`unexpected byte [0x${hex2(byte)}], expected a boolean`, this.offset - 1);
    return byte === 1;
  }

  /** One byte: 00 false, 01 true, 02 null. */
  readOptionalBoolean(): boolean | null {
    const byte = this.readUByte();
    if (byte > 2) throw this.fail(`unexpected byte [0x${hex2(byte)}], expected an optional boolean`, this.offset - 1);
    return byte === 2 ? null : byte === 1;
  }

  /** i16 */
  readShort(): number {
    const at = this.#take(2);
    const bytes = this.#bytes;
    return (((bytes[at] as number) << 24) >> 16) | (bytes[at + 1] as number);
  }

  /** i32 */
  readInt(): number {
    const at = this.#take(4);
    const bytes = this.#bytes;
    return ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
  }

  /** i64 as a number. @throws ERR_DECODE beyond 2⁵³; use {@link readLong64} for such values */
  readLong(): number {
    const offset = this.offset;
    const high = this.readInt();
    const low = this.readInt() >>> 0;
    return this.#safe(high * TWO_32 + low, offset);
  }

  /** i64 as a bigint */
  readLong64(): bigint {
    return this.#bytes.readBigInt64BE(this.#take(8));
  }

  /** i64 as a number if it is exact, otherwise as a bigint */
  readAnyLong(): number | bigint {
    const high = this.readInt();
    const low = this.readInt() >>> 0;
    const value = high * TWO_32 + low;
    return Number.isSafeInteger(value) ? value : bigintOf(high, low);
  }

  /** f32 */
  readFloat(): number {
    return this.#bytes.readFloatBE(this.#take(4));
  }

  /** f64 */
  readDouble(): number {
    return this.#bytes.readDoubleBE(this.#take(8));
  }

  /** 1–5 bytes, signed 32 bits. */
  readVInt(): number {
    const offset = this.#position;
    let byte = this.readUByte();
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    for (let shift = 7; byte >= 0x80; shift += 7) {
      byte = this.readUByte();
      if (shift === 28 && byte >= 0x80) {
        const text = byte.toString(16);
        throw this.fail(`Invalid vInt ((${text} & 0x7f) << 28) | ${(value >>> 0).toString(16)}`, offset - this.#start);
      }
      value |= (byte & 0x7f) << shift;
    }
    return value;
  }

  /** Like {@link readVLong64}, as a number. @throws ERR_DECODE beyond 2⁵³ */
  readVLong(): number {
    const offset = this.offset;
    const value = this.#shortVariable();
    return value >= 0 ? value : this.#safe(Number(this.#again(offset, () => this.readVLong64())), offset);
  }

  /** 1–10 bytes, signed 64 bits; the tenth byte must be 00 or 01. */
  readVLong64(): bigint {
    this.#variable64(false);
    return LONG.getBigInt64(0);
  }

  /** Like {@link readVLong64}, as a number if it is exact. */
  readAnyVLong(): number | bigint {
    const offset = this.offset;
    const value = this.#shortVariable();
    return value >= 0 ? value : narrow(this.#again(offset, () => this.readVLong64()));
  }

  /** Like {@link readZLong64}, as a number. @throws ERR_DECODE beyond 2⁵³ */
  readZLong(): number {
    const offset = this.offset;
    const value = this.readAnyZLong();
    return typeof value === 'number' ? value : this.#safe(Number(value), offset);
  }

  /** Like {@link readZLong64}, as a number if it is exact. */
  readAnyZLong(): number | bigint {
    const offset = this.offset;
    const raw = this.#shortVariable();
    if (raw < 0) return narrow(this.#again(offset, () => this.readZLong64()));
    return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2;
  }

  /** Zig-zag, 1–10 bytes. */
  readZLong64(): bigint {
    this.#variable64(true);
    const high = LONG.getInt32(0);
    const low = LONG.getInt32(4);
    const sign = -(low & 1);
    return bigintOf((high >>> 1) ^ sign, ((low >>> 1) | (high << 31)) ^ sign);
  }

  /** Reads a variable-length integer of at most eight bytes below 2⁵³. Returns −1 for a larger one, with some of its bytes read. */
  // hot: numbers/decode
  #shortVariable(): number {
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.readUByte();
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) return low;
    }
    let high = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.readUByte();
      high |= (byte & 0x7f) << shift;
      if (byte < 0x80) return high < HIGH_LIMIT ? low + high * TWO_28 : -1;
    }
    return -1;
  }

  #again<T>(offset: number, read: () => T): T {
    this.#position = this.#start + offset;
    return read();
  }

  /** Reads the low 64 bits of a variable-length integer into {@link LONG}. `lenient` drops surplus bits of a tenth byte, as zLong does. */
  #variable64(lenient: boolean): void {
    const offset = this.offset;
    let low = 0;
    let high = 0;
    let byte = 0x80;
    for (let shift = 0; shift < 63 && byte >= 0x80; shift += 7) {
      byte = this.readUByte();
      const bits = byte & 0x7f;
      // The fifth byte, bits 28 to 34, belongs to both words.
      if (shift < 32) low |= bits << shift;
      if (shift >= 28) high |= shift < 32 ? bits >> 4 : bits << (shift - 32);
    }
    if (byte >= 0x80) {
      const last = this.readUByte();
      if (last >= 0x80) throw this.fail('variable-length stream is too long', offset);
      if (!lenient && last > 1) throw this.fail(`Invalid vLong, the tenth byte is 0x${hex2(last)}`, offset);
      high |= last << 31;
    }
    LONG.setInt32(0, high);
    LONG.setInt32(4, low);
  }

  #safe(value: number, offset: number): number {
    if (!Number.isSafeInteger(value)) throw this.fail('64-bit value beyond 2^53, a number cannot hold it exactly', offset);
    return value;
  }

  /**
   * Reads a vInt count of elements that take at least `minBytes` each. Throws if that many elements do not fit in the bytes left, so that a
   * count never allocates more than the message can hold.
   */
  readCount(minBytes: number = 1): number {
    const offset = this.offset;
    return this.#checkCount(this.readVInt(), minBytes, offset);
  }

  /** Like {@link readCount}, for the few layouts with an i32 count. */
  readIntCount(minBytes: number = 1): number {
    const offset = this.offset;
    return this.#checkCount(this.readInt(), minBytes, offset);
  }

  #checkCount(count: number, minBytes: number, offset: number): number {
    if (count < 0) throw this.fail(`array size must be positive but was: ${count}`, offset);
    if (count * minBytes > this.remaining) throw this.#tooMany(count, minBytes, offset);
    return count;
  }

  #tooMany(count: number, minBytes: number, offset: number): DecodeError {
    const least = count * minBytes;
    const { remaining } = this;
    const needs = `${least} more ${least === 1 ? 'byte' : 'bytes'}`;
    return this.fail(`a count of ${count} needs at least ${needs}, but only ${remaining} ${remaining === 1 ? 'is' : 'are'} left`, offset);
  }

  /** Reads `count` bytes. @memory a borrowed view */
  readBytes(count: number): Buffer {
    return this.#lend(this.#take(count), count);
  }

  #lend(at: number, count: number): Buffer {
    this.lent = true;
    const view = this.#bytes.subarray(at, at + count);
    // Hidden where values are compared or printed.
    if (this.owned && count > COPY_BYTES) Object.defineProperty(view, BODY, { value: this.#bytes });
    return view;
  }

  /** Reads `count` bytes. @memory owned: a copy, or a view if the message owns its bytes and `count` is above 16 KiB */
  // hot: frame/decode
  takeBytes(count: number): Buffer {
    const at = this.#take(count);
    if (count === 0) return NOTHING;
    if (this.owned && count > COPY_BYTES) {
      this.spend(VIEW_COST);
      return this.#lend(at, count);
    }
    if ((this.allowance -= BYTES_COST + (count >> 2)) < 0) this.overspent();
    const copy = BufferClass.allocUnsafe(count);
    const bytes = this.#bytes;
    if (count <= LOOP_BYTES) for (let i = 0; i < count; i++) copy[i] = bytes[at + i] as number;
    else copy.set(new Uint8Array(bytes.buffer, bytes.byteOffset + at, count));
    return copy;
  }

  /** vInt length, bytes. @memory a borrowed view */
  readByteArray(): Buffer {
    return this.readBytes(this.readCount(1));
  }

  /** vInt number of UTF-16 code units, then CESU-8. @see wire-format.md §8.3 */
  readString(): string {
    const units = this.readCount(1);
    if (units === 0) return '';
    const at = this.#position;
    if (isAscii(this.#bytes, at, at + units)) {
      if ((this.allowance -= STRING_COST + (units >> 1)) < 0) this.overspent();
      this.#position = at + units;
      return this.#bytes.latin1Slice(at, at + units);
    }
    return this.#readWide(units, at);
  }

  /** Reads text that is not ASCII. Apart from {@link readString}, so that the engine has room to inline the rest. */
  #readWide(units: number, at: number): string {
    this.spend(STRING_COST + units * WIDE_UNIT_COST);
    const { text, position, badByte } = readCesu8(this.#bytes, at, this.#end, units);
    if (text !== undefined) {
      this.#position = position;
      return text;
    }
    const offset = position - this.#start;
    if (badByte === undefined) throw this.fail(`string of ${units} code units does not fit in the bytes left`, offset);
    throw this.fail(`Invalid string; unexpected character: ${badByte} hex: ${badByte.toString(16)}`, offset);
  }

  /** Moves past a string without creating it. */
  skipString(): void {
    const offset = this.offset;
    const units = this.readCount(1);
    if (isAscii(this.#bytes, this.#position, this.#position + units)) {
      this.#position += units;
    } else {
      this.rewind(offset);
      this.readString();
    }
  }

  /** bool, then the string. */
  readOptionalString(): string | null {
    return this.readBoolean() ? this.readString() : null;
  }

  /** Real UTF-8 of `count` bytes; malformed sequences become U+FFFD. */
  readUtf8(count: number): string {
    const at = this.#take(count);
    this.spend(STRING_COST + count);
    return this.#bytes.utf8Slice(at, at + count);
  }
}

/** Returns a number if it holds the value exactly, otherwise the bigint. */
export function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function hex2(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
