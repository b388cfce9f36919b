import { StatusError } from '../../protocol/error/status-error.ts';
import { waitUntil } from '../../transport/util/deadline-wheel.ts';

/** The time a handler has for one request. Its signal is made when the handler asks for it, and fires when the time is over or the node is gone. */
export class RequestDeadline {
  readonly #timeoutMs: number;
  readonly #ended: AbortSignal;
  #controller: AbortController | null = null;
  #reason: unknown = null;
  #isDone = false;
  #timeout: StatusError | null = null;

  /** @param ended fires when the node's connection is over */
  constructor(timeoutMs: number, ended: AbortSignal) {
    this.#timeoutMs = timeoutMs;
    this.#ended = ended;
  }

  /** The error that {@link race} threw because the time was over; null before. */
  get timeout(): StatusError | null {
    return this.#timeout;
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
   * Returns what the handler promised, if it comes in time.
   *
   * @throws StatusError 504 if it does not; half a second later the node would give up by itself, with a less helpful answer
   */
  async race<T>(promised: PromiseLike<T>): Promise<T> {
    let stop = (): void => undefined;
    const late = new Promise<never>((_resolve, reject) => {
      stop = waitUntil(
        this.#timeoutMs,
        () => {
          const error = new StatusError(504, 'timeout_exception', `the extension did not answer within ${this.#timeoutMs} ms`);
          this.#timeout = error;
          // In this order: what a handler answers to its signal comes too late.
          reject(error);
          this.#abort(error);
        },
        { isAwaited: false },
      );
    });
    try {
      return await Promise.race([promised, late]);
    } finally {
      stop();
      this.done();
    }
  }

  /** Marks the request as answered and stops listening to the connection. */
  done(): void {
    this.#isDone = true;
    if (this.#controller !== null) this.#ended.removeEventListener('abort', this.#onEnded);
  }
}
