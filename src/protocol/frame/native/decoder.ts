import type { TransportError } from '../../error/transport-error.ts';
import { DEFAULT_LIMITS, type WireLimits } from '../../wire/limits.ts';
import type { VersionId } from '../../wire/version.ts';
import { Carry } from './carry.ts';
import {
  COUNTED_HEADER_BYTES,
  FIXED_HEADER_BYTES,
  LENGTH_AT,
  MARKER,
  MIN_LENGTH,
  PING_LENGTH,
  PREFIX_BYTES,
  REQUEST_ID_AT,
  STATUS,
  STATUS_AT,
  VARIABLE_SIZE_AT,
  VERSION_AT,
  wideId,
} from './fixed-header.ts';
import { foreignMarker } from './foreign-marker.ts';
import { badHeader, badHeaderSize, badLength, type FramePlace, frameTooLarge, headOf } from './frame-faults.ts';
import { HeaderCache } from './header-cache.ts';
import { SharedView } from './shared-view.ts';
import { NO_HEADER, type VariableHeader } from './variable-header.ts';

/** The results of {@link NativeDecoder.next}. */
export interface DecodedKinds {
  /** The bytes hold nothing more. */
  readonly needMore: 0;
  readonly ping: 1;
  /** The headers of a message: `requestId`, `status`, `version`, `variable`, `bodyBytes` are set. */
  readonly header: 2;
  /** The whole body of that message. */
  readonly body: 3;
  /** A piece of the body, if pieces were asked for. */
  readonly piece: 4;
  /** The end of a body delivered in pieces, or discarded. */
  readonly end: 5;
}

/** The results of {@link NativeDecoder.next}. */
export const DECODED: DecodedKinds = { needMore: 0, ping: 1, header: 2, body: 3, piece: 4, end: 5 };

/** What to do with the body whose header the decoder has just returned. */
export const BODY_MODE = { whole: 0, pieces: 1, discard: 2 } as const;

/** Bodies from this size on get memory of their own, filled in place; smaller ones that straddle chunks are carried over. @see performance.md L5 */
export const LARGE_BODY_BYTES = 16 * 1024;

/** Memory for a large body is at most so many times what has arrived of it, or {@link FIRST_BYTES}: an announced length reserves nothing. */
const MOST_AHEAD = 64;
const FIRST_BYTES = 64 * 1024;

const NOTHING = Buffer.alloc(0);

/** Returns memory for a large body. @memory every byte is written before it is read */
export type BodyAllocator = (bytes: number) => Buffer;

/** Options of a decoder. */
export interface DecoderOptions {
  readonly limits?: WireLimits;
  /** Cache of variable headers, shared by the channels of one endpoint. @default its own */
  readonly headers?: HeaderCache;
  /** View of the memory that reads share, shared by the same channels. @default its own */
  readonly views?: SharedView;
  /** @default Buffer.allocUnsafeSlow */
  readonly allocateBody?: BodyAllocator;
  /** Takes memory of `allocateBody` back whose bytes have moved to larger memory. @default leaves it to the garbage collector */
  readonly freeBody?: (memory: Buffer) => void;
}

/** States of the decoder: what the next byte belongs to. */
const STATE = { header: 0, body: 1, carriedHeader: 2, carriedBody: 3, largeBody: 4, pieces: 5, discard: 6, poisoned: 7 } as const;

/**
 * Finds messages in a stream of bytes, however it is cut. Integer states, no copy while a frame lies in one chunk.
 *
 * Feed it with {@link push}, then call {@link next} until it answers `needMore`. After a header, set {@link bodyMode} before the next call
 * to have the body in pieces or discarded. After an error it is poisoned: every further call throws the same error.
 *
 * @memory `push` borrows the chunk until `next` answers `needMore`; a body is borrowed until the next call, unless {@link bodyOwned}
 * @see wire-format.md §1, §2
 */
