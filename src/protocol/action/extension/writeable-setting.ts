import type { Codec } from '../../codec/codec.ts';
import { enumeration, enumSet, lazy, optional, struct, withDefault } from '../../codec/combinators.ts';
import { fromForm, toForm } from '../../codec/json-form.ts';
import { boolean, string } from '../../codec/primitives.ts';
import type { Schema } from '../../codec/schema.ts';
import { timeValue } from '../../codec/time-value.ts';
import { UsageError } from '../../error/transport-error.ts';
import { type AnySettingInit, SETTING_PROPERTIES, type WriteableSetting, type WriteableSettingOf } from './setting.ts';
import { parserOf } from './setting-bounds.ts';
import { type Parser, PARSERS } from './setting-parser.ts';
import { DEFAULT_CODECS, SETTING_TYPES, type SettingType } from './setting-type.ts';

const settingType = enumeration('SettingType', SETTING_TYPES);
const regex = optional(struct({ pattern: string, matching: boolean }));
const properties = withDefault(enumSet('Property', SETTING_PROPERTIES), []);
const fallback = optional(lazy<WriteableSetting, AnySettingInit>('setting', () => writeableSetting));

/** What follows the type. */
const bodyOf = (type: SettingType) =>
  struct({ key: string, default: DEFAULT_CODECS[type] as Codec<unknown>, fallback, parser: PARSERS[type], regex, properties });

/** What the JSON form of a setting is made of: `sparse` fields may be missing. */
function formOf(type: SettingType): Schema {
  const value = optional(DEFAULT_CODECS[type] as Codec<unknown>);
  const bound = type === 'TimeValue' ? optional(timeValue) : value;
  const parser = optional(struct({ key: optional(string), filtered: withDefault(boolean, false), native: withDefault(boolean, false) }));
  const memory = withDefault(boolean, false);
  return struct({ type: settingType, key: string, default: value, fallback, min: bound, max: bound, memory, parser, regex, properties })
    .schema;
}

const perType = <T>(make: (type: SettingType) => T): Readonly<Record<SettingType, T>> =>
  Object.fromEntries(SETTING_TYPES.map((type) => [type, make(type)])) as Record<SettingType, T>;

const BODIES = perType(bodyOf);
const FORMS = perType(formOf);

/**
 * `enum` type, `str` key, default, `opt` fallback (a WriteableSetting of the same type), `opt` parser, `opt` { `str` pattern, `bool` matching },
 * enum set of properties: the layout of 2.9 and later.
 *
 * @see wire-format.md §11.12, extensions.md §2.7 (C)
 */
export const writeableSetting: Codec<WriteableSetting, AnySettingInit> = {
  schema: {
    kind: 'custom',
    name: 'WriteableSetting',
    toForm: (value: WriteableSetting) => toForm(FORMS[value.type], value),
    fromForm: (form) => fromForm(FORMS[typeOf(form)], form),
  },
  read: (input) => {
    const offset = input.offset;
    const type = settingType.read(input);
    const { parser, ...rest } = BODIES[type].read(input);
    if (rest.fallback !== null && rest.fallback.type !== type) {
      throw input.fail(`the fallback of a ${type} setting is a ${rest.fallback.type} setting`, offset);
    }
    return { type, ...rest, ...flatten(parser) } as WriteableSetting;
  },
  write: (output, value) => {
    const type = typeOf(value);
    if (value.fallback && value.fallback.type !== type) throw new UsageError('ERR_USAGE', {}, `fallback: not a ${type} setting`);
    settingType.write(output, type);
    BODIES[type].write(output, { ...value, default: defaultOf(value), parser: parserOf(value) });
  },
};

function typeOf(value: unknown): SettingType {
  const type = (value as { readonly type?: unknown } | null | undefined)?.type as SettingType;
  if (!SETTING_TYPES.includes(type)) {
    throw new UsageError('ERR_USAGE', {}, `type: ${String(type)} is no type of a setting, expected ${SETTING_TYPES.join(', ')}`);
  }
  return type;
}

/** A setting without a default of its own has that of its fallback. */
function defaultOf({ default: own, fallback: other }: AnySettingInit): unknown {
  return own ?? (other ? defaultOf(other) : undefined);
}

function flatten(parser: Parser | null): Pick<WriteableSettingOf<SettingType>, 'memory' | 'parser'> & { min: unknown; max: unknown } {
  if (parser === null) return { min: null, max: null, memory: false, parser: null };
  const { min, max, memory, ...rest } = parser;
  return { min, max, memory, parser: rest };
}
