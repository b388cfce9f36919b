import { StatusError } from '../protocol/error/status-error.ts';
import { waitUntil } from '../transport/util/deadline-wheel.ts';

/**
 * The time a handler has for one request. Its signal is made when the handler asks for it, and fires when the time is over or the node is gone.
 */
export class RequestDeadline {
  readonly #timeoutMs: number;
  readonly #ended: AbortSignal;
  #controller: AbortController | null = null;
  #reason: unknown = null;
  #isDone = false;

  /** @param ended fires when the node's connection is over */
  constructor(timeoutMs: number, ended: AbortSignal) {
    this.#timeoutMs = timeoutMs;
    this.#ended = ended;
  }

  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.#reason !== null) this.#controller.abort(this.#reason);
      else if (this.#ended.aborted) this.#abort(this.#ended.reason);
      else if (!this.#isDone) this.#ended.addEventListener('abort', this.#onEnded, { once: true });
    }
    return this.#controller.signal;
  }

  readonly #onEnded = (): void => this.#abort(this.#ended.reason);

  #abort(reason: unknown): void {
    this.#reason = reason;
    this.#controller?.abort(reason);
  }

  /**
   * What the handler promised, if it comes in time.
   *
   * @throws StatusError 504 when it does not; the node would give up on its own half a second later, and say less
   */
  async race<T>(promised: PromiseLike<T>): Promise<T> {
    let stop = (): void => undefined;
    const late = new Promise<never>((_resolve, reject) => {
      stop = waitUntil(this.#timeoutMs, () => {
        const error = new StatusError(504, 'timeout_exception', `the extension did not answer within ${this.#timeoutMs} ms`);
        // In this order: what a handler answers to its signal comes too late.
        reject(error);
        this.#abort(error);
      });
    });
    try {
      return await Promise.race([promised, late]);
    } finally {
      stop();
      this.done();
    }
  }

  /** The request is answered: nothing is listened to any more. */
  done(): void {
    this.#isDone = true;
    if (this.#controller !== null) this.#ended.removeEventListener('abort', this.#onEnded);
  }
}
