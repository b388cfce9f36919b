import type { Codec } from './codec.ts';
import { byteEnumeration, struct } from './combinators.ts';
import { anyZLong } from './primitives.ts';

/** Units of a {@link TimeValue}, by their number on the wire. */
export const TIME_UNITS = [
  'NANOSECONDS',
  'MICROSECONDS',
  'MILLISECONDS',
  'SECONDS',
  'MINUTES',
  'HOURS',
  'DAYS',
] as const satisfies readonly TimeUnit[];

/** Unit of a {@link TimeValue}. */
export type TimeUnit = 'NANOSECONDS' | 'MICROSECONDS' | 'MILLISECONDS' | 'SECONDS' | 'MINUTES' | 'HOURS' | 'DAYS';

/** A span of time in its own unit, so that it is printed as it was written: `{ duration: 30, unit: 'SECONDS' }`. */
export interface TimeValue {
  readonly duration: number | bigint;
  readonly unit: TimeUnit;
}

/**
 * `zLong` duration, `u8` unit.
 *
 * @see wire-format.md §8.5
 */
export const timeValue: Codec<TimeValue> = struct({ duration: anyZLong, unit: byteEnumeration('time unit', TIME_UNITS) }, 'TimeValue');

const MILLIS: Readonly<Record<TimeUnit, number>> = {
  NANOSECONDS: 1e-6,
  MICROSECONDS: 1e-3,
  MILLISECONDS: 1,
  SECONDS: 1_000,
  MINUTES: 60_000,
  HOURS: 3_600_000,
  DAYS: 86_400_000,
};

/** A span in milliseconds, with fractions where the unit is finer. */
export function toMilliseconds(value: TimeValue): number {
  return Number(value.duration) * MILLIS[value.unit];
}

/** A span of milliseconds. */
export function milliseconds(duration: number): TimeValue {
  return { duration, unit: 'MILLISECONDS' };
}

/** A span of seconds. */
export function seconds(duration: number): TimeValue {
  return { duration, unit: 'SECONDS' };
}

/** A span of minutes. */
export function minutes(duration: number): TimeValue {
  return { duration, unit: 'MINUTES' };
}
