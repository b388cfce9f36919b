/** First wait unless an option says otherwise, in milliseconds. */
export const DEFAULT_BASE_WAIT_MS = 1_000;

/** Longest wait unless an option says otherwise, in milliseconds: a node that is back is used again within this time. */
export const DEFAULT_MAX_WAIT_MS = 5_000;

/** Waits between attempts. */
export interface BackOffOptions {
  /** Upper bound of the first wait, in milliseconds; 1 or more. @default 1_000 */
  readonly baseMs?: number;
  /** Factor by which the bound grows with each attempt. @default 2 */
  readonly factor?: number;
  /** Upper bound of every wait, in milliseconds; 1 or more. @default 5_000 */
  readonly maxMs?: number;
  /** Returns the share of the bound that is waited, from 0 to 1; if it throws, all of it is waited. @default Math.random, so that many clients do not come back at once */
  readonly random?: () => number;
}

/**
 * Returns the wait before attempt `attempt` (0 is the first repetition), in milliseconds: exponential with full jitter.
 */
export function backOffMs(attempt: number, options: BackOffOptions = {}): number {
  const { baseMs = DEFAULT_BASE_WAIT_MS, factor = 2, maxMs = DEFAULT_MAX_WAIT_MS, random = Math.random } = options;
  return Math.min(maxMs, baseMs * factor ** attempt) * shareOf(random);
}

/** Returns a share from 0 to 1, whatever the function does: the whole wait if it throws or returns NaN. */
function shareOf(random: () => number): number {
  try {
    const share = Number(random());
    return Number.isNaN(share) ? 1 : Math.min(1, Math.max(0, share));
  } catch {
    return 1;
  }
}
