import type { AnyAction } from '../../protocol/action/define-action.ts';
import type { ErrorCode } from '../../protocol/error/codes.ts';
import { TransportError } from '../../protocol/error/transport-error.ts';
import { Histogram } from '../util/histogram.ts';

/** The metrics of one action. */
export interface ActionMetrics {
  readonly action: string;
  /** Calls that ended, with an answer or an error. */
  readonly calls: number;
  /** Calls that failed, by code; an error that is not a TransportError counts as `ERR_REMOTE`. */
  readonly errors: Readonly<Partial<Record<ErrorCode, number>>>;
  /** Durations of the calls. */
  readonly latency: Histogram;
}

interface Counted {
  calls: number;
  readonly errors: Partial<Record<ErrorCode, number>>;
  readonly latency: Histogram;
}

/** Counts calls by name of their action. Costs one read of the clock per call, and one per read of a link. */
export class CallMetrics {
  readonly #actions = new Map<string, Counted>();
  /** The action counted last: calls repeat. */
  #last: AnyAction | null = null;
  #lastCounted: Counted | null = null;

  /** Counts a call that has ended. @param error null when it was answered */
  record(action: AnyAction, ms: number, error: unknown): void {
    const counted = this.#last === action && this.#lastCounted !== null ? this.#lastCounted : this.#countedOf(action);
    counted.calls++;
    counted.latency.record(ms);
    if (error === null) return;
    const code = error instanceof TransportError ? error.code : 'ERR_REMOTE';
    counted.errors[code] = (counted.errors[code] ?? 0) + 1;
  }

  #countedOf(action: AnyAction): Counted {
    let counted = this.#actions.get(action.name);
    if (counted === undefined) {
      counted = { calls: 0, errors: {}, latency: new Histogram() };
      this.#actions.set(action.name, counted);
    }
    this.#last = action;
    this.#lastCounted = counted;
    return counted;
  }

  /** Returns the metrics so far, in ascending order of the actions' names. */
  snapshot(): readonly ActionMetrics[] {
    return [...this.#actions]
      .map(([action, { calls, errors, latency }]) => ({ action, calls, errors: { ...errors }, latency }))
      .sort((a, b) => (a.action < b.action ? -1 : 1));
  }
}
