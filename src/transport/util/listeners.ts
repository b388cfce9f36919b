import { inspect } from 'node:util';
import { closestName } from '../../protocol/error/closest-name.ts';
import { oneLine, printable } from '../../protocol/error/printable.ts';
import { UsageError } from '../../protocol/error/transport-error.ts';
import { adopt, isThenable } from './user-code.ts';

/** An event: its `type` says which one of a union it is. */
export interface TypedEvent {
  readonly type: string;
}

/** A function that is called with events. What it returns is ignored, except that a promise may reject without harm. */
export type EventListener<Event> = (event: Event) => unknown;

/** The event of a union that has this type. */
export type EventOf<Event extends TypedEvent, Type extends Event['type']> = Extract<Event, { readonly type: Type }>;

/** Code of the process warning about a listener that failed. */
const WARNING_CODE = 'ERR_LISTENER_FAILED';

/**
 * The user's listeners of one client, server or extension. A listener cannot harm what tells it: when it throws, or returns a promise that rejects, a
 * process warning says so and the other listeners are told all the same.
 */
export class Listeners<Event extends TypedEvent> {
  readonly #owner: string;
  readonly #onEvent: EventListener<Event> | undefined;
  readonly #byType: ReadonlyMap<string, Set<EventListener<never>>>;

  /**
   * @param owner what warnings and errors name, for example `client`
   * @param types every type of event
   * @param onEvent a listener of all types
   */
  constructor(owner: string, types: Readonly<Record<Event['type'], true>>, onEvent?: EventListener<Event>) {
    this.#owner = owner;
    this.#onEvent = onEvent;
    this.#byType = new Map(Object.keys(types).map((type) => [type, new Set()]));
  }

  /** Adds a listener of one type; adding it again changes nothing. @throws ERR_USAGE for an unknown type, or a listener that is not a function */
  add<Type extends Event['type']>(type: Type, listener: EventListener<EventOf<Event, Type>>): void {
    if (typeof listener !== 'function') {
      throw new UsageError('ERR_USAGE', {}, `the listener of '${type}' must be a function, got ${typeof listener}`);
    }
    this.#setOf(type).add(listener as EventListener<never>);
  }

  /** Removes a listener; one that was not added is ignored. @throws ERR_USAGE for an unknown type */
  remove<Type extends Event['type']>(type: Type, listener: EventListener<EventOf<Event, Type>>): void {
    this.#setOf(type).delete(listener as EventListener<never>);
  }

  /** Returns whether anybody is told of events of this type. */
  hears(type: Event['type']): boolean {
    return this.#onEvent !== undefined || this.#setOf(type).size > 0;
  }

  /** Tells every listener. Never throws. */
  emit(event: Event): void {
    const what = `a listener of the ${this.#owner} event '${event.type}'`;
    if (this.#onEvent !== undefined) tell(what, this.#onEvent, event);
    // A copy: a listener may add or remove listeners.
    for (const listener of Array.from(this.#setOf(event.type))) tell(what, listener as EventListener<Event>, event);
  }

  #setOf(type: string): Set<EventListener<never>> {
    const listeners = this.#byType.get(type);
    if (listeners !== undefined) return listeners;
    const closest = closestName(String(type), this.#byType.keys());
    const hint = closest === undefined ? `expected one of ${[...this.#byType.keys()].join(', ')}` : `did you mean '${closest}'?`;
    throw new UsageError('ERR_USAGE', {}, `unknown event '${String(type)}' of a ${this.#owner}; ${hint}`);
  }
}

/**
 * Calls a function of the user that cannot be allowed to do harm: when it throws, or returns a promise that rejects, a process warning says so.
 *
 * @param what names the function in the warning
 */
export function tell<Event>(what: string, listener: EventListener<Event>, event: Event): void {
  try {
    const result = listener(event);
    if (isThenable(result)) adopt(result, ignore, (error) => warn(what, error));
  } catch (error) {
    warn(what, error);
  }
}

function ignore(): void {}

/** Returns a function that calls another as {@link tell} does, or undefined if there is none. */
export function isolated<Event>(what: string, listener: EventListener<Event> | undefined): ((event: Event) => void) | undefined {
  return listener === undefined ? undefined : (event) => tell(what, listener, event);
}

/** Emits a process warning about a function of the user that failed. Never throws, whatever it threw. */
function warn(what: string, error: unknown): void {
  const detail = textBy(() => printable(inspect(error)));
  const text = textBy(() => oneLine(error instanceof Error ? `${error.message}` : detail));
  process.emitWarning(`${what} failed: ${text}`, { type: 'ListenerWarning', code: WARNING_CODE, detail });
}

function textBy(show: () => string): string {
  try {
    return show();
  } catch {
    return 'a value that cannot be shown';
  }
}
