import { constants, createDeflateRaw, createInflateRaw, type DeflateRaw, type InflateRaw } from 'node:zlib';
import { type FreeMemory, GrowingBody } from './growing-body.ts';

/** Bytes that one step of inflating makes at most, and the least that is asked for. A step holds a thread of the pool for a millisecond or two. */
const MAX_STEP_BYTES = 256 * 1024;
const MIN_STEP_BYTES = 64 * 1024;

/** Steps make so many times the bytes they are given: about what JSON compresses to. A small body is then inflated in one step, without waste. */
const LIKELY_RATIO = 8;

/** Bytes that one step of deflating reads at most. */
const DEFLATE_STEP_BYTES = 256 * 1024;

/** Bytes of each piece of a deflated body. */
const DEFLATED_PIECE_BYTES = 64 * 1024;

/** Inflating or deflating in the thread pool, a bounded step at a time. */
export interface BackgroundWork {
  /** Bytes that it reads. */
  readonly inputBytes: number;
  /**
   * Begins.
   *
   * @param onStep called with the number of bytes that a step has made
   * @param over called once at the end, when the result has been told
   * @param free frees memory that is no longer used. @default left to the collector
   */
  begin(onStep: (bytes: number) => void, over: () => void, free?: FreeMemory): void;
  /** Begins no further step until {@link resume}. */
  pause(): void;
  resume(): void;
  /** Ends the work, whether it has begun or not: its result is told to be missing. Idempotent. */
  stop(): void;
}

/** How inflating ended: with the bytes, with an error of zlib, because there were too many bytes, or because it was stopped. */
export type InflationEnd =
  | { readonly end: 'inflated'; readonly body: Buffer }
  | { readonly end: 'failed'; readonly error: unknown }
  | { readonly end: 'too large' | 'stopped' };

/** Inflates a raw DEFLATE stream in the thread pool. */
export class Inflation implements BackgroundWork {
  readonly #stream: Buffer;
  readonly #maxBytes: number;
  readonly #onEnd: (result: InflationEnd) => void;
  #over: (() => void) | null = null;
  #zlib: InflateRaw | null = null;
  #body: GrowingBody | null = null;
  #isOver = false;

  /** @param stream @memory borrowed until the end @param onEnd called once. @memory the body is owned */
  constructor(stream: Buffer, maxBytes: number, onEnd: (result: InflationEnd) => void) {
    this.#stream = stream;
    this.#maxBytes = maxBytes;
    this.#onEnd = onEnd;
  }

  get inputBytes(): number {
    return this.#stream.length;
  }

  begin(onStep: (bytes: number) => void, over: () => void, free: FreeMemory = leaveMemory): void {
    this.#over = over;
    this.#body = new GrowingBody(this.#maxBytes, free);
    try {
      const zlib = createInflateRaw({ chunkSize: stepBytes(this.#stream.length) });
      this.#zlib = zlib;
      zlib.on('data', (chunk: Buffer) => this.#add(chunk, onStep));
      zlib.on('end', () => this.#finish());
      zlib.on('error', (error) => this.#end({ end: 'failed', error }));
      zlib.end(this.#stream);
    } catch (error) {
      // There is no memory for the state of zlib.
      this.#end({ end: 'failed', error });
    }
  }

  #add(chunk: Buffer, onStep: (bytes: number) => void): void {
    const body = this.#body;
    const zlib = this.#zlib;
    if (body === null || zlib === null) return;
    if (body.size + chunk.length > this.#maxBytes) {
      this.#end({ end: 'too large' });
      return;
    }
    try {
      body.add(chunk, ((body.size + chunk.length) * this.#stream.length) / Math.max(zlib.bytesWritten, 1));
    } catch (error) {
      // There is no memory for the body.
      this.#end({ end: 'failed', error });
      return;
    }
    onStep(chunk.length);
  }

  #finish(): void {
    if (this.#body !== null) this.#end({ end: 'inflated', body: this.#body.finish() });
  }

  pause(): void {
    this.#zlib?.pause();
  }

  resume(): void {
    this.#zlib?.resume();
  }

  stop(): void {
    this.#end({ end: 'stopped' });
  }

  #end(result: InflationEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (result.end !== 'inflated') this.#body?.drop();
    this.#body = null;
    this.#zlib?.destroy();
    try {
      this.#onEnd(result);
    } finally {
      this.#over?.();
    }
  }
}

/** Deflates bytes in the thread pool, up to a sync flush. */
export class Deflation implements BackgroundWork {
  readonly inputBytes: number;
  readonly #parts: readonly Uint8Array[];
  readonly #level: number;
  readonly #onEnd: (pieces: readonly Buffer[] | null) => void;
  #over: (() => void) | null = null;
  #zlib: DeflateRaw | null = null;
  #pieces: Buffer[] = [];
  #part = 0;
  #at = 0;
  #isPaused = false;
  #isWaiting = false;
  #isOver = false;

  /**
   * @param parts the bytes, in order. @memory borrowed until the end
   * @param onEnd called once; with null if it was stopped, or there is no memory for it. @memory the pieces are owned
   */
  constructor(parts: readonly Uint8Array[], level: number, onEnd: (pieces: readonly Buffer[] | null) => void) {
    this.#parts = parts.filter(({ length }) => length > 0);
    this.#level = level;
    this.#onEnd = onEnd;
    this.inputBytes = parts.reduce((sum, { length }) => sum + length, 0);
  }

  begin(onStep: (bytes: number) => void, over: () => void): void {
    this.#over = over;
    try {
      const zlib = createDeflateRaw({ level: this.#level, finishFlush: constants.Z_SYNC_FLUSH, chunkSize: DEFLATED_PIECE_BYTES });
      this.#zlib = zlib;
      zlib.on('data', (piece: Buffer) => {
        this.#pieces.push(piece);
        onStep(piece.length);
      });
      zlib.on('end', () => this.#end(this.#pieces));
      zlib.on('error', () => this.#end(null));
      this.#step();
    } catch {
      this.#end(null);
    }
  }

  /** Hands zlib the next bytes. Bound, because zlib calls it when it has dealt with the last ones. */
  readonly #step = (): void => {
    if (this.#isOver || this.#zlib === null) return;
    if (this.#isPaused) {
      this.#isWaiting = true;
      return;
    }
    const bytes = this.#next();
    if (bytes === undefined) this.#zlib.end();
    else this.#zlib.write(bytes, this.#step);
  };

  #next(): Uint8Array | undefined {
    const part = this.#parts[this.#part];
    if (part === undefined) return undefined;
    const bytes = part.subarray(this.#at, this.#at + DEFLATE_STEP_BYTES);
    this.#at += bytes.length;
    if (this.#at >= part.length) {
      this.#part++;
      this.#at = 0;
    }
    return bytes;
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    if (!this.#isWaiting) return;
    this.#isWaiting = false;
    this.#step();
  }

  stop(): void {
    this.#end(null);
  }

  #end(pieces: readonly Buffer[] | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#pieces = [];
    this.#zlib?.destroy();
    try {
      this.#onEnd(pieces);
    } finally {
      this.#over?.();
    }
  }
}

function stepBytes(inputBytes: number): number {
  return Math.min(Math.max(LIKELY_RATIO * inputBytes, MIN_STEP_BYTES), MAX_STEP_BYTES);
}

function leaveMemory(): void {
  // The collector frees it.
}
