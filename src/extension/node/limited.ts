import type { TransportError } from '../../protocol/error/transport-error.ts';
import { reasonOfSignal } from '../../transport/util/user-code.ts';

/** What ends a piece of work before it is done. */
export interface LimitedOptions {
  /** Each ends the work with its reason. */
  readonly signals: readonly AbortSignal[];
  readonly timeoutMs: number;
  /** Makes the error when the time is over. */
  readonly late: () => TransportError;
}

/**
 * Runs a piece of work that ends when its time is over or a signal fires. No timer and no listener is left when it settles.
 *
 * @param work is told by its signal when it must stop; nobody waits for it then
 * @throws what the work throws, the reason of the signal that fired, or the error of `late`
 */
export async function limited<T>(work: (signal: AbortSignal) => Promise<T>, { signals, timeoutMs, late }: LimitedOptions): Promise<T> {
  for (const signal of signals) signal.throwIfAborted();
  const over = new AbortController();
  const listeners = signals.map((signal) => [signal, () => over.abort(reasonOfSignal(signal))] as const);
  for (const [signal, stop] of listeners) signal.addEventListener('abort', stop, { once: true });
  const timer = Number.isFinite(timeoutMs) ? setTimeout(() => over.abort(late()), timeoutMs) : undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      over.signal.addEventListener('abort', () => reject(over.signal.reason as Error), { once: true });
      work(over.signal).then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
    for (const [signal, stop] of listeners) signal.removeEventListener('abort', stop);
  }
}
