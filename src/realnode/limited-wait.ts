import { CancelledError, DeadlineError } from '../protocol/error/transport-error.ts';

/** Limits of a wait. */
export interface WaitLimits {
  /** Time limit in milliseconds. */
  readonly timeoutMs: number;
  /** Cancels the wait. */
  readonly signal?: AbortSignal | undefined;
  /** Name of what is waited for, in the error: `OpenSearch 3.9.0 to become ready`. */
  readonly what: string;
}

/**
 * Runs `work` until it settles, the deadline passes or the caller's signal fires. `work` gets a signal that fires then, with
 * the error as its reason, and also once everything is over; the returned promise does not wait for work that is called off.
 *
 * @throws ERR_DEADLINE, ERR_CANCELLED, and whatever `work` throws
 */
export async function withinLimits<T>(limits: WaitLimits, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  throwIfCancelled(limits.signal);
  const { timeoutMs, signal, what } = limits;
  const controller = new AbortController();
  const cancel = () => controller.abort(cancelled(signal));
  const late = () => controller.abort(new DeadlineError('answer', {}, `waited ${timeoutMs} ms for ${what}`));
  const timer = setTimeout(late, timeoutMs);
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return await Promise.race([work(controller.signal), rejectionOf(controller.signal)]);
  } finally {
    // Work that lost the race, or left something running behind it, stops here.
    controller.abort();
    clearTimeout(timer);
    signal?.removeEventListener('abort', cancel);
  }
}

/** @throws ERR_CANCELLED when the signal has fired; its reason becomes the cause */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw cancelled(signal);
}

function cancelled(signal: AbortSignal | undefined): CancelledError {
  return new CancelledError('ERR_CANCELLED', { cause: signal?.reason, delivery: 'not-sent' }, 'the caller called it off');
}

function rejectionOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