export class NativeDecoder {
  /** The request id as a number; NaN beyond 2⁵³, where {@link idHigh} and {@link idLow} have it exactly. */
  requestId: number;
  /** High 32 bits of the request id, signed. */
  idHigh: number;
  /** Low 32 bits of the request id, signed. */
  idLow: number;
  status: number;
  /** Version id of the frame: the stream version of its body. */
  version: VersionId;
  variable: VariableHeader;
  /** Bytes of the body on the wire. */
  bodyBytes: number;
  /** What to do with the body; `whole` after each header. */
  bodyMode: number;
  /** Where the body or piece lies: bytes `bodyStart` to `bodyEnd` of it. */
  body: Buffer;
  bodyStart: number;
  bodyEnd: number;
  /** True when the body has memory of its own that is never written again. */
  bodyOwned: boolean;
  /** Longest frame whose header is read; raised while streams may come, whose bodies are never held. */
  longestFrame: number;

  readonly #limits: WireLimits;
  readonly #headers: HeaderCache;
  readonly #views: SharedView;
  readonly #allocate: BodyAllocator;
  readonly #free: (memory: Buffer) => void;
  #state: number;
  #chunk: Buffer;
  #memory: ArrayBufferLike;
  #view: DataView;
  #at: number;
  #end: number;
  /** Where the chunk begins in its memory: what {@link NativeDecoder.#view} counts from. */
  #base: number;
  /** Bytes given to the decoder so far. */
  #given: number;
  #carry: Carry;
  #large: Buffer;
  #filled: number;
  #left: number;
  #poison: TransportError | null;

  constructor(options: DecoderOptions = {}) {
    this.requestId = 0;
    this.idHigh = 0;
    this.idLow = 0;
    this.status = 0;
    this.version = 0;
    this.variable = NO_HEADER;
    this.bodyBytes = 0;
    this.bodyMode = BODY_MODE.whole;
    this.body = NOTHING;
    this.bodyStart = 0;
    this.bodyEnd = 0;
    this.bodyOwned = false;
    this.#limits = options.limits ?? DEFAULT_LIMITS;
    this.longestFrame = this.#limits.maxFrameBytes;
    this.#headers = options.headers ?? new HeaderCache();
    this.#views = options.views ?? new SharedView();
    this.#allocate = options.allocateBody ?? ((bytes) => Buffer.allocUnsafeSlow(bytes));
    this.#free = options.freeBody ?? (() => undefined);
    this.#state = STATE.header;
    this.#chunk = NOTHING;
    this.#memory = NO_VIEW.buffer;
    this.#view = NO_VIEW;
    this.#at = 0;
    this.#end = 0;
    this.#base = 0;
    this.#given = 0;
    this.#carry = NO_CARRY;
    this.#large = NOTHING;
    this.#filled = 0;
    this.#left = 0;
    this.#poison = null;
  }

  /** True while the bytes of an unfinished frame are held: the connection must not end here. */
  get midFrame(): boolean {
    return this.#carry.size > 0 || this.#state !== STATE.header || this.#at < this.#end;
  }

  /** Bytes consumed since the beginning: headers, whole bodies, pieces. */
  get consumed(): number {
    return this.#given - this.unread;
  }

  /** Bytes pushed or carried that belong to no finished frame yet. */
  get unread(): number {
    return this.#carry.size + (this.#state === STATE.largeBody ? this.#filled : 0) + this.#end - this.#at;
  }

  /** True after a header when its body lies in the bytes at hand as a whole. */
  // hot: frame/decode
  get hasBody(): boolean {
    return this.#at + this.bodyBytes <= this.#end && this.bodyBytes <= this.#limits.maxFrameBytes;
  }

  /** Drops what is held of the body that has begun; the rest of it is discarded. */
  dropBody(): void {
    if (this.#state === STATE.pieces) {
      this.#state = STATE.discard;
      return;
    }
    this.#left = this.bodyBytes - this.#carry.size - this.#filled;
    this.#carry.clear(0);
    // Not given back: the next read may still go into it.
    this.#large = NOTHING;
    this.#filled = 0;
    this.#state = STATE.discard;
  }

