/**
 * A clock for the arrival of messages: those of one read came together, and share one read of the clock. Outside reads it tells the time.
 */
class ArrivalClock {
  #reading = false;
  #arrivedAt = 0;

  /** Begins a read. */
  // hot: call
  begin(): void {
    this.#reading = true;
    this.#arrivedAt = 0;
  }

  /** Ends a read. */
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

/** The arrival clock of this process. Reads are not nested: a carrier that delivers within a read only causes more reads of the clock. */
export const arrivals: ArrivalClock = new ArrivalClock();
