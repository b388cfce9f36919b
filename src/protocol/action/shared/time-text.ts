import { TIME_UNITS, type TimeUnit, type TimeValue, toMilliseconds } from '../../codec/time-value.ts';
import { UsageError } from '../../error/transport-error.ts';

/** Suffixes of the units in OpenSearch's texts, in the order of {@link TIME_UNITS}. */
const SUFFIXES = ['nanos', 'micros', 'ms', 's', 'm', 'h', 'd'] as const;

const UNIT_OF: ReadonlyMap<string, TimeUnit> = new Map(SUFFIXES.map((suffix, i) => [suffix, TIME_UNITS[i] as TimeUnit]));

const PATTERN = /^(-?\d+)(nanos|micros|ms|s|m|h|d)$/;

/**
 * Parses a time as OpenSearch writes it: `30s`, `1m`, `500ms`, `10micros`, `2h`, `1d`; `0` and `-1` need no unit.
 *
 * @throws ERR_USAGE for any other text: fractions, spaces, an unknown unit, a negative time other than −1
 * @see `TimeValue.parseTimeValue` of OpenSearch
 */
export function parseTime(text: string): TimeValue {
  const lower = text.trim().toLowerCase();
  if (lower === '-1') return { duration: -1, unit: 'MILLISECONDS' };
  if (/^0+$/.test(lower)) return { duration: 0, unit: 'MILLISECONDS' };
  const match = PATTERN.exec(lower);
  const unit = UNIT_OF.get(match?.[2] ?? '');
  const duration = Number(match?.[1]);
  if (unit === undefined || !Number.isSafeInteger(duration) || duration < -1) {
    throw new UsageError('ERR_USAGE', {}, `expected a time such as 30s, 500ms or 1m, got '${text}'`);
  }
  return { duration, unit };
}

const LARGEST_FIRST = [...TIME_UNITS].reverse();
const SCALE: ReadonlyMap<TimeUnit, number> = new Map(TIME_UNITS.map((unit) => [unit, toMilliseconds({ duration: 1, unit })]));

/**
 * Returns a time as text for people: in the largest unit of which it has at least one, with at most one digit after the point (`0s`, `1.5m`).
 *
 * @see `TimeValue.toHumanReadableString` of OpenSearch
 */
export function showTime(value: TimeValue): string {
  if (Number(value.duration) < 0) return String(value.duration);
  if (Number(value.duration) === 0) return '0s';
  const millis = toMilliseconds(value);
  const unit = LARGEST_FIRST.find((candidate) => millis >= (SCALE.get(candidate) as number)) ?? 'NANOSECONDS';
  const tenths = Math.floor((millis * 10) / (SCALE.get(unit) as number));
  return `${tenths / 10}${SUFFIXES[TIME_UNITS.indexOf(unit)]}`;
}
