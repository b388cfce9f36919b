import type { ByteSizeValue } from '../../codec/byte-size-value.ts';
import { UsageError } from '../../error/transport-error.ts';
import type { AnySettingInit } from './setting.ts';
import type { Parser } from './setting-parser.ts';
import type { SettingType } from './setting-type.ts';

const LARGEST_LONG = 0x7fff_ffff_ffff_ffffn;

const bytes = (size: number | bigint): ByteSizeValue => ({ size, unit: 'BYTES' });

/**
 * The bounds that are sent if none are given. Java's least float and double are its least *positive* ones: a setting without a `min` of its own
 * refuses zero and everything below. A TimeValue always has a `min` and needs no `max`.
 *
 * @see wire-format.md §11.12 ("the limits of the type stand in")
 */
const LIMITS: { readonly [T in SettingType]?: { readonly min: unknown; readonly max: unknown } } = {
  Integer: { min: -0x8000_0000, max: 0x7fff_ffff },
  Long: { min: -LARGEST_LONG - 1n, max: LARGEST_LONG },
  Float: { min: 2 ** -149, max: (2 - 2 ** -23) * 2 ** 127 },
  Double: { min: Number.MIN_VALUE, max: Number.MAX_VALUE },
  TimeValue: { min: undefined, max: null },
  ByteSizeValue: { min: bytes(-1), max: bytes(LARGEST_LONG) },
};

/**
 * Returns the parser of a setting: the given one, or what OpenSearch's own constructors would make. Numbers and sizes always have one, except a number
 * that falls back to another setting; a TimeValue has one when it is bounded.
 *
 * @throws ERR_USAGE for bounds without a parser, or of a type that has none
 */
export function parserOf(setting: AnySettingInit): Parser | null {
  const { type, key, min, max, memory = false, parser, properties = [] } = setting;
  const bounded = (min ?? max ?? null) !== null || memory;
  if (parser === null || (parser === undefined && !bounded && !isParsedAnyway(setting))) {
    if (bounded) throw new UsageError('ERR_USAGE', {}, 'parser: expected a parser or undefined, because the setting has bounds, got null');
    return null;
  }
  const limits = memory ? { min: null, max: null } : LIMITS[type];
  if (limits?.min === undefined && (min ?? undefined) === undefined) throw missingMin(type);
  return {
    key: parser?.key ?? key,
    min: min ?? limits?.min,
    max: max ?? limits?.max,
    filtered: parser?.filtered ?? properties.includes('Filtered'),
    memory,
    native: parser?.native ?? false,
  };
}

function isParsedAnyway({ type, fallback = null }: AnySettingInit): boolean {
  if (type === 'ByteSizeValue') return true;
  return fallback === null && (type === 'Integer' || type === 'Long' || type === 'Float' || type === 'Double');
}

function missingMin(type: SettingType): UsageError {
  const text = type === 'TimeValue' ? 'min: a TimeValue setting with a max needs a min' : `a ${type} setting has no bounds and no parser`;
  return new UsageError('ERR_USAGE', {}, text);
}
