import type { Codec } from './codec.ts';
import { struct } from './combinators.ts';
import { anyLong, int, string } from './primitives.ts';

/** A point in time. */
export interface Instant {
  /** Seconds since 1970-01-01T00:00:00Z. */
  readonly epochSecond: number | bigint;
  /** Nanoseconds of the second, 0 to 999 999 999. */
  readonly nano: number;
}

/** `i64` epoch second, `i32` nanoseconds. @see wire-format.md §8.5 */
export const instant: Codec<Instant> = struct({ epochSecond: anyLong, nano: int }, 'Instant');

/** Id of a time zone as `str`, for example `UTC` or `Europe/Paris`. @see wire-format.md §8.5 */
export const zoneId: Codec<string> = string;
