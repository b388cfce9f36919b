import { UsageError } from '../../protocol/error/transport-error.ts';
import { wheel } from './deadline-wheel.ts';
import { reasonOfSignal } from './user-code.ts';

/** How long a signal without calls keeps its listener, in milliseconds: a caller that uses one signal for call after call registers once. */
const LINGER_MS = 1000;

/** Told when a signal fires. */
export interface Abortable {
  abort(reason: unknown): void;
}

/**
 * Listens once to each distinct signal, however many calls share it.
 *
 * @see performance.md L3
 */
export class SignalRegistry {
  readonly #listeners = new Map<AbortSignal, SharedListener>();
  /** The listener used last: callers share one signal among many calls. */
  #last: SharedListener | null = null;
  /** When idle signals are swept, for the wheel. */
  earliest = Number.POSITIVE_INFINITY;
  readonly isAwaited = false;

  /** Signals that are listened to. */
  get size(): number {
    return this.#listeners.size;
  }

  /**
   * Tells `told` when the signal fires. It must not have fired yet.
   *
   * @returns the watch, to be ended when the call is over
   * @throws ERR_USAGE if it is not an AbortSignal
   */
  // hot: call
  watch(signal: AbortSignal, told: Abortable): SignalWatch {
    const last = this.#last;
    return new SignalWatch(last !== null && last.signal === signal && last.listening ? last : this.#listenerOf(signal), told);
  }

  #listenerOf(signal: AbortSignal): SharedListener {
    let listener = this.#listeners.get(signal);
    if (listener === undefined) {
      if (typeof signal.addEventListener !== 'function')
        throw new UsageError('ERR_USAGE', {}, `signal must be an AbortSignal, got ${typeof signal}`);
      listener = new SharedListener(signal, this);
      // A signal of another make may have fired while it was given its listener, or fail at it.
      if (listener.listening) this.#listeners.set(signal, listener);
    }
    this.#last = listener;
    return listener;
  }

  /** A signal has no watches left. */
  onIdle(): void {
    if (this.earliest !== Number.POSITIVE_INFINITY) return;
    this.earliest = wheel.after(LINGER_MS);
    wheel.watch(this, this.earliest);
  }

  /** A listener was removed. */
  onDisposed(signal: AbortSignal): void {
    this.#listeners.delete(signal);
  }

  expire(): void {
    this.earliest = Number.POSITIVE_INFINITY;
    this.#last = null;
    for (const listener of this.#listeners.values()) if (listener.first === null) listener.dispose();
  }

  /** Stops listening to everything. */
  clear(): void {
    for (const listener of this.#listeners.values()) listener.dispose();
  }
}

/** The one listener to a signal, and the chain of those it tells. */
class SharedListener {
  readonly signal: AbortSignal;
  listening = true;
  first: SignalWatch | null = null;
  readonly #registry: SignalRegistry;

  constructor(signal: AbortSignal, registry: SignalRegistry) {
    this.signal = signal;
    this.#registry = registry;
    signal.addEventListener('abort', this.#onAbort, { once: true });
    // Whoever watches a signal that fired at once is told as soon as it is watched.
    if (!this.listening) queueMicrotask(this.#onAbort);
  }

  readonly #onAbort = (): void => {
    this.dispose();
    const reason = reasonOfSignal(this.signal);
    // A call that is told may end the watches of others.
    for (let watch = this.first; watch !== null; watch = this.first) {
      watch.end();
      watch.told.abort(reason);
    }
  };

  onIdle(): void {
    if (this.listening) this.#registry.onIdle();
  }

  dispose(): void {
    if (!this.listening) return;
    this.listening = false;
    this.#registry.onDisposed(this.signal);
    try {
      this.signal.removeEventListener('abort', this.#onAbort);
    } catch {
      // A signal of another make. It tells a listener that no call waits for.
    }
  }
}

/** The watch of one call on a signal: a link of a chain, so that beginning and ending it are a few stores and no look-up. */
export class SignalWatch {
  readonly told: Abortable;
  readonly #listener: SharedListener;
  #before: SignalWatch | null = null;
  #after: SignalWatch | null;
  #ended = false;

  constructor(listener: SharedListener, told: Abortable) {
    this.told = told;
    this.#listener = listener;
    const { first } = listener;
    this.#after = first;
    if (first !== null) first.#before = this;
    listener.first = this;
  }

  /** Ends the watch. Idempotent. */
  // hot: call
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    const before = this.#before;
    const after = this.#after;
    if (after !== null) after.#before = before;
    if (before !== null) before.#after = after;
    else {
      this.#listener.first = after;
      if (after === null) this.#listener.onIdle();
    }
  }
}
