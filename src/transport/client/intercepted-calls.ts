import type { AnyAction } from '../../protocol/action/define-action.ts';
import type { Delivery } from '../../protocol/error/codes.ts';
import { CancelledError, DeadlineError, UsageError } from '../../protocol/error/transport-error.ts';
import type { Service } from '../call/call.ts';
import { type DeadlineHolder, waitUntil, wheel } from '../util/deadline-wheel.ts';
import type { SignalRegistry, SignalWatch } from '../util/signal-registry.ts';
import { adopt, isThenable, mayBeThenable, promisedBy, thrownBy } from '../util/user-code.ts';
import type { ClientCallContext } from './client-options.ts';

/** Where the context of a call says which call it is. Interceptors that change the context copy it with the rest. */
const CALL: unique symbol = Symbol('call');

/** The context of a call, with the call. */
interface OwnContext extends ClientCallContext {
  [CALL]?: InterceptedCall;
}

/**
 * The calls of one client that its interceptors have: they may never call the service behind them, and never return. Deadline, signal and close of
 * the client apply to such a call as to any other. What an interceptor says afterwards is dropped.
 *
 * When the request is on its way, it has the same deadline and the same signal. Its own error is the better one, and the interceptors may turn it
 * into an answer. So a call that is over gives them the rest of the turn.
 */
export class InterceptedCalls implements DeadlineHolder {
  /** Lower bound of the deadlines, for the wheel. */
  earliest = Number.POSITIVE_INFINITY;
  readonly #signals: SignalRegistry;
  readonly #calls = new Set<InterceptedCall>();
  #onIdle: (() => void) | null = null;
  /** True once a request was sent with a context that does not say which call it belongs to: any call may then have been sent. */
  #isUntold = false;

  /** @param signals where callers' signals are watched */
  constructor(signals: SignalRegistry) {
    this.#signals = signals;
  }

  /** True while a caller waits. */
  get isAwaited(): boolean {
    return this.#calls.size > 0;
  }

  /**
   * Runs the interceptors of a call.
   *
   * @param context its own, not frozen
   * @throws ERR_USAGE if its signal is not an AbortSignal
   */
  run(service: Service<ClientCallContext>, action: AnyAction, request: unknown, context: ClientCallContext): Promise<unknown> {
    const call = new InterceptedCall(this, action.name, context);
    (context as OwnContext)[CALL] = call;
    const { signal } = context;
    if (signal !== null) call.watch = this.#signals.watch(signal, call);
    this.#calls.add(call);
    if (call.deadline < this.earliest) {
      this.earliest = call.deadline;
      wheel.watch(this, call.deadline);
    }
    call.begin(service, action, request, context);
    return call.promise;
  }

  /** A request of a call is sent. @returns milliseconds that it may take: those of its context, and no more than the call has left */
  onSent(context: ClientCallContext): number {
    const call = (context as OwnContext)[CALL];
    if (call === undefined) this.#isUntold = true;
    else call.isSent = true;
    const { timeoutMs } = context;
    return call === undefined ? timeoutMs : Math.min(timeoutMs, call.leftMs());
  }

  /** How far a call that is given up got. */
  deliveryOf({ isSent }: InterceptedCall): Delivery {
    return isSent || this.#isUntold ? 'maybe-sent' : 'not-sent';
  }

  /** A call is settled. */
  remove(call: InterceptedCall): void {
    this.#calls.delete(call);
    if (this.#calls.size === 0) this.#onIdle?.();
  }

  expire(now: number): void {
    let earliest = Number.POSITIVE_INFINITY;
    for (const call of this.#calls) {
      if (call.deadline <= now) call.expire();
      else if (call.deadline < earliest) ({ deadline: earliest } = call);
    }
    this.earliest = earliest;
  }

  /** Waits at most `drainMs` milliseconds for the interceptors; the calls that they keep then fail with ERR_CLOSED. */
  async drain(drainMs: number): Promise<void> {
    if (this.#calls.size > 0 && drainMs > 0) {
      await new Promise<void>((resolve) => {
        const stop = waitUntil(drainMs, resolve);
        this.#onIdle = () => {
          stop();
          resolve();
        };
      });
    }
    this.abort();
  }

