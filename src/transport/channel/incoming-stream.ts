import type { ByteStream } from '../../protocol/codec/stream.ts';
import { DeadlineError, type TransportError, UsageError } from '../../protocol/error/transport-error.ts';
import { bodies } from '../util/body-pool.ts';
import { waitUntil } from '../util/deadline-wheel.ts';
import { RingQueue } from '../util/ring-queue.ts';

/** Bytes that may wait for a slow reader before reading the link pauses. */
const PAUSE_BYTES = 256 * 1024;

/** Bytes that a piece counts for at least, when it waits for a slow reader: many tiny pieces cost time. */
const LEAST_PIECE_BYTES = 1024;

/** Memory for what waits comes in multiples of so many bytes, and small pieces share it: it is the step of the body pool. */
const BLOCK_BYTES = 16 * 1024;

/** How a stream holds up the channel it comes by. */
export interface StreamFlow {
  pause(): void;
  resume(): void;
}

/** Where a stream charges the memory it holds. */
export interface StreamMemory {
  /** Charges memory and returns null, or returns why it may not be held. */
  hold(bytes: number): TransportError | null;
  free(bytes: number): void;
}

/** Charges nothing: for the streams of answers, which a caller asked for. */
export const UNCHARGED: StreamMemory = { hold: () => null, free: () => undefined };

/** Memory with the bytes that came one after another. */
interface Block {
  readonly memory: Buffer;
  size: number;
  /** What its pieces count for while they wait. */
  counted: number;
}

/** A stream of bytes that is still arriving: the channel pushes, one reader pulls. */
export class IncomingStream implements ByteStream {
  readonly size: number;
  /** Longest wait of a reader for the next bytes, in milliseconds. */
  patienceMs = Number.POSITIVE_INFINITY;
  readonly #flow: StreamFlow;
  readonly #waiting = new RingQueue<Block>();
  #memory: StreamMemory;
  /** Bytes charged to {@link IncomingStream.#memory}. */
  #charged = 0;
  /** The newest of the blocks that wait, or null. */
  #newest: Block | null = null;
  #left: number;
  #queued = 0;
  #paused = false;
  #dropped = false;
  /** True when bytes of it were refused: what has come is not followed by the rest. */
  #isCut = false;
  #read = false;
  #error: TransportError | null = null;
  #lent: Buffer | null = null;
  #wake: (() => void) | null = null;

  constructor(size: number, flow: StreamFlow, memory: StreamMemory = UNCHARGED) {
    this.size = size;
    this.#left = size;
    this.#flow = flow;
    this.#memory = memory;
  }

  /** True when every byte has been pushed. */
  get complete(): boolean {
    return this.#left === 0;
  }

  /** True while its reader waits for the next bytes. */
  get isAwaited(): boolean {
    return this.#wake !== null && !this.#dropped;
  }

  /** True once what still comes is discarded. */
  get isDropped(): boolean {
    return this.#dropped || this.#isCut;
  }

  /** Takes the next bytes. @memory borrowed: copied, unless the stream was dropped */
  push(bytes: Buffer): void {
    this.#left -= bytes.length;
    if (!this.isDropped && bytes.length > 0) this.#keep(bytes);
    this.#wake?.();
  }

  /** Adds bytes to the newest block that waits, and those that it has no room for to a new one. */
  #keep(bytes: Buffer): void {
    const newest = this.#newest;
    let at = 0;
    if (newest !== null) {
      at = bytes.copy(newest.memory, newest.size);
      newest.size += at;
      if (at > 0) this.#count(newest, at);
    }
    if (at < bytes.length) this.#keepApart(bytes.subarray(at));
    if (this.#queued <= PAUSE_BYTES || this.#paused) return;
    this.#paused = true;
    this.#flow.pause();
  }

  #count(block: Block, bytes: number): void {
    const counted = Math.max(bytes, LEAST_PIECE_BYTES);
    block.counted += counted;
    this.#queued += counted;
  }

  #keepApart(bytes: Buffer): void {
    const size = bytes.length;
    const capacity = Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
    const refusal = this.#memory.hold(capacity);
    if (refusal !== null) {
      this.#isCut = true;
      this.#error = refusal;
      return;
    }
    this.#charged += capacity;
    const block: Block = { memory: bodies.take(capacity), size, counted: 0 };
    bytes.copy(block.memory);
    this.#waiting.push(block);
    this.#newest = block;
    this.#count(block, size);
  }

  /** Ends the stream with an error, because its channel is over: its reader first gets what has come. That stays charged until its call is answered. */
  fail(error: TransportError): void {
    this.#error ??= error;
    this.#wake?.();
  }

  /** Its call is answered: drops the stream unless it has a reader. What such a reader still gets is not charged. */
  dropUnread(): void {
    if (!this.#read) this.drop();
    this.#endCharge();
  }

  #endCharge(): void {
    this.#memory.free(this.#charged);
    this.#charged = 0;
    this.#memory = UNCHARGED;
  }

  /** Discards what has come and what is still to come. */
  drop(): void {
    this.#dropped = true;
    for (const { memory } of this.#waiting.drain()) this.#free(memory);
    this.#newest = null;
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
      const block = this.#waiting.shift();
      if (block !== undefined) return this.#lend(block);
      if (this.#dropped && this.size > 0)
        throw new UsageError('ERR_USAGE', {}, 'the stream is gone: it was not read before its call was answered');
      if (this.#left === 0 && !this.#isCut) return null;
      if (this.#error !== null) throw this.#error;
      await this.#arrival();
    }
  }

  #lend(block: Block): Buffer {
    const { memory, size, counted } = block;
    if (block === this.#newest) this.#newest = null;
    this.#queued -= counted;
    if (this.#queued <= PAUSE_BYTES / 2) this.#unpause();
    this.#lent = memory;
    return memory.subarray(0, size);
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
    if (this.#lent !== null) this.#free(this.#lent);
    this.#lent = null;
  }

  #free(memory: Buffer): void {
    bodies.giveExact(memory);
    if (this.#charged === 0) return;
    this.#charged -= memory.length;
    this.#memory.free(memory.length);
  }

  #unpause(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#flow.resume();
  }
}
