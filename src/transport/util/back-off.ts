/** Longest wait unless an option says otherwise. */
export const DEFAULT_MAX_WAIT_MS = 30_000;

/** How long to wait between attempts. */
export interface BackOffOptions {
  /** First wait, in milliseconds. @default 1000 */
  readonly baseMs?: number;
  /** What each wait is multiplied by. @default 2 */
  readonly factor?: number;
  /** Longest wait, in milliseconds. @default 30_000 */
  readonly maxMs?: number;
  /** Source of the jitter, from 0 to 1. @default Math.random */
  readonly random?: () => number;
}

/**
 * The wait before attempt `attempt` (0 is the first repetition): exponential with full jitter, so that many clients do not come back at once.
 *
 * @returns milliseconds
 */
export function backOffMs(attempt: number, options: BackOffOptions = {}): number {
  const { baseMs = 1000, factor = 2, maxMs = DEFAULT_MAX_WAIT_MS, random = Math.random } = options;
  return Math.min(maxMs, baseMs * factor ** attempt) * random();
}