  /** The next bytes of the stream, behind what {@link keep} kept. @memory borrowed until `next` answers `needMore` */
  push(bytes: Buffer): void {
    const chunk = this.#at < this.#end ? Buffer.concat([this.#chunk.subarray(this.#at, this.#end), bytes]) : bytes;
    if (chunk !== this.#chunk) this.#begin(chunk);
    this.#at = 0;
    this.#end = chunk.length;
    this.#given += bytes.length;
  }

  #begin(chunk: Buffer): void {
    this.#chunk = chunk;
    const memory = chunk.buffer;
    if (memory !== this.#memory) {
      this.#memory = memory;
      this.#view = this.#views.of(memory);
    }
    this.#base = chunk.byteOffset;
  }

  /** The caller stops here and calls {@link next} again later, without a {@link push}: what is left of the chunk is copied. */
  keep(): void {
    if (this.#at < this.#end) this.push(NOTHING);
  }

  /** Where the next bytes could be read in place: the rest of a large body, else null. Valid after `needMore`. */
  get target(): Buffer | null {
    return this.#state === STATE.largeBody ? this.#large.subarray(this.#filled) : null;
  }

  /** `count` bytes were written to {@link target}. */
  filled(count: number): void {
    // A body that was dropped meanwhile is only counted.
    if (this.#state === STATE.largeBody) this.#filled += count;
    else this.#left -= count;
    this.#given += count;
    this.#chunk = NOTHING;
    this.#at = 0;
    this.#end = 0;
  }

  /**
   * Takes the next thing from the bytes.
   *
   * @returns one of {@link DECODED}
   * @throws ERR_BAD_MARKER, ERR_BAD_LENGTH, ERR_FRAME_TOO_LARGE, ERR_HEADER_SIZE; the channel has to close
   */
  // hot: frame/decode
  next(): number {
    if (this.#state === STATE.header) return this.#header();
    if (this.#state === STATE.body) return this.#body();
    return this.#goOn();
  }

  /** Continues a frame that does not lie in one chunk, or a body that is not wanted whole. */
  #goOn(): number {
    switch (this.#state) {
      case STATE.carriedHeader:
        return this.#carriedHeader();
      case STATE.carriedBody:
        return this.#fillCarry() ? this.#endCarriedBody() : DECODED.needMore;
      case STATE.largeBody:
        return this.#fillLarge();
      case STATE.pieces:
        return this.#piece();
      case STATE.discard:
        return this.#discard();
      default:
        throw this.#poison as TransportError;
    }
  }

  /** Reads a header that lies in the chunk; the beginning of another one is carried over. */
  // hot: frame/decode
  #header(): number {
    const at = this.#at;
    const available = this.#end - at;
    const needed = this.#headerBytes(this.#view, this.#base + at, available);
    if (needed > available) return available > 0 ? this.#beginCarriedHeader(needed) : DECODED.needMore;
    if (needed === 0) {
      this.#at = at + PREFIX_BYTES;
      return DECODED.ping;
    }
    this.#parseHeader(this.#chunk, this.#view, this.#base, at, needed);
    this.#at = at + needed;
    return DECODED.header;
  }

  #beginCarriedHeader(needed: number): number {
    this.#state = STATE.carriedHeader;
    this.#carryOver(needed);
    return DECODED.needMore;
  }

  /** Reads a header that straddles chunks: collects bytes until its size is known, then until it is complete. */
  #carriedHeader(): number {
    const carry = this.#carry;
    for (;;) {
      if (!this.#fillCarry()) return DECODED.needMore;
      const base = carry.bytes.byteOffset;
      const needed = this.#headerBytes(carry.view, base, carry.size);
      if (needed > carry.size) {
        carry.want(needed);
        continue;
      }
      if (needed === 0) this.#state = STATE.header;
      else this.#parseHeader(carry.bytes, carry.view, base, 0, needed);
      carry.clear(LARGE_BODY_BYTES);
      return needed === 0 ? DECODED.ping : DECODED.header;
    }
  }

  /**
   * Returns how many bytes the headers at `at` take, as far as the available bytes tell: 6, then 23, then all; 0 for a ping. Errors are found with the
   * first byte that shows them.
   */
  // hot: frame/decode
  #headerBytes(view: DataView, at: number, available: number): number {
    if (available < PREFIX_BYTES) return PREFIX_BYTES;
    const length = view.getInt32(at + LENGTH_AT);
    if (view.getInt16(at) !== MARKER || length < MIN_LENGTH || length > this.longestFrame) return this.#pingOrFault(view, at, available);
    if (available < FIXED_HEADER_BYTES) return FIXED_HEADER_BYTES;
    const variable = view.getInt32(at + VARIABLE_SIZE_AT);
    if (variable < 2 || variable > length - COUNTED_HEADER_BYTES || variable > this.#limits.maxHeaderBytes) {
      throw this.#poisoned(this.#badHeaderSize(view, at, available, variable, length - COUNTED_HEADER_BYTES));
    }
    return FIXED_HEADER_BYTES + variable;
  }

