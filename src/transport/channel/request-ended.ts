import { performance } from 'node:perf_hooks';
import { diagnostics, type RequestEnded } from '../call/diagnostics.ts';
import type { Registration } from '../call/dispatcher.ts';
import type { ServerCallContext } from '../call/server-context.ts';
import type { IncomingOptions } from './incoming-options.ts';

/** Counts a request that has been handled, and tells those who trace requests. */
export function tellEnded(
  { action }: Registration,
  { action: name, startedAt, remote }: ServerCallContext,
  { incomingMetrics }: Pick<IncomingOptions, 'incomingMetrics'>,
  error: unknown,
): void {
  const durationMs = performance.now() - startedAt;
  incomingMetrics?.record(action, durationMs, error);
  if (diagnostics.requestEnd.hasSubscribers) {
    diagnostics.requestEnd.publish({ action: name, remote, durationMs, error } satisfies RequestEnded);
  }
}
