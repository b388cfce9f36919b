import { BYTE_SIZE_UNITS, type ByteSizeValue } from '../../codec/byte-size-value.ts';
import { TIME_UNITS, type TimeValue } from '../../codec/time-value.ts';
import type { SettingValue } from '../../codec/settings.ts';
import { javaFloatText, parseJavaFloat, parseJavaInteger } from '../shared/java-number.ts';
import { settingRefusal } from './setting-refusal.ts';
import type { WriteableSetting } from './setting.ts';
import type { SettingType, SettingValues } from './setting-type.ts';
import { parseSizeText, parseTimeText } from './unit-text.ts';

// Settings as text: nodes keep every value as text and parse it when it is set or read.

const TIME_SUFFIXES = ['nanos', 'micros', 'ms', 's', 'm', 'h', 'd'] as const;
const SIZE_SUFFIXES = ['b', 'kb', 'mb', 'gb', 'tb', 'pb'] as const;

/** Returns a time in its own unit, for example `90s`. @see `TimeValue.getStringRep` of OpenSearch */
function timeText({ duration, unit }: TimeValue): string {
  return Number(duration) < 0 ? String(duration) : `${duration}${TIME_SUFFIXES[TIME_UNITS.indexOf(unit)]}`;
}

/** Returns a size in its own unit, for example `1500kb`. @see `ByteSizeValue.getStringRep` of OpenSearch */
function sizeText({ size, unit }: ByteSizeValue): string {
  return Number(size) < 0 ? String(size) : `${size}${SIZE_SUFFIXES[BYTE_SIZE_UNITS.indexOf(unit)]}`;
}

/** Returns the text of a value as a node keeps it. Versions are numeric ids. */
export function settingText<T extends SettingType>(type: T, value: SettingValues[T]): string {
  switch (type) {
    case 'TimeValue':
      return timeText(value as TimeValue);
    case 'ByteSizeValue':
      return sizeText(value as ByteSizeValue);
    case 'Float':
    case 'Double':
      return javaFloatText(value as number, type === 'Float');
    default:
      return String(value as boolean | number | bigint | string);
  }
}

/** Returns the text that a node parses: a list is shown as Java shows it. */
export function plainText(value: Exclude<SettingValue, null>): string {
  return typeof value === 'string' ? value : `[${value.join(', ')}]`;
}

/**
 * Parses the text of a setting and checks its bounds, as a node does for `PUT _cluster/settings`. The regex of a string is not checked: nodes drop it.
 *
 * @throws StatusError 400 `illegal_argument_exception` in the node's words
 * @see `Setting.get` of OpenSearch
 */
export function parseSetting<S extends WriteableSetting>(setting: S, given: Exclude<SettingValue, null>): SettingValues[S['type']] {
  const text = plainText(given);
  const value = parsed(setting, text);
  checkBounds(setting, text, value);
  return value as SettingValues[S['type']];
}

function parsed(setting: WriteableSetting, text: string): unknown {
  switch (setting.type) {
    case 'Boolean':
      if (text === 'true' || text === 'false') return text === 'true';
      throw settingRefusal(`Failed to parse value [${text}] as only [true] or [false] are allowed.`);
    case 'Integer':
    case 'Version':
      return Number(parsedNumber(setting, text, (each) => parseJavaInteger(each, 32)));
    case 'Long':
      return parsedNumber(setting, text, (each) => parseJavaInteger(each, 64));
    case 'Float':
    case 'Double':
      return parsedNumber(setting, text, (each) => parseJavaFloat(each, setting.type === 'Float'));
    case 'TimeValue':
      return parseTimeText(setting.key, text);
    case 'ByteSizeValue':
      return parseSizeText(setting.key, text, isHidden(setting));
    default:
      return text;
  }
}

function parsedNumber<N>(setting: WriteableSetting, text: string, parse: (text: string) => N): N {
  try {
    return parse(text);
  } catch (error) {
    throw settingRefusal(`Failed to parse value${shown(setting, text)} for setting [${setting.key}]`, error);
  }
}

/** A setting with the property `Filtered`, or whose parser is marked so, keeps its value out of errors. */
function isHidden({ parser, properties }: WriteableSetting): boolean {
  return parser?.filtered ?? properties.includes('Filtered');
}

function shown(setting: WriteableSetting, text: string): string {
  return isHidden(setting) ? '' : ` [${text}]`;
}

/** @throws StatusError 400 naming the bound */
function checkBounds(setting: WriteableSetting, text: string, value: unknown): void {
  const { type, key, min, max } = setting;
  const given = isHidden(setting) ? '' : ` [${text}]`;
  const isUnit = type === 'TimeValue' || type === 'ByteSizeValue';
  const refuse = (sign: string, bound: unknown): never => {
    const limit = settingText(type, bound as never);
    throw settingRefusal(
      isUnit
        ? `failed to parse value${given} for setting [${key}], must be ${sign} [${limit}]`
        : `Failed to parse value${given} for setting [${key}] must be ${sign} ${limit}`,
    );
  };
  if (min !== null && compareSettings(type, value, min) < 0) refuse('>=', min);
  if (max !== null && compareSettings(type, value, max) > 0) refuse('<=', max);
}

/** Compares two values of a type that has bounds: below zero if the first is less. */
export function compareSettings(type: SettingType, one: unknown, other: unknown): number {
  const a = magnitude(type, one);
  const b = magnitude(type, other);
  return a < b ? -1 : a > b ? 1 : 0;
}

const NANOS = [1n, 1_000n, 1_000_000n, 1_000_000_000n, 60_000_000_000n, 3_600_000_000_000n, 86_400_000_000_000n] as const;

/** Exact for every size and time: a double is not. */
function magnitude(type: SettingType, value: unknown): number | bigint {
  if (type === 'TimeValue') {
    const { duration, unit } = value as TimeValue;
    return BigInt(duration) * (NANOS[TIME_UNITS.indexOf(unit)] as bigint);
  }
  if (type === 'ByteSizeValue') {
    const { size, unit } = value as ByteSizeValue;
    return BigInt(size) * 1024n ** BigInt(BYTE_SIZE_UNITS.indexOf(unit));
  }
  return value as number | bigint;
}
