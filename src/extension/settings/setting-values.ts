import { BYTE_SIZE_UNITS, type ByteSizeValue } from '../../protocol/codec/byte-size-value.ts';
import { type TimeValue, toMilliseconds } from '../../protocol/codec/time-value.ts';
import type { SettingType, SettingValues } from '../../protocol/action/extension/setting-type.ts';
import { parseSizeText, parseTimeText } from '../../protocol/action/extension/unit-text.ts';
import { safeInteger } from '../../protocol/action/shared/java-number.ts';
import { reasonOf } from '../../protocol/error/reason-of.ts';
import { UsageError } from '../../protocol/error/transport-error.ts';
import { parseVersion, versionText } from '../../protocol/wire/version.ts';

/** Type of the value of a setting, as handles give it. */
export interface PublicValues {
  readonly Boolean: boolean;
  readonly Integer: number;
  /** A bigint where a number is not exact. */
  readonly Long: number | bigint;
  readonly Float: number;
  readonly Double: number;
  readonly String: string;
  /** Milliseconds; −1 for "not set". */
  readonly TimeValue: number;
  /** Bytes; −1 for "not set". A bigint where a number is not exact. */
  readonly ByteSizeValue: number | bigint;
  /** Such as `3.0.0`. */
  readonly Version: string;
}

/** Type of a default or bound. */
export interface GivenValues extends Omit<PublicValues, 'TimeValue' | 'ByteSizeValue'> {
  /** Milliseconds, or text such as `30s`. */
  readonly TimeValue: number | string;
  /** Bytes, or text such as `10mb`. */
  readonly ByteSizeValue: number | bigint | string;
}

const LARGEST_LONG = 0x7fff_ffff_ffff_ffffn;
const MAX_FLOAT = (2 - 2 ** -23) * 2 ** 127;

/** The bound that stands for a missing one beside one that is given. A time needs no max. */
export const LEAST: { readonly [T in SettingType]?: { readonly min: unknown; readonly max: unknown } } = {
  Integer: { min: -0x8000_0000, max: 0x7fff_ffff },
  Long: { min: -LARGEST_LONG - 1n, max: LARGEST_LONG },
  Float: { min: -MAX_FLOAT, max: MAX_FLOAT },
  Double: { min: -Number.MAX_VALUE, max: Number.MAX_VALUE },
  TimeValue: { min: { duration: -1, unit: 'MILLISECONDS' } satisfies TimeValue, max: null },
  ByteSizeValue: {
    min: { size: -1, unit: 'BYTES' } satisfies ByteSizeValue,
    max: { size: LARGEST_LONG, unit: 'BYTES' } satisfies ByteSizeValue,
  },
};

/** Returns a value of the protocol as handles give it. */
export function publicValue<T extends SettingType>(type: T, value: SettingValues[T]): PublicValues[T] {
  return shown(type, value) as PublicValues[T];
}

function shown(type: SettingType, value: unknown): unknown {
  if (type === 'TimeValue') return toMilliseconds(value as TimeValue);
  if (type === 'Version') return versionText(value as number);
  if (type === 'Long') return safeInteger(BigInt(value as bigint));
  if (type !== 'ByteSizeValue') return value;
  const { size, unit } = value as ByteSizeValue;
  return safeInteger(BigInt(size) * 1024n ** BigInt(BYTE_SIZE_UNITS.indexOf(unit)));
}

const isInteger = (value: unknown, least: bigint, most: bigint): boolean =>
  (typeof value === 'bigint' || Number.isInteger(value)) && BigInt(value as bigint) >= least && BigInt(value as bigint) <= most;

const EXPECTED: { readonly [T in SettingType]: readonly [expected: string, isGood: (value: unknown) => boolean] } = {
  Boolean: ['true or false', (value) => typeof value === 'boolean'],
  Integer: [
    'an integer of 32 bits',
    (value) => typeof value === 'number' && Number.isInteger(value) && value >= -0x8000_0000 && value <= 0x7fff_ffff,
  ],
  Long: ['an integer of 64 bits', (value) => isInteger(value, -LARGEST_LONG - 1n, LARGEST_LONG)],
  Float: ['a number that a float can hold', (value) => typeof value === 'number' && Math.abs(value) <= MAX_FLOAT],
  Double: ['a finite number', (value) => Number.isFinite(value)],
  String: ['a string', (value) => typeof value === 'string'],
  TimeValue: ['milliseconds, or a text such as 30s', (value) => typeof value === 'string' || isInteger(value, -1n, LARGEST_LONG)],
  ByteSizeValue: ['bytes, or a text such as 10mb', (value) => typeof value === 'string' || isInteger(value, -1n, LARGEST_LONG)],
  Version: ['a version such as 3.0.0', (value) => typeof value === 'string'],
};

/**
 * Returns the value of the protocol for a default or a bound.
 *
 * @param what names it in the error
 * @throws ERR_USAGE for a value of another type
 */
export function wireValue<T extends SettingType>(type: T, key: string, what: string, value: GivenValues[T]): SettingValues[T] {
  const [expected, isGood] = EXPECTED[type];
  const text = typeof value === 'string' ? `'${value}'` : String(value);
  const about = `${what} of setting '${key}' must be ${expected}, got ${text}`;
  if (!isGood(value)) throw new UsageError('ERR_USAGE', {}, about);
  try {
    return parsed(type, key, value) as SettingValues[T];
  } catch (error) {
    throw new UsageError('ERR_USAGE', { cause: error }, `${about}: ${reasonOf(error)}`);
  }
}

function parsed(type: SettingType, key: string, value: unknown): unknown {
  if (type === 'Float') return Math.fround(value as number);
  if (type === 'Version') return parseVersion(value as string);
  if (type === 'TimeValue') return typeof value === 'string' ? parseTimeText(key, value) : { duration: value, unit: 'MILLISECONDS' };
  if (type === 'ByteSizeValue') return typeof value === 'string' ? parseSizeText(key, value, false) : { size: value, unit: 'BYTES' };
  return value;
}
