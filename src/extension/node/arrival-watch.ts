/** Watches that a node comes within some time after the extension began to listen. */
export class ArrivalWatch {
  readonly #waitMs: number;
  readonly #onNone: () => void;
  #timer: NodeJS.Timeout | null = null;
  #isOver = false;

  /**
   * @param waitMs Infinity for no watch
   * @param onNone is called once, if no node came
   */
  constructor(waitMs: number, onNone: () => void) {
    this.#waitMs = waitMs;
    this.#onNone = onNone;
  }

  /** The extension listens. */
  start(): void {
    if (this.#isOver || this.#timer !== null || !Number.isFinite(this.#waitMs)) return;
    this.#timer = setTimeout(() => {
      this.stop();
      this.#onNone();
    }, this.#waitMs);
    this.#timer.unref();
  }

  /** A node came, or the extension ends. */
  stop(): void {
    this.#isOver = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
