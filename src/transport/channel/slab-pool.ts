import { type StreamOutputOptions, viewOf } from '../../protocol/wire/stream-output.ts';
import { bodies } from '../util/body-pool.ts';

/** Size of a slab, in bytes. Larger ones fall out of the second-level cache. @see performance.md L13 */
export const SLAB_BYTES = 64 * 1024;

/** Free bytes a slab needs for another message to begin in it. */
export const MIN_ROOM_BYTES = 1024;

/** Where messages that outgrow a slab get their memory. */
export const GROWING: StreamOutputOptions = { size: 0, allocate: bodies.take, giveBack: (bytes) => bodies.give(bytes) };

/** Upper bound of free slabs kept: more than a busy process uses at once. */
const MAX_FREE = 128;

/**
 * Memory that messages are encoded into, used by one writer at a time. It goes back to the pool once its writer has retired it and every write from it
 * has reached the medium; earlier, bytes on their way would change.
 */
export class Slab {
  readonly bytes: Buffer = Buffer.allocUnsafeSlow(SLAB_BYTES);
  /** A view of {@link bytes}, for whoever writes into them. */
  readonly view = viewOf(this.bytes);
  /** Where the next message begins. */
  used = 0;
  /** How often it has gone back to the pool: tells a writer whether a slab it retired is still its own. */
  returns = 0;
  #writes = 0;
  #retired = false;
  /** The span written last, used again: a caller that waits for each answer sends as many bytes each time. */
  #span: Buffer | null = null;
  #spanAt = 0;
  readonly #pool: Slab[];

  constructor(pool: Slab[]) {
    this.#pool = pool;
  }

  /** Returns the bytes to hand to the medium next; {@link written} is called when they are there. */
  span(from: number, to: number): Buffer {
    this.#writes++;
    if (this.#span === null || this.#spanAt !== from || this.#span.length !== to - from) {
      this.#span = this.bytes.subarray(from, to);
      this.#spanAt = from;
    }
    return this.#span;
  }

  /** Ends one write. Bound, so that it can be passed without a closure per write. */
  readonly written = (): void => {
    this.#writes--;
    this.#release();
  };

  /** Retires the slab: it gets no more messages. */
  retire(): void {
    this.#retired = true;
    this.#release();
  }

  /**
   * Takes a retired slab back while writes from it are on their way; false if it is in the pool again, with another writer, or full. A writer whose peer reads
   * slowly would otherwise begin a slab for every few bytes.
   *
   * @param returns as the writer read it before it retired the slab
   */
  reclaim(returns: number): boolean {
    if (!this.#retired || this.returns !== returns || SLAB_BYTES - this.used < MIN_ROOM_BYTES) return false;
    this.#retired = false;
    return true;
  }

  #release(): void {
    if (!this.#retired || this.#writes > 0) return;
    this.used = 0;
    this.returns++;
    this.#retired = false;
    if (this.#pool.length < MAX_FREE) this.#pool.push(this);
  }
}

const free: Slab[] = [];

/** Returns a slab of the process's free list, or a new one. */
export function takeSlab(): Slab {
  return free.pop() ?? new Slab(free);
}
