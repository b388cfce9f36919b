/** Time between two looks at the clock and the deadlines, in milliseconds. */
const TICK_MS = 90;

/** How far the last look may lie back while the event loop turns, in milliseconds. */
const SLACK_MS = 100;

/** Shorter waits are timed exactly. */
const EXACT_BELOW_MS = 1000;

/** A holder of deadlines: a table of calls in flight, or one wait. */
export interface DeadlineHolder {
  /** Lower bound of its deadlines, in the wheel's milliseconds; Infinity if it has none. */
  readonly earliest: number;
  /** True while somebody waits for what it holds: the process then does not end before the deadline. */
  readonly isAwaited: boolean;
  /** Ends everything that is due at `now`. */
  expire(now: number): void;
  /** Adds `byMs` to the deadlines that {@link DeadlineWheel.roughlyAfter} gave by the look at `since`. For holders of such deadlines. */
  postpone?(since: number, byMs: number): void;
}

/** Returns whether a deadline is a rough one that was made by the look at `since`. It is a whole number of milliseconds, so it may seem later. */
export function isMadeBy(since: number, deadline: number, timeoutMs: number): boolean {
  const look = deadline - timeoutMs - SLACK_MS;
  return timeoutMs >= EXACT_BELOW_MS && look >= since && look < since + 1;
}

/**
 * The clock for the deadlines of this process. Holders keep their deadlines themselves and tell a lower bound; the wheel checks them every
 * 90 ms, only while there are any. So a call costs an addition and a comparison, and neither a timer nor a read of the clock.
 *
 * What is due expires behind the next poll for input. A process whose event loop was busy thus reads the answers that came meanwhile before it
 * times their calls out, and needs one look for all the time that has passed.
 *
 * The timer does not keep the process running. When nothing else does, `beforeExit` asks the holders whether anybody waits for them.
 *
 * @see performance.md L3
 */
export class DeadlineWheel {
  readonly #holders = new Set<DeadlineHolder>();
  /** The last look at the clock. */
  #now = 0;
  /** The look before the event loop stood still, and by how much longer than the slack; 0 while it has not. */
  #stoodSince = 0;
  #stoodMs = 0;
  /** True until a look is in time again: deadlines are exact meanwhile. */
  #isBusy = false;
  #timer: NodeJS.Timeout | null = null;
  #wakeAt = Number.POSITIVE_INFINITY;
  /** True from a tick that found something due until that has expired. */
  #isExpiring = false;

  /** Holders that are watched. */
  get size(): number {
    return this.#holders.size;
  }

  /**
   * Returns the moment `timeoutMs` from now, exact to a millisecond and never earlier. In whole milliseconds, which a field holds without a box.
   *
   * @returns wheel milliseconds, to be handed to {@link watch}; Infinity for an infinite timeout
   */
  after(timeoutMs: number): number {
    return Math.ceil(this.#look() + timeoutMs);
  }

  /**
   * As {@link after}; from a second on up to 100 ms later, and without a read of the clock. The holder has to {@link DeadlineHolder.postpone} it when
   * it turns out that the last look lay further back.
   */
  // hot: call
  roughlyAfter(timeoutMs: number): number {
    if (timeoutMs < EXACT_BELOW_MS || this.#timer === null || this.#isBusy) return this.after(timeoutMs);
    return Math.ceil(this.#now + SLACK_MS + timeoutMs);
  }

  /** Watches a holder until a tick finds it without deadlines. Call it when a deadline was added. */
  watch(holder: DeadlineHolder, deadline: number): void {
    if (this.#holders.size === 0) process.on('beforeExit', this.#onBeforeExit);
    this.#holders.add(holder);
    if (deadline < this.#wakeAt && !this.#isExpiring) this.#schedule(deadline, this.#look());
  }

  #look(): number {
    const now = performance.now();
    const late = now - this.#now - SLACK_MS;
    // Without a timer nobody relies on the last look.
    if (late > 0 && this.#timer !== null) {
      if (this.#stoodMs === 0) {
        this.#stoodSince = this.#now;
        this.#stoodMs = Math.ceil(late);
      }
      this.#isBusy = true;
    }
    this.#now = now;
    return now;
  }

  #schedule(deadline: number, now: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const wait = Math.max(1, Math.min(TICK_MS, Math.ceil(deadline - now)));
    this.#wakeAt = now + wait;
    this.#timer = setTimeout(this.#tick, wait);
    this.#timer.unref();
  }

  readonly #tick = (): void => {
    const now = this.#look();
    this.#timer = null;
    this.#wakeAt = Number.POSITIVE_INFINITY;
    if (this.#stoodMs > 0) {
      for (const holder of this.#holders) holder.postpone?.(this.#stoodSince, this.#stoodMs);
      this.#stoodMs = 0;
    } else this.#isBusy = false;
    let earliest = now + TICK_MS;
    for (const holder of this.#holders) {
      if (holder.earliest === Number.POSITIVE_INFINITY) this.#holders.delete(holder);
      else if (holder.earliest < earliest) ({ earliest } = holder);
    }
    if (earliest > now) {
      this.#goOn(earliest, now);
      return;
    }
    this.#isExpiring = true;
    setImmediate(this.#expire, now);
  };

  /** @param now when the tick found something due: what has become due since has not had its poll */
  readonly #expire = (now: number): void => {
    let earliest = now + TICK_MS;
    try {
      for (const holder of this.#holders) {
        if (holder.earliest <= now) holder.expire(now);
        if (holder.earliest === Number.POSITIVE_INFINITY) this.#holders.delete(holder);
        else if (holder.earliest < earliest) ({ earliest } = holder);
      }
    } finally {
      // A holder that throws does not keep the others from their deadlines.
      this.#isExpiring = false;
      this.#goOn(earliest, this.#look());
    }
  };

  #goOn(earliest: number, now: number): void {
    if (this.#holders.size > 0) this.#schedule(earliest, now);
    else process.off('beforeExit', this.#onBeforeExit);
  }

  /** Nothing else keeps the process running. Somebody who waits gets the deadline. */
  readonly #onBeforeExit = (): void => {
    for (const { earliest, isAwaited } of this.#holders) {
      if (!isAwaited || earliest === Number.POSITIVE_INFINITY) continue;
      this.#timer?.ref();
      return;
    }
  };
}

/** The wheel of this process. */
export const wheel: DeadlineWheel = new DeadlineWheel();

/** Options of {@link waitUntil}. */
export interface WaitOptions {
  /** False for a wait that nobody awaits: it does not keep the process running. @default true */
  readonly isAwaited?: boolean;
}

/**
 * Calls back once after a while, unless cancelled. For waits that are not calls: dialling, draining.
 *
 * @returns cancels the wait; harmless afterwards
 */
export function waitUntil(timeoutMs: number, due: () => void, { isAwaited = true }: WaitOptions = {}): () => void {
  const holder = {
    earliest: wheel.after(timeoutMs),
    isAwaited,
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
