import type { AnyAction, AnswerOf, ReceivedOf } from '../../protocol/action/define-action.ts';
import { OverloadedError, TransportError, UsageError } from '../../protocol/error/transport-error.ts';
import { checkOptions, describe, isBoolean, isCount, type OptionChecks } from '../util/check-options.ts';
import { RingQueue } from '../util/ring-queue.ts';
import { type Call, compose, type Interceptor, type Service } from './call.ts';
import type { ServerCallContext } from './server-context.ts';
import { isAction, notAnAction } from './wrong-call.ts';

/**
 * Answers one action: gets the complete request, returns the answer or a promise of it. What it throws becomes the error response.
 *
 * @memory byte fields of the request are owned; byte fields of the answer are given until they are written
 */
export type Handler<A extends AnyAction> = (request: ReceivedOf<A>, context: ServerCallContext) => AnswerOf<A> | Promise<AnswerOf<A>>;

/** How a handler is run. */
export interface HandlerOptions {
  /** Calls of this action that run at once; further ones wait their turn. @default Infinity */
  readonly concurrency?: number;
  /**
   * Serves the action whatever is in flight, as handshakes are, unless its body has more than 1 MiB after inflating. **No interceptor sees such a
   * request**, so whatever interceptors check, authentication included, is not checked for it. @default false
   */
  readonly exempt?: boolean;
}

const HANDLER_CHECKS: OptionChecks<HandlerOptions> = { concurrency: isCount(1), exempt: isBoolean };

/** Upper bounds of what a dispatcher admits at once. */
export interface AdmissionLimits {
  /** Requests being served or waiting their turn. @default 10_000 */
  readonly maxInFlight?: number;
  /** Bytes of their bodies, after inflating. @default 268_435_456 (256 MiB) */
  readonly maxInFlightBytes?: number;
}

/** The checks of {@link AdmissionLimits}. */
export const ADMISSION_CHECKS: OptionChecks<AdmissionLimits> = { maxInFlight: isCount(0), maxInFlightBytes: isCount(0) };

/** Largest body, after inflating, that is served whatever is in flight: handshakes are far smaller. */
const MAX_EXEMPT_BYTES = 1024 * 1024;

const DEFAULT_MAX_IN_FLIGHT = 10_000;
const DEFAULT_MAX_IN_FLIGHT_BYTES = 256 * 1024 * 1024;

/** A handler with its action and its options, as channels call it. */
export class Registration {
  readonly action: AnyAction;
  readonly exempt: boolean;
  readonly #handler: (request: unknown, context: ServerCallContext) => unknown;
  readonly #service: Service<ServerCallContext> | null;
  readonly #concurrency: number;
  readonly #waiting = new RingQueue<() => void>();
  #running = 0;

  constructor(
    action: AnyAction,
    handler: (request: unknown, context: ServerCallContext) => unknown,
    interceptors: readonly Interceptor<ServerCallContext>[],
    options: HandlerOptions,
  ) {
    this.action = action;
    this.exempt = options.exempt ?? false;
    this.#handler = handler;
    this.#service = interceptors.length === 0 ? null : compose(interceptors, ({ request, context }) => handler(request, context));
    this.#concurrency = options.concurrency ?? Number.POSITIVE_INFINITY;
  }

  /** Runs the handler behind its interceptors, or waits for a turn. The answer, or a promise of it. */
  // hot: call
  run(request: unknown, context: ServerCallContext): unknown {
    return this.#concurrency === Number.POSITIVE_INFINITY ? this.#invoke(request, context) : this.#takeTurn(request, context);
  }

  #invoke(request: unknown, context: ServerCallContext): unknown {
    if (this.#service === null) return this.#handler(request, context);
    const call: Call<ServerCallContext> = { action: this.action, request, context };
    return this.#service(call);
  }

  async #takeTurn(request: unknown, context: ServerCallContext): Promise<unknown> {
    if (this.#running >= this.#concurrency) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    try {
      context.signal.throwIfAborted();
      return await this.#invoke(request, context);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }
}

/** The registry of handlers, and the budget of requests in flight. The channels of an endpoint share one. */
export class Dispatcher {
  readonly #registrations = new Map<string, Registration>();
  readonly #interceptors: readonly Interceptor<ServerCallContext>[];
  readonly #maxInFlight: number;
  readonly #maxInFlightBytes: number;
  #inFlight = 0;
  #inFlightBytes = 0;
  #takesStreams = false;

