import { UsageError } from '../../protocol/error/transport-error.ts';
import { wheel } from './deadline-wheel.ts';

/** How long a signal without calls keeps its listener: a caller that uses one signal call after call registers once. */
const LINGER_MS = 1000;

/** Told when the signal fires. */
export interface Abortable {
  abort(reason: unknown): void;
}

/**
 * Listens once to each distinct signal, however many calls share it.
 *
 * @see performance.md L3
 */
export class SignalRegistry {
  readonly #entries = new Map<AbortSignal, Entry>();
  /** The entry used last: callers share one signal over many calls. */
  #last: Entry | null = null;
  /** For the wheel: when idle signals are to be swept. */
  earliest = Number.POSITIVE_INFINITY;

  /** How many signals are listened to. */
  get size(): number {
    return this.#entries.size;
  }

  /** Tells `call` when the signal fires. The signal has not fired yet. @throws ERR_USAGE when it is no signal */
  add(signal: AbortSignal, call: Abortable): void {
    const entry = this.#find(signal) ?? this.#listen(signal);
    entry.calls.add(call);
  }

  remove(signal: AbortSignal, call: Abortable): void {
    const entry = this.#find(signal);
    if (entry === undefined) return;
    entry.calls.delete(call);
    if (entry.calls.size === 0 && this.earliest === Number.POSITIVE_INFINITY) {
      this.earliest = wheel.after(LINGER_MS);
      wheel.watch(this, this.earliest);
    }
  }

  #find(signal: AbortSignal): Entry | undefined {
    if (this.#last !== null && this.#last.signal === signal && this.#last.listening) return this.#last;
    const entry = this.#entries.get(signal);
    if (entry !== undefined) this.#last = entry;
    return entry;
  }

  #listen(signal: AbortSignal): Entry {
    if (typeof signal.addEventListener !== 'function') throw new UsageError('ERR_USAGE', {}, 'signal is no AbortSignal');
    const entry = new Entry(signal, this.#entries);
    this.#entries.set(signal, entry);
    this.#last = entry;
    return entry;
  }

  expire(): void {
    this.earliest = Number.POSITIVE_INFINITY;
    this.#last = null;
    for (const entry of this.#entries.values()) if (entry.calls.size === 0) entry.dispose();
  }

  /** Stops listening to everything. */
  clear(): void {
    for (const entry of this.#entries.values()) entry.dispose();
  }
}

class Entry {
  readonly calls = new Set<Abortable>();
  readonly signal: AbortSignal;
  listening = true;
  readonly #entries: Map<AbortSignal, Entry>;

  constructor(signal: AbortSignal, entries: Map<AbortSignal, Entry>) {
    this.signal = signal;
    this.#entries = entries;
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  readonly #onAbort = (): void => {
    this.dispose();
    for (const call of this.calls) call.abort(this.signal.reason);
  };

  dispose(): void {
    this.listening = false;
    this.signal.removeEventListener('abort', this.#onAbort);
    this.#entries.delete(this.signal);
  }
}
