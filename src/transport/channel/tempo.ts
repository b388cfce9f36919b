/** Messages between two reads of the clock. */
const LOOK_EVERY = 16;

/** A process that sends that many messages in less than this time is busy: more of them wait to be read in every turn of the event loop. */
const BUSY_MS = 0.1;

/** Slow reads of the clock in a row after which the process is quiet: a busy one waits as well, between one batch and the next. */
const SLOW_LOOKS = 4;

/**
 * Measures how busy the process is, by the pace of messages over all writers. One writer cannot tell: with many connections, each has a message or two
 * per turn.
 */
export class Tempo {
  /** True while messages come one by one, from callers that wait for each answer. */
  quiet = true;
  readonly #now: () => number;
  #messages = 0;
  #lookedAt = 0;
  #slowLooks = SLOW_LOOKS;

  /** @param now milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Counts one message. Costs an addition; a timer or a turn of the event loop would be felt in each round trip. */
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
