import { UsageError } from '../error/transport-error.ts';
import type { FastBuffer } from './fast-buffer.ts';
import { mismatch } from './mismatch.ts';
import { writeCesu8 } from './text.ts';
import { V_3_9_0, type VersionId } from './version.ts';

const TWO_7 = 0x80;
const TWO_32 = 0x1_0000_0000;
const MAX_INT = 0x7fff_ffff;

/** Strings up to this many code units are written byte by byte; longer ones go through the engine's own copy. */
const SHORT_STRING = 32;

/** Byte fields of at least this size are passed by reference if the owner of the stream allows it. @see performance.md L1 */
export const BY_REFERENCE_BYTES = 32 * 1024;

/** Canonical NaNs, the only ones that Java writes. @see wire-format.md §8.1 */
const NAN_32 = 0x7fc0_0000;
const NAN_64 = 0x7ff8_0000_0000_0000n;

/** Bytes that belong in the stream but are not copied into its buffer. */
export interface ByReference {
  /** Position in the stream's own buffer at which they are inserted. */
  readonly at: number;
  readonly bytes: Uint8Array;
}

const allocate = (bytes: number): Buffer => Buffer.allocUnsafe(bytes);

/** Placeholder buffer until `lend()` supplies one. */
const NOTHING = Buffer.alloc(0);

/** Shared by all streams without references; never changed. */
const NONE: ByReference[] = [];

/** Bytes that follow the written ones, sent chunk by chunk. */
export interface Tail {
  readonly size: number;
  readonly chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** Options of a {@link StreamOutput}. */
export interface StreamOutputOptions {
  /** Stream version: gates every versioned field. @default 3.9.0 */
  readonly version?: VersionId;
  /** The peer's release, if known. @default version */
  readonly peerVersion?: VersionId;
  /** Initial size of the buffer, in bytes. @default 256 */
  readonly size?: number;
  /** Returns a buffer of at least `bytes` bytes for a message that outgrew its buffer. @default `Buffer.allocUnsafe` */
  readonly allocate?: (bytes: number) => Buffer;
  /**
   * Takes back a buffer that was outgrown. Lent buffers are passed, too: ignore buffers that did not come from `allocate`.
   *
   * @default leaves them to the garbage collector
   */
  readonly giveBack?: (bytes: Buffer) => void;
}

/**
 * Writes OpenSearch's stream primitives into a Buffer that grows. A writer lends it a slab and a start position; when a message outgrows the
 * slab, its bytes move to a larger Buffer and the slab stays as it was.
 *
 * Values out of range throw `ERR_USAGE`; the owner can then rewind with {@link truncate}.
 *
 * @see wire-format.md §8 (`StreamOutput` of OpenSearch)
 */
export class StreamOutput {
  /** Stream version. */
  version: VersionId;
  /** The peer's release, or the stream version. */
  peerVersion: VersionId;
  /** Current nesting depth of recursive writers. */
  depth: number;
  #bytes: FastBuffer;
  /** A view of {@link StreamOutput.#bytes}, created on first use. */
  #view: DataView | null;
  #start: number;
  #position: number;
  #references: ByReference[];
  #byReference: boolean;
  readonly #allocate: (bytes: number) => Buffer;
  readonly #giveBack: ((bytes: Buffer) => void) | undefined;
  /** Number of bytes by reference and of the tail. */
  #beside: number;
  #tail: Tail | null;
  /** Size of the message when its tail was set. */
  #sizeWithTail: number;

  constructor(options: StreamOutputOptions = {}) {
    this.version = options.version ?? V_3_9_0;
    this.peerVersion = options.peerVersion ?? this.version;
    this.depth = 0;
    this.#bytes = (options.size === 0 ? NOTHING : Buffer.allocUnsafe(options.size ?? 256)) as FastBuffer;
    this.#view = null;
    this.#allocate = options.allocate ?? allocate;
    this.#giveBack = options.giveBack;
    this.#start = 0;
    this.#position = 0;
    this.#references = NONE;
    this.#byReference = false;
    this.#beside = 0;
    this.#tail = null;
    this.#sizeWithTail = 0;
  }

