import { waitUntil } from '../../transport/util/deadline-wheel.ts';

/** Bounds of what is held. */
export interface HoldLimits {
  /** Requests. */
  readonly maxHeld: number;
  /** Bytes of their contents. */
  readonly maxHeldBytes: number;
}

/** A request that waits for a worker. */
interface Held<Target> {
  readonly bytes: number;
  /** Returns the worker it can be given to, or null. */
  readonly find: () => Target | null;
  readonly settle: (target: Target | 'too late') => void;
}

/** Requests that wait for a worker, in the order in which they came: bounded in number, in bytes and in time. */
export class HeldRequests<Target> {
  readonly #limits: HoldLimits;
  readonly #held = new Set<Held<Target>>();
  #bytes = 0;

  constructor(limits: HoldLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#held.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Waits until a worker can be given the request.
   *
   * @param find asked at once and after each {@link retry}
   * @returns the worker; `full` if too many wait already, `too late` if none came within `waitMs`
   */
  wait(bytes: number, waitMs: number, find: () => Target | null): Target | 'full' | Promise<Target | 'too late'> {
    const found = find();
    if (found !== null) return found;
    if (this.#held.size >= this.#limits.maxHeld || this.#bytes + bytes > this.#limits.maxHeldBytes) return 'full';
    return new Promise((resolve) => {
      const held: Held<Target> = {
        bytes,
        find,
        settle: (target) => {
          stop();
          this.#bytes -= bytes;
          this.#held.delete(held);
          resolve(target);
        },
      };
      const stop = waitUntil(Math.max(1, waitMs), () => held.settle('too late'));
      this.#bytes += bytes;
      this.#held.add(held);
    });
  }

  /** Gives every request that can go on to its worker. */
  retry(): void {
    for (const held of Array.from(this.#held)) {
      const target = held.find();
      if (target !== null) held.settle(target);
    }
  }

  /** Nothing will come any more. */
  clear(): void {
    for (const held of Array.from(this.#held)) held.settle('too late');
  }
}