  /** The calls that interceptors keep fail with ERR_CLOSED. */
  abort(): void {
    for (const call of this.#calls) call.close();
  }
}

/** A call in the hands of interceptors. */
class InterceptedCall {
  readonly promise: Promise<unknown>;
  /** Wheel milliseconds; Infinity without a deadline. */
  readonly deadline: number;
  /** True once the service behind the interceptors was called. */
  isSent = false;
  watch: SignalWatch | null = null;
  readonly #owner: InterceptedCalls;
  readonly #name: string;
  readonly #timeoutMs: number;
  #isSettled = false;
  #isOver = false;
  #resolve!: (value: unknown) => void;
  #reject!: (error: Error) => void;

  constructor(owner: InterceptedCalls, name: string, { timeoutMs }: ClientCallContext) {
    this.#owner = owner;
    this.#name = name;
    this.#timeoutMs = timeoutMs;
    // A bad timeout fails where the request is sent.
    this.deadline = timeoutMs > 0 ? wheel.after(timeoutMs) : Number.POSITIVE_INFINITY;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  begin(service: Service<ClientCallContext>, action: AnyAction, request: unknown, context: ClientCallContext): void {
    let answer: unknown;
    let isLater = false;
    try {
      answer = service({ action, request, context });
      // In here, because a `then` that is a getter may throw.
      isLater = isThenable(answer);
    } catch (error) {
      this.#onThrown(error);
      return;
    }
    if (isLater) adopt(answer as PromiseLike<unknown>, this.#onAnswer, this.#onThrown);
    else this.#onAnswer(answer);
  }

  readonly #onAnswer = (value: unknown): void => {
    if (!this.#end()) return;
    // The caller's promise would wait for it, without a deadline.
    if (mayBeThenable(value)) this.#reject(promisedBy(this.#anInterceptor, value, { delivery: this.#owner.deliveryOf(this) }));
    else this.#resolve(value);
  };

  readonly #onThrown = (error: unknown): void => {
    if (this.#end()) this.#reject(thrownBy(this.#anInterceptor, error, this.#owner.deliveryOf(this)));
  };

  get #anInterceptor(): string {
    return `an interceptor of ${this.#name}`;
  }

  /** Milliseconds that are left of its time, at least 1. */
  leftMs(): number {
    return this.deadline === Number.POSITIVE_INFINITY ? this.deadline : Math.max(1, Math.floor(this.deadline - performance.now()));
  }

  /** Its deadline has passed. */
  expire(): void {
    const text = `${this.#name} timed out after [${this.#timeoutMs}ms]: its interceptors did not answer`;
    this.#give((delivery) => new DeadlineError('interceptor', { delivery }, text));
  }

  /** Its signal fired. */
  abort(reason: unknown): void {
    this.#give((delivery) => new CancelledError('ERR_CANCELLED', { cause: reason, delivery }, `${this.#name} was cancelled by its caller`));
  }

  /** The client is closed. */
  close(): void {
    this.#give((delivery) => new UsageError('ERR_CLOSED', { delivery }, `${this.#name}: the client is closed`));
  }

  /** Rejects the call unless its interceptors answer within this turn of the event loop. */
  #give(errorFor: (delivery: Delivery) => Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    setImmediate(() => {
      if (this.#end()) this.#reject(errorFor(this.#owner.deliveryOf(this)));
    });
  }

  /** Returns true the first time. */
  #end(): boolean {
    if (this.#isSettled) return false;
    this.#isSettled = true;
    this.watch?.end();
    this.#owner.remove(this);
    return true;
  }
}
