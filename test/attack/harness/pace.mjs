const TICK_MS = 5;
const CALL_EVERY_MS = 10;
/** A call that is not answered within this time counts as failed. */
const PATIENCE_MS = 5_000;

/** Calls at a fixed pace, whatever becomes of the calls before, and notes how long each took. */
export class Pace {
  /** Of each call: when it was due (ms since the epoch), how long it took, and whether it was answered. */
  samples = [];
  #call;
  #everyMs;
  #isLate;
  #isFresh;
  #due = performance.now();

  /**
   * @param call makes one call
   * @param everyMs time between calls
   * @param isLate counts from when a call was due, not from when it was made: for calls made by the attacked process itself, which makes none while it stands still
   * @param isFresh marks the samples: each call makes a connection of its own
   */
  constructor({ call, everyMs = CALL_EVERY_MS, isLate = false, isFresh = false }) {
    this.#call = call;
    this.#everyMs = everyMs;
    this.#isLate = isLate;
    this.#isFresh = isFresh;
    setInterval(() => this.#tick(), TICK_MS);
  }

  #tick() {
    const now = performance.now();
    for (; this.#due <= now; this.#due += this.#everyMs) this.#begin(this.#isLate ? this.#due : now);
  }

  #begin(began) {
    const sample = { at: performance.timeOrigin + began, ms: PATIENCE_MS, ok: false, isPending: true, isFresh: this.#isFresh };
    const index = this.samples.push(sample) - 1;
    let settled = false;
    const settle = (ok) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      this.samples[index] = { ...sample, ok, isPending: false, ms: performance.now() - began };
    };
    const timer = setTimeout(() => settle(false), PATIENCE_MS);
    Promise.resolve()
      .then(() => this.#call())
      .then(
        () => settle(true),
        (error) => {
          sample.error = String(error?.message ?? error).slice(0, 200);
          settle(false);
        },
      );
  }
}