  /** Lends the stream a buffer to write into, beginning at `start`. @param view of the whole buffer, if its owner has one */
  lend(bytes: Buffer, start: number, version: VersionId, peerVersion: VersionId, view: DataView | null = null): void {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes as FastBuffer;
      this.#view = view;
    }
    this.#start = start;
    this.#position = start;
    this.version = version;
    this.peerVersion = peerVersion;
    this.depth = 0;
    this.#beside = 0;
    this.#references = NONE;
    this.#byReference = false;
    this.#tail = null;
  }

  /** Allows byte fields of at least {@link BY_REFERENCE_BYTES} to be passed by reference instead of copied. */
  allowReferences(): void {
    this.#byReference = true;
  }

  /** Forgets the bytes by reference, after the owner has copied them. */
  dropReferences(): void {
    this.#beside = 0;
    this.#references = NONE;
  }

  /** The current buffer. It is not the lent one after a message has outgrown that. */
  get buffer(): Buffer {
    return this.#bytes;
  }

  /** Position in {@link buffer} at which the message begins. */
  get start(): number {
    return this.#start;
  }

  /** Position in {@link buffer} of the next byte. */
  get position(): number {
    return this.#position;
  }

  /** Number of bytes of the message: written, by reference and in the tail. */
  get size(): number {
    return this.#position - this.#start + this.#beside;
  }

  /** The bytes that follow chunk by chunk, or null. */
  get tail(): Tail | null {
    return this.#tail;
  }

