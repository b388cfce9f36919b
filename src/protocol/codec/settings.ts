import { UsageError } from '../error/transport-error.ts';
import { COST } from '../wire/allowance.ts';
import type { StreamInput } from '../wire/stream-input.ts';
import { type Codec, underField } from './codec.ts';
import { setKey } from './combinators.ts';
import type { GenericValue } from './generic-kinds.ts';
import { genericValue } from './generic-value.ts';
import { readKey } from './member-cost.ts';

/** The value of one setting: text whatever its type, a list of texts, or null where it is unset on purpose. */
export type SettingValue = string | null | readonly string[];

/** Settings by flat key, as OpenSearch holds them: `{ 'index.number_of_shards': '1' }`. */
export type Settings = Readonly<Record<string, SettingValue>>;

const LEAST_SETTING_BYTES = 2;

/**
 * vInt count, then { `str` key, generic value } in ascending order of keys. A value that is neither text, null nor a list of texts is taken as
 * its text, as OpenSearch does.
 *
 * @see wire-format.md §8.5
 */
export const settings: Codec<Record<string, SettingValue>, Settings> = {
  schema: { kind: 'custom', name: 'settings' },
  read: (input) => {
    const count = input.readCount(LEAST_SETTING_BYTES);
    input.spend(COST.map + count * COST.entry);
    const out: Record<string, SettingValue> = {};
    for (let i = 0; i < count; i++) setKey(out, readKey(input), readValue(input));
    return out;
  },
  write: (output, value) => {
    if (typeof value !== 'object' || value === null) throw new UsageError('ERR_USAGE', {}, 'expected an object of settings');
    const keys = Object.keys(value).sort();
    output.writeVInt(keys.length);
    for (const key of keys) {
      output.writeString(key);
      try {
        genericValue.write(output, genericOf(value[key]));
      } catch (error) {
        throw underField(error, key);
      }
    }
  },
};

function readValue(input: StreamInput): SettingValue {
  const offset = input.offset;
  const value = genericValue.read(input);
  const plain = value.t === 'list' ? textsOf(value.v) : value.t === 'null' ? null : textOf(value);
  if (plain === undefined) throw input.fail(`expected the value of a setting, got a generic ${value.t}`, offset);
  return plain;
}

function textsOf(values: readonly GenericValue[]): readonly string[] | undefined {
  const texts = values.flatMap((value) => (value.t === 'string' ? [value.v] : []));
  return texts.length === values.length ? texts : undefined;
}

function textOf(value: GenericValue): string | undefined {
  if (!('v' in value) || value.v === null || typeof value.v === 'object') return undefined;
  return String(value.v);
}

function genericOf(value: SettingValue | undefined): GenericValue {
  if (value === null) return { t: 'null', v: null };
  if (typeof value === 'string') return { t: 'string', v: value };
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) {
    return { t: 'list', v: value.map((item) => ({ t: 'string', v: item })) };
  }
  throw new UsageError('ERR_USAGE', {}, 'a setting is a string, null or an array of strings');
}
