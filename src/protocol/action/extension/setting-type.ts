import { type ByteSizeValue, byteSizeValue } from '../../codec/byte-size-value.ts';
import type { AnyCodec, Codec } from '../../codec/codec.ts';
import { mapped, struct } from '../../codec/combinators.ts';
import { anyLong, boolean, double, float, int, string, version } from '../../codec/primitives.ts';
import { TIME_UNITS, type TimeUnit, type TimeValue } from '../../codec/time-value.ts';
import { DecodeError, UsageError } from '../../error/transport-error.ts';
import type { VersionId } from '../../wire/version.ts';

/** Types of settings an extension can register, by ordinal. @see wire-format.md §11.12 */
export const SETTING_TYPES = [
  'Boolean',
  'Integer',
  'Long',
  'Float',
  'Double',
  'String',
  'TimeValue',
  'ByteSizeValue',
  'Version',
] as const satisfies readonly SettingType[];

/** Type of a setting. */
export type SettingType = 'Boolean' | 'Integer' | 'Long' | 'Float' | 'Double' | 'String' | 'TimeValue' | 'ByteSizeValue' | 'Version';

/** The type of the value of a setting, by the type of the setting. */
export interface SettingValues {
  readonly Boolean: boolean;
  readonly Integer: number;
  readonly Long: number | bigint;
  readonly Float: number;
  readonly Double: number;
  readonly String: string;
  readonly TimeValue: TimeValue;
  readonly ByteSizeValue: ByteSizeValue;
  readonly Version: VersionId;
}

/** `str` name of the unit; everywhere else it is a number. */
const unitName: Codec<TimeUnit> = mapped(
  string,
  (name) => {
    if (isTimeUnit(name)) return name;
    throw new DecodeError('ERR_DECODE', {}, `expected a time unit (${TIME_UNITS.join(', ')}), got '${name.slice(0, 80)}'`);
  },
  (unit: TimeUnit) => {
    if (isTimeUnit(unit)) return unit;
    throw new UsageError('ERR_USAGE', {}, `expected a time unit (${TIME_UNITS.join(', ')}), got '${String(unit)}'`);
  },
  { kind: 'enum', values: TIME_UNITS },
);

function isTimeUnit(name: string): name is TimeUnit {
  return (TIME_UNITS as readonly string[]).includes(name);
}

/** Codecs of the default value in a WriteableSetting. A TimeValue is written there as `i64` and `str`, unlike elsewhere. */
export const DEFAULT_CODECS: { readonly [T in SettingType]: Codec<SettingValues[T]> } = {
  Boolean: boolean,
  Integer: int,
  Long: anyLong,
  Float: float,
  Double: double,
  String: string,
  TimeValue: struct({ duration: anyLong, unit: unitName }),
  ByteSizeValue: byteSizeValue,
  Version: version,
} satisfies Record<SettingType, AnyCodec>;
