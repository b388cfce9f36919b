import { BYTE_SIZE_UNITS, type ByteSizeUnit, type ByteSizeValue } from '../../codec/byte-size-value.ts';
import type { TimeUnit, TimeValue } from '../../codec/time-value.ts';
import { StatusError } from '../../error/status-error.ts';
import { isJavaFloat, parseJavaInteger, safeInteger } from '../shared/java-number.ts';
import { settingRefusal } from './setting-refusal.ts';

// Times and sizes as the parsers of settings read them, with the texts of their refusals.

/** In the order in which a node tries them. */
const TIMES: readonly (readonly [suffix: string, unit: TimeUnit])[] = [
  ['nanos', 'NANOSECONDS'],
  ['micros', 'MICROSECONDS'],
  ['ms', 'MILLISECONDS'],
  ['s', 'SECONDS'],
  ['m', 'MINUTES'],
  ['h', 'HOURS'],
  ['d', 'DAYS'],
];

/**
 * Parses a time. Capital letters are allowed except `M`, and so are spaces before the unit; `0` and `-1` need no unit.
 *
 * @throws StatusError 400 in the words of a node
 * @see `TimeValue.parseTimeValue` of OpenSearch
 */
export function parseTimeText(key: string, text: string): TimeValue {
  const normal = text.toLowerCase().trim();
  const about = `failed to parse setting [${key}] with value [${text}] as a time value`;
  const [suffix, unit] = TIMES.find(([each]) => (each === 'm' ? text.trim().endsWith('m') : normal.endsWith(each))) ?? [];
  if (suffix === undefined || unit === undefined) {
    if (/^-0*1$/.test(normal)) return { duration: -1, unit: 'MILLISECONDS' };
    if (/^0+$/.test(normal)) return { duration: 0, unit: 'MILLISECONDS' };
    throw settingRefusal(`${about}: unit is missing or unrecognized`);
  }
  const number = normal.slice(0, -suffix.length).trim();
  const duration = parseDuration(number, text);
  if (duration < -1n) throw settingRefusal(`${about}: negative durations are not supported`);
  return { duration: safeInteger(duration), unit };
}

function parseDuration(number: string, text: string): bigint {
  try {
    return parseJavaInteger(number, 64);
  } catch (error) {
    const why = isJavaFloat(number) ? ', fractional time values are not supported' : '';
    throw settingRefusal(`failed to parse [${text}]${why}`, error);
  }
}

/**
 * Parses a size such as `10mb` or `5K`; `0` and `-1` need no unit.
 *
 * @param isHidden leaves the value out of one of the refusals
 * @throws StatusError 400 in the words of a node of 3.x
 * @see `ByteSizeValue.parseBytesSizeValue` of OpenSearch
 */
export function parseSizeText(key: string, text: string, isHidden: boolean): ByteSizeValue {
  const normal = text.toLowerCase().trim();
  const about = `failed to parse setting [${key}] with value [${text}] as a size in bytes`;
  const match = /^(.*?)([kmgtp]?b|[kmgtp])$/s.exec(normal);
  if (match === null) {
    if (normal === '-1') return { size: -1, unit: 'BYTES' };
    if (normal === '0') return { size: 0, unit: 'BYTES' };
    throw parseRefusal(`${about}: unit is missing or unrecognized`);
  }
  const unit = BYTE_SIZE_UNITS['bkmgtp'.indexOf((match[2] as string)[0] as string)] as ByteSizeUnit;
  const size = parseSize((match[1] as string).trim(), unit, { key, text, isHidden });
  if (size >= 0n || (size === -1n && unit === 'BYTES')) return { size: safeInteger(size), unit };
  throw parseRefusal(about, settingRefusal(`Values less than -1 bytes are not supported: ${normal}`));
}

interface SizeSource {
  readonly key: string;
  readonly text: string;
  readonly isHidden: boolean;
}

function parseSize(number: string, unit: ByteSizeUnit, { key, text, isHidden }: SizeSource): bigint {
  try {
    return parseJavaInteger(number, 64);
  } catch (error) {
    // The parser catches what is wrong with larger units only.
    if (unit === 'BYTES') throw settingRefusal(`Failed to parse value${isHidden ? '' : ` [${text}]`} for setting [${key}]`, error);
    if (!isJavaFloat(number)) throw parseRefusal(`failed to parse [${text}]`, error);
    const why = 'Fractional bytes values have been deprecated since Legacy 6.2. Use non-fractional bytes values instead: found for setting';
    throw parseRefusal(`Failed to parse bytes value [${text}]. ${why} [${key}]`, error);
  }
}

/** A setting wraps a parse exception in an illegal argument with the same text. */
function parseRefusal(reason: string, cause?: unknown): StatusError {
  return settingRefusal(reason, new StatusError(400, 'parse_exception', reason, cause === undefined ? {} : { cause }));
}
