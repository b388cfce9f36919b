/**
 * The signals of the requests of one channel that are being handled: they fire when the channel ends. A signal is forgotten with its listeners once its
 * request is answered, so that a channel of a million requests does not keep a million listeners.
 */
export class RequestSignals {
  readonly #open = new Set<AbortController>();
  #isOver = false;
  #reason: unknown = null;

  /** Signals of requests that are not answered yet. */
  get size(): number {
    return this.#open.size;
  }

  /** Makes the signal of a request; it has fired already if the channel is over. */
  open(): AbortController {
    const controller = new AbortController();
    if (this.#isOver) controller.abort(this.#reason);
    else this.#open.add(controller);
    return controller;
  }

  /** The request is answered. */
  close(controller: AbortController): void {
    this.#open.delete(controller);
  }

  /** The channel is over: every signal fires. */
  end(reason: unknown): void {
    this.#isOver = true;
    this.#reason = reason;
    const controllers = Array.from(this.#open);
    this.#open.clear();
    for (const controller of controllers) controller.abort(reason);
  }
}