  /** Returns 0 if the prefix is a ping, else throws what is wrong with it. */
  #pingOrFault(view: DataView, at: number, available: number): number {
    const length = view.getInt32(at + LENGTH_AT);
    const head = Buffer.from(view.buffer, at, available);
    if (view.getInt16(at) !== MARKER) throw this.#poisoned(foreignMarker(head, this.consumed));
    if (length !== PING_LENGTH) throw this.#poisoned(badLength(this.#place(head), length, this.longestFrame));
    return 0;
  }

  #badHeaderSize(view: DataView, at: number, available: number, found: number, most: number): TransportError {
    const limit = Math.min(most, this.#limits.maxHeaderBytes);
    return badHeaderSize(this.#place(Buffer.from(view.buffer, at, available)), found, limit);
  }

  // hot: frame/decode
  #parseHeader(bytes: Buffer, view: DataView, base: number, at: number, size: number): void {
    const words = base + at;
    const high = view.getInt32(words + REQUEST_ID_AT);
    const low = view.getInt32(words + REQUEST_ID_AT + 4);
    // A small integer as such: a field that holds one is read and written without a box.
    this.requestId = high === 0 && low >= 0 ? low : wideId(high, low);
    this.idHigh = high;
    this.idLow = low;
    const status = view.getUint8(words + STATUS_AT);
    this.status = status;
    this.version = view.getInt32(words + VERSION_AT);
    this.bodyBytes = PREFIX_BYTES + view.getInt32(words + LENGTH_AT) - size;
    this.bodyMode = BODY_MODE.whole;
    const isRequest = (status & STATUS.response) === 0;
    try {
      this.variable = this.#headers.get(bytes, view, base, at + FIXED_HEADER_BYTES, size - FIXED_HEADER_BYTES, isRequest);
    } catch (cause) {
      throw this.#poisoned(badHeader(this.#place(bytes.subarray(at, at + size)), cause));
    }
    this.#state = STATE.body;
  }

  /** Returns a body that lies in the chunk as a whole. */
  // hot: frame/decode
  #body(): number {
    const at = this.#at;
    const end = at + this.bodyBytes;
    if (this.bodyMode !== BODY_MODE.whole || end > this.#end || this.bodyBytes > this.#limits.maxFrameBytes) return this.#beginBody();
    this.body = this.#chunk;
    this.bodyStart = at;
    this.bodyEnd = end;
    this.bodyOwned = false;
    this.#at = end;
    this.#state = STATE.header;
    return DECODED.body;
  }

  /** Begins a body that goes beyond the chunk, or is not wanted whole. */
  #beginBody(): number {
    const size = this.bodyBytes;
    if (this.bodyMode === BODY_MODE.whole) {
      const { maxFrameBytes } = this.#limits;
      if (size > maxFrameBytes) throw this.#poisoned(frameTooLarge({ offset: this.consumed, head: '' }, size, maxFrameBytes));
      if (size >= LARGE_BODY_BYTES) {
        this.#filled = 0;
        this.#large = this.#allocate(this.#capacityFor(this.#end - this.#at));
        this.#state = STATE.largeBody;
        return this.#fillLarge();
      }
      this.#state = STATE.carriedBody;
      this.#carryOver(size);
      return DECODED.needMore;
    }
    this.#left = size;
    this.#state = this.bodyMode === BODY_MODE.pieces ? STATE.pieces : STATE.discard;
    return this.#state === STATE.pieces ? this.#piece() : this.#discard();
  }

  #endCarriedBody(): number {
    this.#give(this.#carry.bytes, 0, this.#carry.size, false);
    this.#carry.clear(LARGE_BODY_BYTES);
    return this.#endBody(DECODED.body);
  }

  #fillLarge(): number {
    for (;;) {
      const count = Math.min(this.#end - this.#at, this.#large.length - this.#filled);
      if (count > 0) {
        this.#chunk.copy(this.#large, this.#filled, this.#at, this.#at + count);
        this.#filled += count;
        this.#at += count;
      }
      if (this.#filled < this.#large.length) return DECODED.needMore;
      if (this.#filled === this.bodyBytes) break;
      this.#enlarge();
    }
    this.#give(this.#large, 0, this.bodyBytes, true);
    this.#large = NOTHING;
    this.#filled = 0;
    return this.#endBody(DECODED.body);
  }

  /** Returns how much memory a large body gets when so many bytes of it have arrived. */
  #capacityFor(arrived: number): number {
    return Math.min(this.bodyBytes, Math.max(FIRST_BYTES, arrived * MOST_AHEAD));
  }

  #enlarge(): void {
    const full = this.#large;
    this.#large = this.#allocate(this.#capacityFor(this.#filled));
    full.copy(this.#large);
    this.#free(full);
  }

  #piece(): number {
    if (this.#left === 0) return this.#endBody(DECODED.end);
    const count = Math.min(this.#end - this.#at, this.#left);
    if (count === 0) return DECODED.needMore;
    this.#give(this.#chunk, this.#at, this.#at + count, false);
    this.#at += count;
    this.#left -= count;
    return DECODED.piece;
  }

  #discard(): number {
    const count = Math.min(this.#end - this.#at, this.#left);
    this.#at += count;
    this.#left -= count;
    return this.#left === 0 ? this.#endBody(DECODED.end) : DECODED.needMore;
  }

  #give(bytes: Buffer, start: number, end: number, owned: boolean): void {
    this.body = bytes;
    this.bodyStart = start;
    this.bodyEnd = end;
    this.bodyOwned = owned;
  }

  #endBody(found: number): number {
    this.#state = STATE.header;
    return found;
  }

  /** Moves what is left of the chunk to the carry, where `wanted` bytes are collected. */
  #carryOver(wanted: number): void {
    if (this.#carry === NO_CARRY) this.#carry = new Carry();
    this.#carry.begin(wanted);
    this.#fillCarry();
  }

  /** Adds to the carry from the chunk. @returns true when it holds what is wanted */
  #fillCarry(): boolean {
    this.#at += this.#carry.take(this.#chunk, this.#at, this.#end);
    return this.#carry.complete;
  }

  #poisoned(error: TransportError): TransportError {
    this.#poison = error;
    this.#state = STATE.poisoned;
    return error;
  }

  #place(head: Buffer): FramePlace {
    return { offset: this.consumed, head: headOf(head) };
  }
}

const NO_VIEW = new DataView(new ArrayBuffer(0));

/** The carry of decoders that have not met a straddling frame. Never written to. */
const NO_CARRY = new Carry();
