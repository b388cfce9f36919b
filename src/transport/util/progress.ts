/** Bytes that count as progress within a timeout: a single byte now and then does not. */
export const MIN_PROGRESS_BYTES = 1024;

/** Rounds within a timeout. A channel is ended at most two rounds late, never early. */
const ROUNDS = 4;

/** Longest time between two rounds, in milliseconds. */
const MAX_ROUND_MS = 60_000;

/** Returns the milliseconds between two looks at channels that may not make progress. */
export function roundMsOf(timeoutMs: number): number {
  return Math.ceil(Math.min(timeoutMs / ROUNDS, MAX_ROUND_MS));
}
