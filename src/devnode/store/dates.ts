import { StatusError } from '../../protocol/error/status-error.ts';
import { illegalArgument } from '../../protocol/rest/refusals.ts';

/** The format of a date field whose mapping names none. */
export const DEFAULT_DATE_FORMAT = 'strict_date_optional_time||epoch_millis';

/** Smallest unit that a date text names; a range that is rounded up fills what is smaller. */
type Precision = 'y' | 'M' | 'd' | 'h' | 'm' | 's' | 'ms';

interface ParsedDate {
  readonly millis: number;
  readonly precision: Precision;
}

const ISO =
  /^([+-]?\d{4,9})(?:-(\d{2})(?:-(\d{2})(?:[T ](\d{2})(?::(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?)?)?$/;
const EPOCH = /^-?\d{1,17}(?:\.\d{1,6})?$/;
const DYNAMIC = /^\d{4}-\d{2}-\d{2}(?:T\d{2}(?::\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?$/;
const SLASHES = /^(\d{4})\/(\d{2})\/(\d{2})(?: (\d{2}):(\d{2}):(\d{2}))?(?: (Z|[+-]\d{2}:?\d{2}))?$/;

const MINUTE_MS = 60_000;

/** Returns whether a text makes a new field a date. @see dynamic date detection of OpenSearch: `strict_date_optional_time` and `yyyy/MM/dd` */
export function looksLikeDate(text: string): boolean {
  return (DYNAMIC.test(text) && parseIso(text) !== undefined) || parseSlashes(text) !== undefined;
}

/** Parses a value of a date field. @returns milliseconds since 1970. @throws StatusError 400 in a node's words */
export function parseDate(value: string | number, format: string): number {
  const parsed = parseByFormat(value, format);
  if (parsed !== undefined) return parsed.millis;
  const cause = new StatusError(400, 'date_time_parse_exception', 'Failed to parse with all enclosed parsers');
  throw illegalArgument(`failed to parse date field [${value}] with format [${format}]`, cause);
}

/**
 * Parses a date of a query: a date, `now`, or one of them with date math: `now-1d/d`, `2020-01-01||+1M`.
 *
 * @param roundUp true for the last millisecond of what the text names, as `lte` and `gt` need
 * @throws StatusError 400 in a node's words
 */
export function parseQueryDate(value: unknown, format: string, roundUp: boolean, now: number): number {
  const text = String(value);
  if (text.startsWith('now')) return applyMath(now, text.slice(3), roundUp, text);
  const bar = text.indexOf('||');
  const plain = bar === -1 ? text : text.slice(0, bar);
  const parsed = parseByFormat(typeof value === 'number' ? value : plain, format);
  if (parsed === undefined) throw badQueryDate(plain, format);
  if (bar !== -1) return applyMath(parsed.millis, text.slice(bar + 2), roundUp, text);
  return roundUp ? endOf(parsed) : parsed.millis;
}

/** Returns a date as `strict_date_optional_time` prints it: `2004-02-29T10:00:00.000Z`. */
export function dateText(millis: number): string {
  const date = new Date(millis);
  return Number.isNaN(date.getTime()) ? String(millis) : date.toISOString();
}

function badQueryDate(text: string, format: string): StatusError {
  const why = `failed to parse date field [${text}] with format [${format}]`;
  const deepest = new StatusError(400, 'date_time_parse_exception', 'Failed to parse with all enclosed parsers');
  return new StatusError(400, 'parse_exception', `${why}: [${why}]`, { cause: illegalArgument(why, deepest) });
}

function parseByFormat(value: string | number, format: string): ParsedDate | undefined {
  if (format.includes('epoch_second') && EPOCH.test(String(value))) return { millis: Number(value) * 1000, precision: 'ms' };
  const isEpoch = EPOCH.test(String(value)) && !/^\d{4}$/.test(String(value));
  if (isEpoch && (format.includes('epoch_millis') || typeof value === 'number')) return { millis: Number(value), precision: 'ms' };
  return parseIso(String(value)) ?? parseSlashes(String(value));
}

function parseIso(text: string): ParsedDate | undefined {
  const found = ISO.exec(text);
  if (found === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone] = found;
  const precision: Precision = fraction ? 'ms' : second ? 's' : minute ? 'm' : hour ? 'h' : day ? 'd' : month ? 'M' : 'y';
  return dated([year, month, day, hour, minute, second], fraction, zone, precision);
}

function parseSlashes(text: string): ParsedDate | undefined {
  const found = SLASHES.exec(text);
  if (found === null) return undefined;
  const [, year, month, day, hour, minute, second, zone] = found;
  return dated([year, month, day, hour, minute, second], undefined, zone, hour ? 's' : 'd');
}

function dated(
  parts: readonly (string | undefined)[],
  fraction: string | undefined,
  zone: string | undefined,
  precision: Precision,
): ParsedDate | undefined {
  const [year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.map((part) =>
    part === undefined ? undefined : Number(part),
  );
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1000));
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return isReal ? { millis: date.getTime() - zoneMinutes(zone) * MINUTE_MS, precision } : undefined;
}

function zoneMinutes(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', '') || 0);
  return zone.startsWith('-') ? -minutes : minutes;
}

function endOf({ millis, precision }: ParsedDate): number {
  return precision === 'ms' ? millis : shifted(millis, precision, 1) - 1;
}

const MATH = /([+-])(\d*)([yMwdhHms])|\/([yMwdhHms])/gy;

function applyMath(start: number, math: string, roundUp: boolean, text: string): number {
  MATH.lastIndex = 0;
  let millis = start;
  while (MATH.lastIndex < math.length) {
    const found = MATH.exec(math);
    if (found === null) throw new StatusError(400, 'parse_exception', `operator not supported for date math [${text}]`);
    const [, sign, count = '', unit = '', rounding] = found;
    if (rounding === undefined) millis = shifted(millis, unit, (sign === '-' ? -1 : 1) * Number(count || 1));
    else millis = roundUp ? shifted(floored(millis, rounding), rounding, 1) - 1 : floored(millis, rounding);
  }
  return millis;
}

const FIXED_MS: Readonly<Record<string, number>> = { w: 604_800_000, d: 86_400_000, h: 3_600_000, H: 3_600_000, m: MINUTE_MS, s: 1000 };

function shifted(millis: number, unit: string, by: number): number {
  const fixed = FIXED_MS[unit];
  if (fixed !== undefined) return millis + by * fixed;
  const date = new Date(millis);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  if (unit === 'M') date.setUTCMonth(date.getUTCMonth() + by);
  else date.setUTCFullYear(date.getUTCFullYear() + by);
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, lastDay));
  return date.getTime();
}

function floored(millis: number, unit: string): number {
  const date = new Date(millis);
  if (unit === 'y') return Date.UTC(date.getUTCFullYear(), 0, 1);
  if (unit === 'M') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  const day = Math.floor(millis / (FIXED_MS['d'] as number)) * (FIXED_MS['d'] as number);
  // Weeks begin on Monday.
  if (unit === 'w') return day - ((date.getUTCDay() + 6) % 7) * (FIXED_MS['d'] as number);
  const fixed = FIXED_MS[unit] as number;
  return Math.floor(millis / fixed) * fixed;
}
