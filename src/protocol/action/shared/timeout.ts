import type { Codec } from '../../codec/codec.ts';
import { deterministic, mapped } from '../../codec/combinators.ts';
import { type TimeValue, timeValue } from '../../codec/time-value.ts';
import { parseTime } from './time-text.ts';

/** A span of time to send: a value, or text as OpenSearch writes it, such as `30s`, `500ms` or `1m`. */
export type TimeInit = TimeValue | string;

/** A time value, given as one or as text. */
export const timeout: Codec<TimeValue, TimeInit> = deterministic(
  mapped<TimeValue, TimeInit, TimeValue, TimeValue>(
    timeValue,
    (value) => value,
    (given) => (typeof given === 'string' ? parseTime(given) : given),
  ),
);
