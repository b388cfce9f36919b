import { performance } from 'node:perf_hooks';
import type { AnyAction } from '../../protocol/action/define-action.ts';
import type { VariableHeader } from '../../protocol/frame/native/variable-header.ts';
import { CancelledError, DeadlineError, type TransportError } from '../../protocol/error/transport-error.ts';
import { arrivals } from '../util/arrival-clock.ts';
import { isMadeBy, wheel } from '../util/deadline-wheel.ts';
import type { SignalRegistry, SignalWatch } from '../util/signal-registry.ts';

/** Slots a table gets with its first call. */
const FIRST_SLOTS = 4;

/** The slots of tables without calls. Never written to. */
const NO_SLOTS: undefined[] = [undefined];

/** Upper bound of remembered ids of calls that were given up: they tell late answers from unknown ones. */
const MAX_TOMBSTONES = 1024;

/** Largest request id; the counter then starts over, so that ids stay numbers. */
const MAX_ID = Number.MAX_SAFE_INTEGER;

/** Told of calls that metrics, diagnostics or the caller watch. */
export interface CallWatcher {
  /** The header of the answer has come. */
  onResponseHeaders(variable: VariableHeader): void;
  /** @param error null when the call was answered */
  onSettled(call: PendingCall, durationMs: number, error: TransportError | null): void;
}

/** A call that waits for its answer. */
export class PendingCall {
  /** Request id on the wire. */
  id = 0;
  /** Status bits its request was sent with. */
  status = 0;
  /** Sequence number of its request in the writer: tells whether it was flushed when the channel ends. 0 before it is there. */
  sequence = 0;
  /** Wheel milliseconds; Infinity without a deadline. */
  deadline: number;
  readonly timeoutMs: number;
  readonly action: AnyAction;
  readonly signal: AbortSignal | null;
  /** True if its answer ends with a stream. Set by the table. */
  hasStreamedAnswer = false;
  /** The watch on its signal, set by the table. */
  watch: SignalWatch | null = null;
  readonly #resolve: (value: never) => void;
  readonly #reject: (error: TransportError) => void;
  readonly #watcher: CallWatcher | null;
  /** Milliseconds of `performance.now`; 0 unless the call is watched. */
  readonly #startedAt: number;
  #table: InFlightTable | null = null;

