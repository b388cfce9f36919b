import type { TransportError } from '../../protocol/error/transport-error.ts';
import { FIXED_HEADER_BYTES, LENGTH_AT, PING, PREFIX_BYTES } from '../../protocol/frame/native/fixed-header.ts';
import { NativeDecoder } from '../../protocol/frame/native/decoder.ts';
import { HeaderCache } from '../../protocol/frame/native/header-cache.ts';
import { MARKER, plausibleFrameAt } from './frame-heuristic.ts';

/** What one direction of a connection is made of. Offsets count from its first byte, gaps included. */
export type Piece =
  | { readonly kind: 'frame'; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: 'ping'; readonly offset: number; readonly bytes: Buffer }
  /** The beginning of a frame whose end is not there. */
  | { readonly kind: 'unfinished'; readonly offset: number; readonly bytes: Buffer; readonly missing: number }
  /** Bytes the capture does not have. */
  | { readonly kind: 'gap'; readonly offset: number; readonly size: number }
  /** Bytes that are no frame: `bytes` are the first of `size`, `error` says why when it is known. */
  | {
      readonly kind: 'skipped';
      readonly offset: number;
      readonly size: number;
      readonly bytes: Buffer;
      readonly error: TransportError | null;
    };

/** Where the splitter is not in step with the frames: since when, and what it passed over. */
interface Lost {
  readonly offset: number;
  readonly error: TransportError | null;
  size: number;
  bytes: Buffer;
}

/** As many skipped bytes are kept to be shown. */
const SHOWN_BYTES = 64;

/**
 * Cuts one direction of a connection into frames. After a gap, a broken frame or a start in the middle it goes on at the next bytes that look
 * like the header of a frame.
 *
 * @memory pieces own their bytes
 */
export class FrameSplitter {
  #chunks: Buffer[];
  #size: number;
  /** Bytes to wait for before looking again. */
  #wanted: number;
  /** Where the first byte held stands in the stream. */
  #offset: number;
  #lost: Lost | null;
  readonly #headers: HeaderCache;

  constructor() {
    this.#chunks = [];
    this.#size = 0;
    this.#wanted = PREFIX_BYTES;
    this.#offset = 0;
    this.#lost = null;
    this.#headers = new HeaderCache();
  }

  /** The pieces these bytes complete. @param chunk copied */
  *push(chunk: Buffer): Generator<Piece, void, undefined> {
    this.#chunks.push(Buffer.from(chunk));
    this.#size += chunk.length;
    while (this.#size >= this.#wanted) {
      const piece = this.#lost === null ? this.#frame() : this.#search();
      if (piece === null) return;
      if (piece !== 'again') yield piece;
    }
  }

  /** The stream was captured from its middle on: whatever comes before a frame is passed over. */
  beginInTheMiddle(): void {
    this.#lose(null);
  }

  /** `size` bytes are missing here. */
  *gap(size: number): Generator<Piece, void, undefined> {
    yield* this.#ending();
    yield { kind: 'gap', offset: this.#offset, size };
    this.#offset += size;
    this.#lose(null);
  }

  /** The stream ends here. */
  *end(): Generator<Piece, void, undefined> {
    yield* this.#ending();
    this.#lost = null;
  }

  *#ending(): Generator<Piece, void, undefined> {
    const bytes = this.#joined();
    const lost = this.#lost;
    if (lost !== null) {
      this.#pass(lost, bytes, bytes.length);
      if (lost.size > 0) yield { kind: 'skipped', ...lost };
    } else if (bytes.length > 0) {
      const offset = this.#offset;
      this.#drop(bytes.length);
      if (!MARKER.subarray(0, bytes.length).equals(bytes.subarray(0, MARKER.length))) {
        yield { kind: 'skipped', offset, size: bytes.length, bytes, error: null };
      } else yield { kind: 'unfinished', offset, bytes, missing: neededBytes(bytes) - bytes.length };
    }
    this.#wanted = PREFIX_BYTES;
  }

  /** A whole frame, null when more bytes are needed. */
  #frame(): Piece | 'again' | null {
    const bytes = this.#joined();
    const error = this.#problemOf(bytes);
    if (error !== null) {
      this.#lose(error);
      return 'again';
    }
    const needed = neededBytes(bytes);
    if (needed > bytes.length) {
      this.#wanted = bytes.length < FIXED_HEADER_BYTES ? Math.min(needed, FIXED_HEADER_BYTES) : needed;
      return null;
    }
    const offset = this.#offset;
    const frame = bytes.subarray(0, needed);
    this.#drop(needed);
    this.#wanted = PREFIX_BYTES;
    return { kind: needed === PREFIX_BYTES ? 'ping' : 'frame', offset, bytes: frame };
  }

  /** What the decoder of the transport says about a header. A variable header that is broken shows later, with its fields. */
  #problemOf(bytes: Buffer): TransportError | null {
    const decoder = new NativeDecoder({ headers: this.#headers });
    decoder.push(bytes.subarray(0, FIXED_HEADER_BYTES));
    try {
      decoder.next();
      return null;
    } catch (error) {
      return error as TransportError;
    }
  }

  /** From here on bytes are passed over until something looks like a frame. */
  #lose(error: TransportError | null): void {
    this.#lost = { offset: this.#offset, size: 0, bytes: Buffer.alloc(0), error };
    this.#wanted = PREFIX_BYTES;
  }

  /** Looks for the next frame behind the place where the last one was lost. */
  #search(): Piece | 'again' | null {
    const lost = this.#lost;
    if (lost === null) return 'again';
    const bytes = this.#joined();
    // The broken frame itself looks like one.
    const first = lost.error !== null && lost.size === 0 ? 1 : 0;
    for (let at = bytes.indexOf(MARKER, first); at !== -1; at = bytes.indexOf(MARKER, at + 1)) {
      const verdict = plausibleFrameAt(bytes, at);
      if (verdict === 'no') continue;
      this.#pass(lost, bytes, at);
      if (verdict === 'more') {
        this.#wanted = FIXED_HEADER_BYTES;
        return null;
      }
      this.#lost = null;
      this.#wanted = PREFIX_BYTES;
      return lost.size === 0 ? 'again' : { kind: 'skipped', ...lost };
    }
    // The last byte may be the first of a marker.
    this.#pass(lost, bytes, Math.max(bytes.length - 1, first));
    this.#wanted = PREFIX_BYTES;
    return null;
  }

  #pass(lost: Lost, bytes: Buffer, count: number): void {
    const shown = bytes.subarray(0, Math.min(count, SHOWN_BYTES - lost.bytes.length));
    lost.bytes = Buffer.concat([lost.bytes, shown]);
    lost.size += count;
    this.#drop(count);
  }

  #joined(): Buffer {
    if (this.#chunks.length !== 1) this.#chunks = [Buffer.concat(this.#chunks, this.#size)];
    return this.#chunks[0] as Buffer;
  }

  #drop(count: number): void {
    const bytes = this.#joined();
    this.#chunks = [bytes.subarray(count)];
    this.#size = bytes.length - count;
    this.#offset += count;
  }
}

/** Bytes of the frame that begins here, as far as its beginning tells. */
function neededBytes(bytes: Buffer): number {
  if (bytes.length < PREFIX_BYTES || bytes.subarray(0, PREFIX_BYTES).equals(PING)) return PREFIX_BYTES;
  return PREFIX_BYTES + bytes.readInt32BE(LENGTH_AT);
}