  /** Ends the message with bytes that are not here yet: nothing may be written behind them. */
  continueWith(tail: Tail): void {
    if (!this.#byReference) throw outOfRange('a stream can only be sent by a client or server, not encoded into a Buffer');
    if (this.#tail !== null) throw outOfRange('a message can end with one stream only');
    this.#tail = tail;
    this.#beside += tail.size;
    this.#sizeWithTail = this.size;
  }

  /** False if something was written after {@link continueWith}: it would come before the tail's bytes. */
  get isTailLast(): boolean {
    return this.#tail === null || this.size === this.#sizeWithTail;
  }

  /** The bytes by reference, in order. */
  get references(): readonly ByReference[] {
    return this.#references;
  }

  /** Drops the bytes written after a position. */
  truncate(position: number): void {
    this.#position = position;
  }

  /** Returns all bytes since the start. @memory a view unless there are bytes by reference; owned by the caller once the stream is dropped */
  toBuffer(): Buffer {
    const references = this.references;
    if (references.length === 0) return this.#bytes.subarray(this.#start, this.#position);
    const parts: Uint8Array[] = [];
    let at = this.#start;
    for (const reference of references) {
      parts.push(this.#bytes.subarray(at, reference.at), reference.bytes);
      at = reference.at;
    }
    parts.push(this.#bytes.subarray(at, this.#position));
    return Buffer.concat(parts);
  }

  /** Makes room for `count` bytes and returns the position at which to write them. */
  reserve(count: number): number {
    const at = this.#position;
    if (count > this.#bytes.length - at) this.#grow(count);
    const from = this.#position;
    this.#position = from + count;
    return from;
  }

  #grow(count: number): void {
    const used = this.#position - this.#start;
    const larger = this.#allocate(Math.max(2 * used, used + count, 256));
    this.#bytes.copy(larger, 0, this.#start, this.#position);
    if (this.#references.length > 0) {
      const moved = this.#start;
      this.#references = this.#references.map(({ at, bytes }) => ({ at: at - moved, bytes }));
    }
    this.#giveBack?.(this.#bytes);
    this.#bytes = larger as FastBuffer;
    this.#view = null;
    this.#start = 0;
    this.#position = used;
  }

  /** u8 or i8: the low eight bits. */
  writeByte(value: number): void {
    const at = this.reserve(1);
    this.#bytes[at] = value;
  }

  writeBoolean(value: boolean): void {
    this.writeByte(value ? 1 : 0);
  }

  /** 00 false, 01 true, 02 null. */
  writeOptionalBoolean(value: boolean | null): void {
    this.writeByte(value === null ? 2 : value ? 1 : 0);
  }

  /** i16 */
  writeShort(value: number): void {
    integer(value, -0x8000, 0x7fff, 'short');
    const at = this.reserve(2);
    this.#bytes[at] = value >> 8;
    this.#bytes[at + 1] = value;
  }

  /** i32 */
  writeInt(value: number): void {
    integer(value, -MAX_INT - 1, MAX_INT, 'int');
    this.#int(this.reserve(4), value);
  }

  #int(at: number, value: number): void {
    const bytes = this.#bytes;
    bytes[at] = value >> 24;
    bytes[at + 1] = value >> 16;
    bytes[at + 2] = value >> 8;
    bytes[at + 3] = value;
  }

  /** A view of {@link buffer}, for writing at reserved positions. @memory valid until more is written */
  get view(): DataView {
    this.#view ??= viewOf(this.#bytes);
    return this.#view;
  }

  /** Writes the first `count` bytes of big-endian words; for short values that are written often. */
  // hot: frame/encode
  writeWords(words: Int32Array, count: number): void {
    if (4 * words.length > this.#bytes.length - this.#position) this.#grow(4 * words.length);
    const { view } = this;
    const at = this.#position;
    for (let i = 0; i < words.length; i++) view.setInt32(at + 4 * i, words[i] as number);
    this.#position = at + count;
  }

  /** i64 */
  writeLong(value: number): void {
    integer(value, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 'long');
    const at = this.reserve(8);
    this.#int(at, Math.floor(value / TWO_32));
    this.#int(at + 4, value | 0);
  }

  /** i64 */
  writeLong64(value: bigint): void {
    long64(value);
    const at = this.reserve(8);
    this.#bytes.writeBigInt64BE(value, at);
  }

  /** f32; any NaN becomes 7fc00000. */
  writeFloat(value: number): void {
    const at = this.reserve(4);
    if (Number.isNaN(value)) this.#int(at, NAN_32);
    else this.#bytes.writeFloatBE(value, at);
  }

  /** f64; any NaN becomes 7ff8000000000000. */
  writeDouble(value: number): void {
    const at = this.reserve(8);
    if (Number.isNaN(value)) this.#bytes.writeBigUInt64BE(NAN_64, at);
    else this.#bytes.writeDoubleBE(value, at);
  }

  /** 1–5 bytes; negative values take five. */
  writeVInt(value: number): void {
    integer(value, -MAX_INT - 1, MAX_INT, 'vInt');
    let rest = value >>> 0;
    while (rest >= TWO_7) {
      this.writeByte((rest & 0x7f) | TWO_7);
      rest >>>= 7;
    }
    this.writeByte(rest);
  }

  /** 1–9 bytes, not negative. */
  writeVLong(value: number): void {
    integer(value, 0, Number.MAX_SAFE_INTEGER, 'vLong');
    this.#variable(value);
  }

  /** Writes a number below 2⁵³ with seven bits in each byte. */
  #variable(value: number): void {
    let rest = value;
    for (; rest > MAX_INT; rest = Math.floor(rest / TWO_7)) this.writeByte((rest % TWO_7) | TWO_7);
    for (; rest >= TWO_7; rest >>>= 7) this.writeByte((rest & 0x7f) | TWO_7);
    this.writeByte(rest);
  }

  /** 1–9 bytes, not negative. */
  writeVLong64(value: bigint): void {
    if (value < 0n) {
      throw outOfRange(`Negative longs unsupported, use writeLong or writeZLong for negative numbers [${value}]`);
    }
    this.writeVLongNoCheck64(value);
  }

  /** 1–10 bytes; negative values take ten. */
  writeVLongNoCheck64(value: bigint): void {
    long64(value);
    let rest = BigInt.asUintN(64, value);
    while (rest >= 0x80n) {
      this.writeByte(Number(rest & 0x7fn) | TWO_7);
      rest >>= 7n;
    }
    this.writeByte(Number(rest));
  }

  /** Zig-zag, 1–10 bytes. */
  writeZLong(value: number): void {
    integer(value, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 'zLong');
    const zigZag = value < 0 ? -2 * value - 1 : 2 * value;
    if (zigZag <= Number.MAX_SAFE_INTEGER) this.#variable(zigZag);
    else this.writeZLong64(BigInt(value));
  }

  /** Zig-zag, 1–10 bytes. */
  writeZLong64(value: bigint): void {
    long64(value);
    this.writeVLongNoCheck64(BigInt.asIntN(64, (value << 1n) ^ (value >> 63n)));
  }

  /**
   * Writes the bytes without a length.
   *
   * @memory copied; or given until the message is written, if {@link allowReferences} was called and there are at least
   * {@link BY_REFERENCE_BYTES}
   */
  // hot: frame/encode
  writeBytes(bytes: Uint8Array): void {
    if (this.#byReference && bytes.length >= BY_REFERENCE_BYTES) {
      this.#refer(bytes);
      return;
    }
    const at = this.reserve(bytes.length);
    this.#bytes.set(bytes, at);
  }

  #refer(bytes: Uint8Array): void {
    if (this.#references === NONE) this.#references = [];
    this.#references.push({ at: this.#position, bytes });
    this.#beside += bytes.length;
  }

  /** vInt length, bytes. @memory as {@link writeBytes} */
  writeByteArray(bytes: Uint8Array): void {
    this.writeVInt(bytes.length);
    this.writeBytes(bytes);
  }

  /** vInt number of UTF-16 code units, then CESU-8. @see wire-format.md §8.3 */
  // hot: frame/encode
  writeString(text: string): void {
    if (typeof text !== 'string') throw mismatch('a string', text);
    const units = text.length;
    if (units > SHORT_STRING) {
      this.#writeLongString(text);
      return;
    }
    if (units + 1 > this.#bytes.length - this.#position) this.#grow(units + 1);
    const bytes = this.#bytes;
    const at = this.#position + 1;
    bytes[at - 1] = units;
    let seen = 0;
    for (let i = 0; i < units; i++) {
      const unit = text.charCodeAt(i);
      bytes[at + i] = unit;
      seen |= unit;
    }
    this.#position = at;
    if (seen < 0x80) this.#position = at + units;
    else this.#writeWide(text);
  }

  #writeLongString(text: string): void {
    const units = text.length;
    this.writeVInt(units);
    // A write cut short by the end of the buffer leaves at most 3 bytes free. With 4 to spare it cannot look like one byte per code unit.
    if (units + 4 > this.#bytes.length - this.#position) this.#grow(units + 4);
    const bytes = this.#bytes;
    const at = this.#position;
    if (bytes.utf8Write(text, at, bytes.length - at) === units) this.#position = at + units;
    else this.#writeWide(text);
  }

  #writeWide(text: string): void {
    const most = 3 * text.length;
    const at = this.reserve(most);
    this.#position = writeCesu8(this.#bytes, at, text);
  }

  /** bool, then the string. */
  writeOptionalString(text: string | null): void {
    this.writeBoolean(text !== null);
    if (text !== null) this.writeString(text);
  }

  /** Real UTF-8 without a length; a lone surrogate becomes U+FFFD. */
  writeUtf8(text: string): void {
    const count = Buffer.byteLength(text, 'utf8');
    const at = this.reserve(count);
    this.#bytes.utf8Write(text, at, count);
  }

  /** vInt number of bytes, then real UTF-8; a lone surrogate becomes U+FFFD. */
  writeSizedUtf8(text: string): void {
    const units = text.length;
    // Room for the count, and 4 to spare as in #writeLongString: a write that was cut short cannot look like ASCII.
    if (units + 9 > this.#bytes.length - this.#position) this.#grow(units + 9);
    const from = this.#position;
    this.writeVInt(units);
    const at = this.#position;
    const bytes = this.#bytes;
    if (bytes.utf8Write(text, at, bytes.length - at) === units) {
      this.#position = at + units;
      return;
    }
    this.#position = from;
    this.writeVInt(Buffer.byteLength(text, 'utf8'));
    this.writeUtf8(text);
  }
}

function integer(value: number, min: number, max: number, what: string): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw mismatch(`${what} (an integer from ${min} to ${max})`, value);
  }
}

/** Returns a view of bytes, for writing numbers at reserved positions. */
export function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}

function long64(value: bigint): void {
  if (typeof value !== 'bigint' || BigInt.asIntN(64, value) !== value) {
    throw mismatch('a bigint from -2^63 to 2^63 - 1', value);
  }
}

function outOfRange(text: string): UsageError {
  return new UsageError('ERR_USAGE', {}, text);
}
