import type { ByteStream } from '../../protocol/codec/stream.ts';
import { DeadlineError, type TransportError, UsageError } from '../../protocol/error/transport-error.ts';
import { bodies } from '../util/body-pool.ts';
import { waitUntil } from '../util/deadline-wheel.ts';
import { RingQueue } from '../util/ring-queue.ts';

/** Bytes that may wait for a slow reader before reading the link pauses. */
const PAUSE_BYTES = 256 * 1024;

/** Bytes that a chunk counts at least: chunks of one byte take memory, too. */
const MIN_CHARGE_BYTES = 1024;

/** How a stream holds up the channel it comes by. */
export interface StreamFlow {
  pause(): void;
  resume(): void;
}

/** A stream of bytes that is still arriving: the channel pushes, one reader pulls. */
export class IncomingStream implements ByteStream {
  readonly size: number;
  /** Longest wait of a reader for the next bytes, in milliseconds. */
  patienceMs = Number.POSITIVE_INFINITY;
  readonly #flow: StreamFlow;
  readonly #waiting = new RingQueue<Buffer>();
  #left: number;
  #queued = 0;
  #paused = false;
  #dropped = false;
  #read = false;
  #error: TransportError | null = null;
  #lent: Buffer | null = null;
  #wake: (() => void) | null = null;

  constructor(size: number, flow: StreamFlow) {
    this.size = size;
    this.#left = size;
    this.#flow = flow;
  }

  /** True when every byte has been pushed. */
  get complete(): boolean {
    return this.#left === 0;
  }

  /** True once what still comes is discarded. */
  get isDropped(): boolean {
    return this.#dropped;
  }

  /** Takes the next bytes. @memory borrowed: copied, unless the stream was dropped */
  push(bytes: Buffer): void {
    this.#left -= bytes.length;
    if (!this.#dropped && bytes.length > 0) {
      const piece = bodies.take(bytes.length);
      bytes.copy(piece);
      this.#waiting.push(piece);
      this.#queued += heldBytes(piece);
      if (this.#queued > PAUSE_BYTES && !this.#paused) {
        this.#paused = true;
        this.#flow.pause();
      }
    }
    this.#wake?.();
  }

  /** Ends the stream with an error: its reader first gets what has come. */
  fail(error: TransportError): void {
    this.#error = error;
    this.#wake?.();
  }

  /** Drops the stream unless it has a reader: its call is answered. */
  dropUnread(): void {
    if (!this.#read) this.drop();
  }

  /** Discards what has come and what is still to come. */
  drop(): void {
    this.#dropped = true;
    for (const piece of this.#waiting.drain()) bodies.giveExact(piece);
    this.#queued = 0;
    this.#giveBack();
    this.#unpause();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    if (this.#read) throw new UsageError('ERR_USAGE', {}, 'a stream can be read only once');
    this.#read = true;
    try {
      for (let piece = await this.#next(); piece !== null; piece = await this.#next()) yield piece;
    } finally {
      this.drop();
    }
  }

  async #next(): Promise<Buffer | null> {
    this.#giveBack();
    for (;;) {
      const piece = this.#waiting.shift();
      if (piece !== undefined) {
        this.#queued -= heldBytes(piece);
        if (this.#queued <= PAUSE_BYTES / 2) this.#unpause();
        this.#lent = piece;
        return piece;
      }
      if (this.#dropped && this.size > 0)
        throw new UsageError('ERR_USAGE', {}, 'the stream is gone: it was not read before its call was answered');
      if (this.#left === 0) return null;
      if (this.#error !== null) throw this.#error;
      await this.#arrival();
    }
  }

  /** Waits for the next bytes. @throws ERR_DEADLINE if none come in time */
  async #arrival(): Promise<void> {
    let stop = (): void => undefined;
    await new Promise<void>((resolve, reject) => {
      this.#wake = resolve;
      stop = waitUntil(this.patienceMs, () => {
        const text = `no bytes of a stream arrived for [${this.patienceMs}ms], ${this.#left} of its ${this.size} bytes are missing`;
        reject(new DeadlineError('answer', { delivery: 'answered' }, text));
      });
    });
    stop();
    this.#wake = null;
  }

  /** Gives the memory of the last chunk back: its reader has asked for the next. */
  #giveBack(): void {
    if (this.#lent !== null) bodies.giveExact(this.#lent);
    this.#lent = null;
  }

  #unpause(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#flow.resume();
  }
}

function heldBytes(piece: Buffer): number {
  return Math.max(piece.length, MIN_CHARGE_BYTES);
}
