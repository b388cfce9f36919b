import type { TransportError } from '../../protocol/error/transport-error.ts';
import { DECODED, NativeDecoder } from '../../protocol/frame/native/decoder.ts';
import { FIXED_HEADER_BYTES, LENGTH_AT, PING, PREFIX_BYTES } from '../../protocol/frame/native/fixed-header.ts';
import { HeaderCache } from '../../protocol/frame/native/header-cache.ts';
import type { VariableHeader } from '../../protocol/frame/native/variable-header.ts';
import { looksLikeFrame, MARKER } from './frame-heuristic.ts';

/** A part of one direction of a connection. Offsets count from its first byte, gaps included. */
export type StreamPart =
  /** A whole frame; `variable` is null when its variable header cannot be read. */
  | { readonly kind: 'frame'; readonly offset: number; readonly bytes: Buffer; readonly variable: VariableHeader | null }
  | { readonly kind: 'ping'; readonly offset: number; readonly bytes: Buffer }
  /** The beginning of a frame whose end is not there. */
  | { readonly kind: 'unfinished'; readonly offset: number; readonly bytes: Buffer; readonly missing: number }
  /** Bytes that the capture does not have. */
  | { readonly kind: 'gap'; readonly offset: number; readonly size: number }
  /** Bytes that are not a frame: `bytes` are the first of `size`, `error` is the decoder's verdict, null after a gap. */
  | {
      readonly kind: 'skipped';
      readonly offset: number;
      readonly size: number;
      readonly bytes: Buffer;
      readonly error: TransportError | null;
    };

/** Bytes passed over since the splitter lost the boundaries of frames. */
interface Lost {
  readonly offset: number;
  readonly error: TransportError | null;
  size: number;
  bytes: Buffer;
}

/** Most skipped bytes that are kept to be shown. */
const SHOWN_BYTES = 64;

/**
 * Cuts one direction of a connection into frames with the decoder of the transport. After a gap, a broken frame or a start in the middle it
 * continues at the next bytes that look like the header of a frame.
 *
 * @memory parts own their bytes
 */
export class FrameSplitter {
  #chunks: Buffer[];
  #size: number;
  /** Bytes to wait for before looking again. */
  #wanted: number;
  /** Offset in the stream of the first byte held. */
  #offset: number;
  #lost: Lost | null;
  readonly #headers: HeaderCache;
  /** Stands at the boundary of a frame between two calls. */
  #decoder: NativeDecoder;

  /** @param headers remembers variable headers; may be shared by many splitters. @default one of its own */
  constructor(headers: HeaderCache = new HeaderCache()) {
    this.#chunks = [];
    this.#size = 0;
    this.#wanted = PREFIX_BYTES;
    this.#offset = 0;
    this.#lost = null;
    this.#headers = headers;
    this.#decoder = new NativeDecoder({ headers });
  }

  /** Returns the parts that these bytes complete. @param chunk copied */
  push(chunk: Buffer): StreamPart[] {
    const found: StreamPart[] = [];
    this.#chunks.push(Buffer.from(chunk));
    this.#size += chunk.length;
    while (this.#size >= this.#wanted) {
      const goesOn = this.#lost === null ? this.#readFrames(found) : this.#search(found, this.#lost);
      if (!goesOn) break;
    }
    return found;
  }

  /** Tells that the stream was captured from its middle on: whatever comes before a frame is skipped. */
  beginInTheMiddle(): void {
    this.#lose(null);
  }

