import type { Codec } from '../../codec/codec.ts';
import { mapped, deterministic } from '../../codec/combinators.ts';
import { type TimeValue, timeValue } from '../../codec/time-value.ts';
import { parseTime } from './time-text.ts';

/** A time value, given as one or as text such as `30s`. */
export const timeout: Codec<TimeValue, TimeValue | string> = deterministic(
  mapped<TimeValue, TimeValue | string, TimeValue, TimeValue>(
    timeValue,
    (value) => value,
    (given) => (typeof given === 'string' ? parseTime(given) : given),
  ),
);
