import { type AnyAction, type AnswerOf, defineAction, type ReceivedOf } from '../../protocol/action/define-action.ts';
import { rest } from '../../protocol/codec/primitives.ts';
import { shortened } from '../../protocol/error/shortened.ts';
import { TransportError, UsageError } from '../../protocol/error/transport-error.ts';
import { withoutStack } from '../../protocol/error/without-stack.ts';
import { checkOptions, describe, isBoolean, isCount, type OptionChecks } from '../util/check-options.ts';
import { RingQueue } from '../util/ring-queue.ts';
import { mayBeIgnored } from '../util/user-code.ts';
import { Admission, type AdmissionLimits } from './admission.ts';
import { type Call, compose, type Interceptor, type Service } from './call.ts';
import type { ServerCallContext } from './server-context.ts';
import { isAction, notAnAction } from './wrong-call.ts';

/**
 * Answers one action: gets the complete request, returns the answer or a promise of it. What it throws becomes the error response.
 *
 * @memory byte fields of the request are owned; byte fields of the answer are given until they are written
 */
export type Handler<A extends AnyAction> = (request: ReceivedOf<A>, context: ServerCallContext) => AnswerOf<A> | Promise<AnswerOf<A>>;

/**
 * Answers requests of any action with bytes: gets the body behind the parent task, returns the body of the response. `context.action` has the name. What it
 * throws becomes the error response.
 *
 * @memory the body is owned; the answer is given until it is written
 */
export type AnyHandler = (body: Buffer, context: ServerCallContext) => Uint8Array | Promise<Uint8Array>;

/** Stands for every action without a handler of its own. */
const ANY_ACTION = defineAction({ name: '*', request: rest, response: rest, summary: 'Any action without a handler of its own' });

/** How a handler is run. */
export interface HandlerOptions {
  /** Calls of this action that run at once; further ones wait their turn. @default Infinity */
  readonly concurrency?: number;
  /**
   * Requests of this action do not count towards `maxInFlight` and `maxInFlightBytes`, but towards a small separate limit that all exempt actions and the
   * handshakes share: 1 024 requests and 16 MiB at once. A body of
   * more than 1 MiB after inflating is admitted like any other. Interceptors see its requests as they see all others. @default false
   */
  readonly exempt?: boolean;
}

const HANDLER_CHECKS: OptionChecks<HandlerOptions> = { concurrency: isCount(1), exempt: isBoolean };

/** Turns that requests hand to each other before others have theirs: thousands that wait may all be refused in one turn of the event loop. */
const TURNS_IN_A_ROW = 32;

/** A handler with its action and its options, as channels call it. */
export class Registration {
  readonly action: AnyAction;
  /** The codecs of the action, read once: the user made them, and they may be getters. */
  readonly request: AnyAction['request'];
  readonly response: AnyAction['response'];
  readonly exempt: boolean;
  /** True if its requests end with a stream. */
  readonly takesStream: boolean;
  readonly #handler: (request: unknown, context: ServerCallContext) => unknown;
  readonly #service: Service<ServerCallContext> | null;
  readonly #concurrency: number;
  readonly #waiting = new RingQueue<() => void>();
  #running = 0;
  /** Turns that were given to a request that waited. */
  #handedOver = 0;

  constructor(
    action: AnyAction,
    handler: (request: unknown, context: ServerCallContext) => unknown,
    interceptors: readonly Interceptor<ServerCallContext>[],
    options: HandlerOptions,
  ) {
    this.action = action;
    this.request = action.request;
    this.response = action.response;
    this.exempt = options.exempt ?? false;
    this.takesStream = this.request.hasStream === true;
    this.#handler = handler;
    this.#service =
      interceptors.length === 0 ? null : compose(interceptors, ({ request, context }) => mayBeIgnored(handler(request, context)));
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
      context.channel.ended.throwIfAborted();
      context.throwIfFull();
      return await this.#invoke(request, context);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else if (++this.#handedOver % TURNS_IN_A_ROW > 0) next();
      else setImmediate(next);
    }
  }
}

/** The registry of handlers, and the budget of their requests. The channels of an endpoint share one. */
export class Dispatcher {
  readonly #registrations = new Map<string, Registration>();
  readonly #interceptors: readonly Interceptor<ServerCallContext>[];
  /** The budget of requests in flight. The channels of an endpoint share one. */
  readonly admission: Admission;
  #takesStreams = false;
  /** Serves the actions that have no handler; undefined if they are refused. */
  #others: Registration | undefined;

  /** @param limits checked with {@link ADMISSION_CHECKS} */
  constructor(interceptors: readonly Interceptor<ServerCallContext>[] = [], limits: AdmissionLimits = {}) {
    this.#interceptors = interceptors;
    this.admission = new Admission(limits);
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
    return this.admission.inFlight;
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
    this.#registrations.set(action.name, new Registration(action, handler as never, this.#interceptors, options));
  }

  /**
   * Registers the handler of every action that has none.
   *
   * @throws ERR_USAGE if the handler is not a function, ERR_DUPLICATE_ACTION if there is such a handler, ERR_CONFIG for a bad option
   */
  handleOthers(handler: AnyHandler, options: HandlerOptions = {}): void {
    if (typeof handler !== 'function') {
      throw new UsageError('ERR_USAGE', {}, `the handler of other actions must be a function, got ${describe(handler)}`);
    }
    checkOptions('the handler of other actions', options, HANDLER_CHECKS);
    if (this.#others !== undefined) {
      throw new UsageError('ERR_DUPLICATE_ACTION', {}, 'cannot register a handler for other actions: there is one already');
    }
    this.#others = new Registration(ANY_ACTION, handler as never, this.#interceptors, options);
  }

  /**
   * Registers the handler of a handshake: exempt from the limits, and the only kind that no interceptor sees. A handshake has no caller to check yet,
   * its answer is the identity that every peer may know, and an interceptor that refused it would make this end unreachable.
   */
  handleHandshake<A extends AnyAction>(action: A, handler: Handler<A>): void {
    this.#registrations.set(action.name, new Registration(action, handler as never, [], { exempt: true }));
  }

  /** Returns who serves an action, or undefined. */
  find(action: string): Registration | undefined {
    return this.#registrations.get(action) ?? this.#others;
  }
}

/** Returns the error for an action without a handler, in the words of a node. @see wire-format.md §10.4 */
export function unknownAction(action: string): TransportError {
  return withoutStack(() => new TransportError('ERR_UNKNOWN_ACTION', {}, `No handler for action [${shortened(action)}]`));
}
