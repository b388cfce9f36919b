import type { Codec, OutOf } from '../../codec/codec.ts';
import { enumSet, lazy, mapped, optional, struct, withDefault } from '../../codec/combinators.ts';
import { boolean, string } from '../../codec/primitives.ts';
import type { Schema } from '../../codec/schema.ts';
import { timeValue } from '../../codec/time-value.ts';
import { union } from '../../codec/union.ts';
import { UsageError } from '../../error/transport-error.ts';
import type { StreamInput } from '../../wire/stream-input.ts';
import { type AnySettingInit, SETTING_PROPERTIES, type WriteableSetting } from './setting.ts';
import { parserOf } from './setting-bounds.ts';
import { type Parser, PARSERS } from './setting-parser.ts';
import { DEFAULT_CODECS, SETTING_TYPES, type SettingType } from './setting-type.ts';

const regex = optional(struct({ pattern: string, matching: boolean }));
const properties = withDefault(enumSet('Property', SETTING_PROPERTIES), []);
const nested = lazy<WriteableSetting, AnySettingInit>('setting', () => writeableSetting);

/** A setting of the same type as the one that falls back to it. */
function fallbackOf(type: SettingType): typeof nested {
  return {
    ...nested,
    read: (input) => {
      const offset = input.offset;
      const setting = nested.read(input);
      if (setting.type === type) return setting;
      throw input.fail(`the fallback of a ${type} setting is a ${setting.type} setting`, offset);
    },
  };
}

/** The JSON form of a setting: the members of its parser are members of the setting. */
function formOf(type: SettingType): Schema {
  const value = optional(DEFAULT_CODECS[type] as Codec<unknown>);
  const bound = type === 'TimeValue' ? optional(timeValue) : value;
  const parser = optional(struct({ key: optional(string), filtered: withDefault(boolean, false), native: withDefault(boolean, false) }));
  const memory = withDefault(boolean, false);
  return struct({ key: string, default: value, fallback: optional(nested), min: bound, max: bound, memory, parser, regex, properties })
    .schema;
}

/** Cost of a setting beside that of its fields: it is put together from several objects. */
const SETTING_COST = 512;

function charged<T>(input: StreamInput, read: (input: StreamInput) => T): T {
  input.spend(SETTING_COST);
  return read(input);
}

/** What follows the type: `str` key, default, `opt` fallback, `opt` parser, `opt` regex, properties. */
function settingOf(type: SettingType): Codec<object, AnySettingInit> {
  const codec = DEFAULT_CODECS[type] as Codec<unknown>;
  const body = struct({ key: string, default: codec, fallback: optional(fallbackOf(type)), parser: PARSERS[type], regex, properties });
  return mapped(
    { ...body, read: (input) => charged(input, body.read) },
    flatten,
    (value: AnySettingInit) => {
      const { fallback } = value;
      if (fallback && fallback.type !== type)
        throw new UsageError(
          'ERR_USAGE',
          {},
          `fallback: expected a ${type} setting, got a ${String((fallback as AnySettingInit).type)} setting`,
        );
      return { ...value, default: defaultOf(value), parser: parserOf(value) };
    },
    formOf(type),
  );
}

const caseOf = (type: SettingType, tag: number) => ({ tag, codec: settingOf(type) });

/**
 * `enum` type, `str` key, default, `opt` fallback (a WriteableSetting of the same type), `opt` parser, `opt` { `str` pattern, `bool` matching },
 * enum set of properties: the layout of 2.9 and later.
 *
 * @see wire-format.md §11.12, extensions.md §2.7 (C)
 */
export const writeableSetting = union(
  'WriteableSetting',
  'vInt',
  Object.fromEntries(SETTING_TYPES.map((type, tag) => [type, caseOf(type, tag)])),
  { discriminator: 'type' },
) as unknown as Codec<WriteableSetting, AnySettingInit>;

/** A setting without a default of its own has that of its fallback. */
function defaultOf({ default: own, fallback: other }: AnySettingInit): unknown {
  return own ?? (other ? defaultOf(other) : undefined);
}

const NO_BOUNDS = { min: null, max: null, memory: false };

/** A setting as it is on the wire. */
interface Nested {
  readonly key: string;
  readonly default: unknown;
  readonly fallback: WriteableSetting | null;
  readonly parser: Parser | null;
  readonly regex: OutOf<typeof regex>;
  readonly properties: OutOf<typeof properties>;
}

/** Every field is named: spreading objects into each other takes several times as long. */
function flatten({ key, default: value, fallback, parser, regex: pattern, properties: names }: Nested): object {
  const { min, max, memory } = parser ?? NO_BOUNDS;
  const rest = parser === null ? null : { key: parser.key, filtered: parser.filtered, native: parser.native };
  return { key, default: value, fallback, regex: pattern, properties: names, min, max, memory, parser: rest };
}