  /** Tells that `size` bytes are missing here. */
  gap(size: number): StreamPart[] {
    const found = this.#ending();
    found.push({ kind: 'gap', offset: this.#offset, size });
    this.#offset += size;
    this.#lose(null);
    return found;
  }

  /** Tells that the stream ends here. */
  end(): StreamPart[] {
    const found = this.#ending();
    this.#lost = null;
    return found;
  }

  #ending(): StreamPart[] {
    const bytes = this.#joined();
    const lost = this.#lost;
    this.#wanted = PREFIX_BYTES;
    if (lost !== null) {
      this.#pass(lost, bytes, bytes.length);
      return lost.size > 0 ? [{ kind: 'skipped', ...lost }] : [];
    }
    if (bytes.length === 0) return [];
    const offset = this.#offset;
    this.#drop(bytes.length);
    if (!MARKER.subarray(0, bytes.length).equals(bytes.subarray(0, MARKER.length))) {
      return [{ kind: 'skipped', offset, size: bytes.length, bytes, error: null }];
    }
    return [{ kind: 'unfinished', offset, bytes, missing: neededBytes(bytes) - bytes.length }];
  }

  /** Takes the whole frames from the bytes held. @returns false when more bytes are needed */
  #readFrames(found: StreamPart[]): boolean {
    const bytes = this.#joined();
    const decoder = this.#decoder;
    decoder.push(bytes);
    let at = 0;
    for (;;) {
      let kind: number;
      try {
        kind = decoder.next();
      } catch (error) {
        return this.#skipBroken(at, error as TransportError, found);
      }
      if (kind === DECODED.needMore) return this.#waitFrom(at);
      if (kind === DECODED.ping) {
        found.push({ kind: 'ping', offset: this.#offset + at, bytes: bytes.subarray(at, at + PREFIX_BYTES) });
        at += PREFIX_BYTES;
      } else if (kind === DECODED.header) {
        const end = at + PREFIX_BYTES + bytes.readInt32BE(at + LENGTH_AT);
        if (end > bytes.length) return this.#waitFrom(at);
        found.push({ kind: 'frame', offset: this.#offset + at, bytes: bytes.subarray(at, end), variable: decoder.variable });
        at = end;
      }
    }
  }

  /** Everything before `at` is done with: what is left waits for more bytes. */
  #waitFrom(at: number): false {
    this.#drop(at);
    const rest = this.#joined();
    // It holds the beginning of a frame.
    if (rest.length > 0) this.#renewDecoder();
    const needed = neededBytes(rest);
    this.#wanted = rest.length < FIXED_HEADER_BYTES ? Math.min(needed, FIXED_HEADER_BYTES) : needed;
    return false;
  }

  /** A frame whose variable header cannot be read is passed on whole: the error shows with its fields. Anything else loses the boundaries. */
  #skipBroken(at: number, error: TransportError, found: StreamPart[]): boolean {
    this.#drop(at);
    this.#renewDecoder();
    if (error.code !== 'ERR_HEADER_SIZE' || error.cause === undefined) {
      this.#lose(error);
      return true;
    }
    const bytes = this.#joined();
    const needed = neededBytes(bytes);
    if (needed > bytes.length) {
      this.#wanted = needed;
      return false;
    }
    found.push({ kind: 'frame', offset: this.#offset, bytes: bytes.subarray(0, needed), variable: null });
    this.#drop(needed);
    this.#wanted = PREFIX_BYTES;
    return true;
  }

  #renewDecoder(): void {
    this.#decoder = new NativeDecoder({ headers: this.#headers });
  }

  /** From here on bytes are passed over until something looks like a frame. */
  #lose(error: TransportError | null): void {
    this.#lost = { offset: this.#offset, size: 0, bytes: Buffer.alloc(0), error };
    this.#wanted = PREFIX_BYTES;
  }

  /** Looks for the next frame after the offset where the last one was lost. @returns false when more bytes are needed */
  #search(found: StreamPart[], lost: Lost): boolean {
    const bytes = this.#joined();
    // The broken frame itself looks like one.
    const first = lost.error !== null && lost.size === 0 ? 1 : 0;
    for (let at = bytes.indexOf(MARKER, first); at !== -1; at = bytes.indexOf(MARKER, at + 1)) {
      const verdict = looksLikeFrame(bytes, at);
      if (verdict === 'no') continue;
      this.#pass(lost, bytes, at);
      if (verdict === 'more') {
        this.#wanted = FIXED_HEADER_BYTES;
        return false;
      }
      this.#lost = null;
      this.#wanted = PREFIX_BYTES;
      if (lost.size > 0) found.push({ kind: 'skipped', ...lost });
      return true;
    }
    // The last byte may be the first of a marker.
    this.#pass(lost, bytes, Math.max(bytes.length - 1, first));
    this.#wanted = PREFIX_BYTES;
    return false;
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