  constructor(
    action: AnyAction,
    timeoutMs: number,
    signal: AbortSignal | null,
    watcher: CallWatcher | null,
    resolve: (value: never) => void,
    reject: (error: TransportError) => void,
  ) {
    this.action = action;
    this.timeoutMs = timeoutMs;
    this.deadline = timeoutMs === Number.POSITIVE_INFINITY ? timeoutMs : wheel.roughlyAfter(timeoutMs);
    this.signal = signal;
    this.#watcher = watcher;
    this.#startedAt = watcher === null ? 0 : performance.now();
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Tells its watcher that the header of the answer has come. */
  // hot: call
  onAnswerHeader(variable: VariableHeader): void {
    if (this.#watcher !== null) this.#watcher.onResponseHeaders(variable);
  }

  /** Sets the table the call is in. For the table. */
  attach(table: InFlightTable | null): void {
    this.#table = table;
  }

  resolve(value: unknown): void {
    this.#resolve(value as never);
    if (this.#watcher !== null) this.#tell(this.#watcher, null);
  }

  reject(error: TransportError): void {
    this.#reject(error);
    if (this.#watcher !== null) this.#tell(this.#watcher, error);
  }

  /** The call is settled already: nothing that fails here can keep its caller waiting. */
  #tell(watcher: CallWatcher, error: TransportError | null): void {
    try {
      watcher.onSettled(this, this.#elapsed(), error);
    } catch {
      // The name of the action is a getter that throws. The call is not counted.
    }
  }

  /** Milliseconds since the call began. 0 for calls made and answered within one read. */
  #elapsed(): number {
    return Math.max(0, arrivals.now() - this.#startedAt);
  }

  /** The caller's signal fired. */
  abort(reason: unknown): void {
    this.#table?.cancel(this, reason);
  }
}

/** What a table asks of its channel, and tells it. */
export interface InFlightOwner {
  /** Returns whether the request with this sequence number has left the process. */
  wasSent(sequence: number): boolean;
  /** `[host:port]` of the peer, for messages. */
  readonly label: string;
  /** The call with this sequence number was given up: if its request is still being streamed, the channel has to end. */
  onGivenUp(sequence: number): void;
}

/**
 * The calls of one channel that wait for answers: slots indexed by id, deadlines, signals, and tombstones of calls that were given up.
 *
 * @see performance.md L3, L4
 */
export class InFlightTable {
  #slots: (PendingCall | undefined)[] = NO_SLOTS;
  #mask = 0;
  #nextId = 1;
  #size = 0;
  /** True once a call expected an answer that ends with a stream: frames may then be longer than what is held in memory, late ones too. */
  expectsStreams = false;
  /** Lower bound of the deadlines, for the wheel. */
  earliest = Number.POSITIVE_INFINITY;
  /** Made with the first call that is given up: most channels have none. */
  #tombstones: Set<number> | null = null;
  readonly #signals: SignalRegistry;
  readonly #owner: InFlightOwner;

  constructor(owner: InFlightOwner, signals: SignalRegistry) {
    this.#owner = owner;
    this.#signals = signals;
  }

  /** Calls that wait for answers. */
  get size(): number {
    return this.#size;
  }

  /** True while calls wait for answers: a process does not end before their deadlines. */
  get isAwaited(): boolean {
    return this.#size > 0;
  }

  /** True if a request that ends with a stream waits for its answer. Looks at every call. */
  get hasStreamedRequest(): boolean {
    return this.#size > 0 && this.#slots.some((call) => call !== undefined && sendsStream(call));
  }

  /** Files a call: gives it an id and a slot. @throws ERR_USAGE if its signal is not an AbortSignal; the call is not filed */
  // hot: call
  add(call: PendingCall): void {
    if (call.signal !== null) call.watch = this.#signals.watch(call.signal, call);
    if (this.#size * 2 >= this.#mask) this.#grow();
    const slots = this.#slots;
    const mask = this.#mask;
    let id = this.#nextId;
    while (slots[id & mask] !== undefined) id = id === MAX_ID ? 1 : id + 1;
    this.#nextId = id === MAX_ID ? 1 : id + 1;
    call.id = id;
    slots[id & mask] = call;
    this.#size++;
    if (call.action.response.hasStream === true) {
      call.hasStreamedAnswer = true;
      this.expectsStreams = true;
    }
    call.attach(this);
    if (call.deadline < this.earliest) {
      this.earliest = call.deadline;
      wheel.watch(this, call.deadline);
    }
  }

  /** Returns the call with this id, and keeps it. */
  // hot: call
  get(id: number): PendingCall | undefined {
    const call = this.#slots[id & this.#mask];
    return call !== undefined && call.id === id ? call : undefined;
  }

  /** Removes the call with this id and returns it; undefined if there is no such call. */
  // hot: call
  take(id: number): PendingCall | undefined {
    const index = id & this.#mask;
    const call = this.#slots[index];
    if (call === undefined || call.id !== id) return undefined;
    this.#slots[index] = undefined;
    this.#size--;
    call.attach(null);
    call.watch?.end();
    return call;
  }

  /** Returns true once for the id of a call that was given up: its answer is late, not unknown. */
  wasGivenUp(id: number): boolean {
    return this.#tombstones?.delete(id) ?? false;
  }

  /** Gives a call up: its signal fired. */
  cancel(call: PendingCall, reason: unknown): void {
    if (this.#giveUp(call) === undefined) return;
    const text = `${nameOf(call)} was cancelled by its caller`;
    call.reject(new CancelledError('ERR_CANCELLED', { cause: reason, delivery: whenGivenUp(call) }, text));
  }

  /** Gives up every call that is due. */
  expire(now: number): void {
    let earliest = Number.POSITIVE_INFINITY;
    // A caller may make its next call at once when it is told the end of one: that deadline counts as well.
    this.earliest = earliest;
    for (const call of this.#slots) {
      if (call === undefined) continue;
      if (call.deadline <= now) this.#time(call);
      else if (call.deadline < earliest) earliest = call.deadline;
    }
    if (earliest < this.earliest) this.earliest = earliest;
  }

  postpone(since: number, byMs: number): void {
    for (const call of this.#slots) if (call !== undefined && isMadeBy(since, call.deadline, call.timeoutMs)) call.deadline += byMs;
  }

  #time(call: PendingCall): void {
    if (this.#giveUp(call) === undefined) return;
    const text = `${this.#owner.label}[${nameOf(call)}] request_id [${call.id}] timed out after [${call.timeoutMs}ms]`;
    call.reject(new DeadlineError('answer', { delivery: whenGivenUp(call) }, text));
  }

  #giveUp(call: PendingCall): PendingCall | undefined {
    const given = this.take(call.id);
    if (given === undefined) return undefined;
    this.#tombstones ??= new Set();
    if (this.#tombstones.size === MAX_TOMBSTONES) {
      const [oldest] = this.#tombstones;
      this.#tombstones.delete(oldest as number);
    }
    this.#tombstones.add(call.id);
    this.#owner.onGivenUp(call.sequence);
    return given;
  }

  #delivery(call: PendingCall): 'maybe-sent' | 'not-sent' {
    return this.#owner.wasSent(call.sequence) ? 'maybe-sent' : 'not-sent';
  }

  /** Rejects the call whose request has this sequence number in the writer, if it still waits. */
  rejectSent(sequence: number, error: TransportError): void {
    const call = this.#slots.find((each) => each?.sequence === sequence);
    if (call === undefined) return;
    this.take(call.id);
    call.reject(error);
  }

  /** Empties the table and rejects every call with an error made for it. */
  failAll(errorFor: (call: PendingCall, delivery: 'maybe-sent' | 'not-sent') => TransportError): void {
    const calls = this.#slots.filter((call) => call !== undefined);
    for (const call of calls) {
      this.take(call.id);
      call.reject(errorFor(call, this.#delivery(call)));
    }
    this.earliest = Number.POSITIVE_INFINITY;
    this.#tombstones = null;
  }

  #grow(): void {
    const old = this.#slots;
    const length = Math.max(2 * old.length, FIRST_SLOTS);
    const slots = new Array<PendingCall | undefined>(length).fill(undefined);
    for (const call of old) if (call !== undefined) slots[call.id & (length - 1)] = call;
    this.#slots = slots;
    this.#mask = length - 1;
  }
}

function sendsStream({ action }: PendingCall): boolean {
  try {
    return action.request.hasStream === true;
  } catch {
    return false;
  }
}

/** Returns the name of a call's action. The caller made the action, and its name may be a getter that throws. */
export function nameOf({ action }: PendingCall): string {
  try {
    return action.name;
  } catch {
    return 'an action without a name';
  }
}

/** A request in the writer leaves it whatever becomes of its call; one that was given up while it was encoded never does. */
function whenGivenUp(call: PendingCall): 'maybe-sent' | 'not-sent' {
  return call.sequence === 0 ? 'not-sent' : 'maybe-sent';
}