  /** @param limits checked with {@link ADMISSION_CHECKS} */
  constructor(interceptors: readonly Interceptor<ServerCallContext>[] = [], limits: AdmissionLimits = {}) {
    this.#interceptors = interceptors;
    this.#maxInFlight = limits.maxInFlight ?? DEFAULT_MAX_IN_FLIGHT;
    this.#maxInFlightBytes = limits.maxInFlightBytes ?? DEFAULT_MAX_IN_FLIGHT_BYTES;
  }

  /** Names of the actions served. */
  get actions(): readonly string[] {
    return [...this.#registrations.keys()];
  }

  /** True when a handler takes a stream: frames may then be longer than what is held in memory. */
  get takesStreams(): boolean {
    return this.#takesStreams;
  }

  /** Requests admitted and not answered yet. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Bytes of the bodies of requests in flight. */
  get inFlightBytes(): number {
    return this.#inFlightBytes;
  }

  /**
   * Registers the handler of an action.
   *
   * @throws ERR_USAGE if it is not an action or the handler is not a function, ERR_DUPLICATE_ACTION if the action has a handler, ERR_CONFIG for a bad option
   */
  handle<A extends AnyAction>(action: A, handler: Handler<A>, options: HandlerOptions = {}): void {
    if (!isAction(action)) throw notAnAction(action);
    if (typeof handler !== 'function') {
      throw new UsageError('ERR_USAGE', {}, `the handler of ${action.name} must be a function, got ${describe(handler)}`);
    }
    checkOptions(`the handler of ${action.name}`, options, HANDLER_CHECKS);
    if (this.#registrations.has(action.name)) {
      throw new UsageError('ERR_DUPLICATE_ACTION', {}, `cannot register a handler for ${action.name}: it has one already`);
    }
    if (action.request.hasStream === true) this.#takesStreams = true;
    const interceptors = options.exempt === true ? [] : this.#interceptors;
    this.#registrations.set(action.name, new Registration(action, handler as never, interceptors, options));
  }

  find(action: string): Registration | undefined {
    return this.#registrations.get(action);
  }

  /** Charges a request and returns null, or returns why it is refused. Exempt ones of up to 1 MiB are charged and never refused. @see wire-format.md §10.6 */
  admit(registration: Registration, bytes: number): OverloadedError | null {
    if (!registration.exempt || bytes > MAX_EXEMPT_BYTES) {
      if (this.#inFlight >= this.#maxInFlight)
        return overloaded(registration, `${this.#inFlight} requests are in flight already`, 'maxInFlight');
      if (this.#inFlightBytes + bytes > this.#maxInFlightBytes) return this.#tooLarge(registration, bytes);
    }
    this.#inFlight++;
    this.#inFlightBytes += bytes;
    return null;
  }

  /**
   * Charges what the body of an admitted request grew by when it was inflated and returns null, or returns why the request is refused now; then
   * nothing more is charged.
   *
   * @param charged bytes charged for the request before
   */
  grow(registration: Registration, bytes: number, charged = 0): OverloadedError | null {
    const isExempt = registration.exempt && charged + bytes <= MAX_EXEMPT_BYTES;
    if (bytes > 0 && !isExempt && this.#inFlightBytes + bytes > this.#maxInFlightBytes) return this.#tooLarge(registration, bytes);
    this.#inFlightBytes += bytes;
    return null;
  }

  #tooLarge(registration: Registration, bytes: number): OverloadedError {
    const text = `Data too large, ${this.#inFlightBytes} bytes are in flight and ${bytes} more came`;
    return overloaded(registration, text, 'maxInFlightBytes');
  }

  /** Gives back what a request was charged. */
  release(bytes: number): void {
    this.#inFlight--;
    this.#inFlightBytes -= bytes;
  }
}

function overloaded(registration: Registration, text: string, limit: string): OverloadedError {
  return new OverloadedError('ERR_OVERLOADED', {}, `cannot accept ${registration.action.name}: ${text} (${limit})`);
}

/** Returns the error for an action without a handler, in the words of a node. @see wire-format.md §10.4 */
export function unknownAction(action: string): TransportError {
  return new TransportError('ERR_UNKNOWN_ACTION', {}, `No handler for action [${action}]`);
}
