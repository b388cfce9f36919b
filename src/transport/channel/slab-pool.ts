/** Bytes of a slab. Larger ones fall out of the second-level cache. @see performance.md L13 */
export const SLAB_BYTES = 64 * 1024;

/** Free slabs kept: more than a busy process has under way. */
const MAX_FREE = 128;

/**
 * Memory that messages are encoded into, used by one writer at a time. It goes back to the pool when its writer has retired it and every write from
 * it has reached the medium: not a moment earlier, or bytes on their way would change.
 */
export class Slab {
  readonly bytes: Buffer = Buffer.allocUnsafeSlow(SLAB_BYTES);
  /** Where the next message begins. */
  used = 0;
  #writes = 0;
  #retired = false;
  /** What was written last: a caller that waits for each answer sends as many bytes each time. */
  #span: Buffer | null = null;
  #spanAt = 0;
  readonly #pool: Slab[];

  constructor(pool: Slab[]) {
    this.#pool = pool;
  }

  /** What is handed to the medium next; {@link written} is told when it is there. */
  span(from: number, to: number): Buffer {
    this.#writes++;
    if (this.#span === null || this.#spanAt !== from || this.#span.length !== to - from) {
      this.#span = this.bytes.subarray(from, to);
      this.#spanAt = from;
    }
    return this.#span;
  }

  /** One write is over. Bound, so that it can be handed on without a closure per write. */
  readonly written = (): void => {
    this.#writes--;
    this.#release();
  };

  /** No further message will be put in. */
  retire(): void {
    this.#retired = true;
    this.#release();
  }

  #release(): void {
    if (!this.#retired || this.#writes > 0) return;
    this.used = 0;
    this.#retired = false;
    if (this.#pool.length < MAX_FREE) this.#pool.push(this);
  }
}

const free: Slab[] = [];

/** A slab of the process's free list, or a new one. */
export function takeSlab(): Slab {
  return free.pop() ?? new Slab(free);
}
