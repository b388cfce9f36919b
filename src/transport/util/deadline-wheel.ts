/** Milliseconds between two ticks. */
const TICK_MS = 100;

/** Shorter waits are timed exactly; longer ones to within two ticks. */
const EXACT_BELOW_MS = 1000;

/**
 * Largest step of the wheel's clock. A process that stood still for longer has not read its sockets: answers that came meanwhile wait there, and their
 * calls must not run into their deadlines.
 */
const MAX_STEP_MS = 2 * TICK_MS;

/** A holder of deadlines: a table of calls in flight, or one wait. */
export interface DeadlineHolder {
  /** Lower bound of its deadlines, in the wheel's milliseconds; Infinity if it has none. */
  readonly earliest: number;
  /** Ends everything that is due at `now`. */
  expire(now: number): void;
}

/**
 * The clock for the deadlines of this process. Holders keep their deadlines themselves and tell a lower bound; the wheel checks them every 100 ms, only
 * while there are any. So a call costs an addition and a comparison, and no timer.
 *
 * @see performance.md L3
 */
export class DeadlineWheel {
  readonly #holders = new Set<DeadlineHolder>();
  #now = 0;
  #real = 0;
  #timer: NodeJS.Timeout | null = null;
  #wakeAt = Number.POSITIVE_INFINITY;

  /** Holders that are watched. */
  get size(): number {
    return this.#holders.size;
  }

  /**
   * Returns the moment `timeoutMs` from now, never earlier: exact to a millisecond below a second, up to two ticks late above. In whole milliseconds,
   * which a field holds without a box.
   *
   * @returns wheel milliseconds, to be handed to {@link watch}; Infinity for an infinite timeout
   */
  after(timeoutMs: number): number {
    if (timeoutMs < EXACT_BELOW_MS || this.#timer === null) return Math.ceil(this.#refresh() + timeoutMs);
    return Math.ceil(this.#now + TICK_MS + timeoutMs);
  }

  /** Watches a holder until a tick finds it without deadlines. Call it when a deadline was added. */
  watch(holder: DeadlineHolder, deadline: number): void {
    this.#holders.add(holder);
    if (deadline < this.#wakeAt) this.#schedule(deadline);
  }

  #refresh(): number {
    const real = performance.now();
    this.#now += Math.min(real - this.#real, MAX_STEP_MS);
    this.#real = real;
    return this.#now;
  }

  #schedule(deadline: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const wait = Math.max(1, Math.min(TICK_MS, Math.ceil(deadline - this.#refresh())));
    this.#wakeAt = this.#now + wait;
    this.#timer = setTimeout(this.#tick, wait);
    this.#timer.unref();
  }

  readonly #tick = (): void => {
    const now = this.#refresh();
    let earliest = now + TICK_MS;
    try {
      for (const holder of this.#holders) {
        if (holder.earliest <= now) holder.expire(now);
        if (holder.earliest === Number.POSITIVE_INFINITY) this.#holders.delete(holder);
        else if (holder.earliest < earliest) earliest = holder.earliest;
      }
    } finally {
      // A holder that throws does not keep the others from their deadlines.
      this.#timer = null;
      this.#wakeAt = Number.POSITIVE_INFINITY;
      if (this.#holders.size > 0) this.#schedule(earliest);
    }
  };
}

/** The wheel of this process. */
export const wheel: DeadlineWheel = new DeadlineWheel();

/**
 * Calls back once after a while, unless cancelled. For waits that are not calls: dialling, draining.
 *
 * @returns cancels the wait; harmless afterwards
 */
export function waitUntil(timeoutMs: number, due: () => void): () => void {
  const holder = {
    earliest: wheel.after(timeoutMs),
    expire(): void {
      holder.earliest = Number.POSITIVE_INFINITY;
      due();
    },
  };
  if (holder.earliest < Number.POSITIVE_INFINITY) wheel.watch(holder, holder.earliest);
  return () => {
    holder.earliest = Number.POSITIVE_INFINITY;
  };
}
