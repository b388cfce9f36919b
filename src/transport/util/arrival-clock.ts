/**
 * The time for what happens while bytes are read: one look at the clock for all messages of one read, which came together. Elsewhere it is the time.
 */
class ArrivalClock {
  #reading = false;
  #arrivedAt = 0;

  /** A read begins. */
  // hot: call
  begin(): void {
    this.#reading = true;
    this.#arrivedAt = 0;
  }

  /** What was read is dealt with. */
  // hot: call
  end(): void {
    this.#reading = false;
  }

  /** Milliseconds of `performance.now`. */
  now(): number {
    if (!this.#reading) return performance.now();
    if (this.#arrivedAt === 0) this.#arrivedAt = performance.now();
    return this.#arrivedAt;
  }
}

/** The arrival clock of this process. Reads are not nested: a carrier that delivers within a read only makes more looks at the clock. */
export const arrivals: ArrivalClock = new ArrivalClock();
