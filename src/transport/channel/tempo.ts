/** Messages between two looks at the clock. */
const LOOK_EVERY = 16;

/** So many messages in less than this are a busy process: more of them wait to be read in every turn of the event loop. */
const BUSY_MS = 0.1;

/** A busy process waits as well, between one batch and the next: only so many slow looks in a row make it quiet. */
const SLOW_LOOKS = 4;

/**
 * How busy the process is: the pace of the messages all its writers are given. One writer cannot tell: with many connections each has a message or
 * two a turn.
 */
export class Tempo {
  /** True while messages come one by one: callers that wait for each answer. */
  quiet = true;
  readonly #now: () => number;
  #messages = 0;
  #lookedAt = 0;
  #slowLooks = SLOW_LOOKS;

  /** @param now milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** One message was given to a writer. Costs an addition; a timer or a turn of the loop would be felt in each round trip. */
  // hot: call
  count(): void {
    this.#messages++;
    if (this.#messages === LOOK_EVERY) this.#look();
  }

  #look(): void {
    const now = this.#now();
    this.#slowLooks = now - this.#lookedAt > BUSY_MS ? this.#slowLooks + 1 : 0;
    this.quiet = this.#slowLooks >= SLOW_LOOKS;
    this.#lookedAt = now;
    this.#messages = 0;
  }
}

/** The tempo of this process. */
export const tempo: Tempo = new Tempo();
