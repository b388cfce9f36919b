import { UsageError } from '../error/transport-error.ts';
import { COST } from '../wire/allowance.ts';
import { MAX_GENERIC_DEPTH } from '../wire/limits.ts';
import type { StreamInput } from '../wire/stream-input.ts';
import type { StreamOutput } from '../wire/stream-output.ts';
import { type Codec, underField, underPath } from './codec.ts';
import { list } from './combinators.ts';
import { genericFromForm, genericToForm } from './generic-form.ts';
import { type GenericKind, type GenericValue, LEAF_KINDS, type LeafKind, MAP_TAGS, SEQUENCE_TAGS } from './generic-kinds.ts';

/** What follows a tag, ready for both directions. */
interface Kind extends LeafKind {
  readonly t: string;
  /** True when generic values are inside. */
  readonly nests: boolean;
}

/**
 * One signed tag byte, then what the tag says; maps and lists hold generic values again, up to 1000 levels.
 *
 * @memory bytes inside are owned, as `bytes`
 * @throws ERR_DECODE for an unknown tag or deeper nesting
 * @see wire-format.md §8.6
 */
export const genericValue: Codec<GenericValue> = {
  schema: { kind: 'custom', name: 'genericValue', toForm: genericToForm, fromForm: genericFromForm },
  read: readGeneric,
  write: writeGeneric,
};

/** Cost of `t` and `v`; of `t` beside the fields of another object, which are copied. */
const VALUE_COST = COST.object + 2 * COST.field;
const FLAT_COST = 2 * VALUE_COST;

/** Cost of a pair beside what it holds. */
const PAIR_COST = COST.list + COST.firstElement;

/** `str` key, generic value. */
const entry: Codec<readonly [string, GenericValue]> = {
  schema: { kind: 'custom', name: 'genericEntry' },
  read: (input) => {
    input.spend(PAIR_COST);
    const key = input.readString();
    try {
      return [key, readGeneric(input)];
    } catch (error) {
      throw underPath(error, key);
    }
  },
  write: (output, pair) => {
    if (!Array.isArray(pair) || typeof pair[0] !== 'string')
      throw new UsageError('ERR_USAGE', {}, 'expected a pair of a string and a generic value');
    output.writeString(pair[0]);
    try {
      writeGeneric(output, pair[1]);
    } catch (error) {
      throw underField(error, pair[0]);
    }
  },
};

const values = list(genericValue);
const entries = list(entry);

const KINDS: readonly Kind[] = [
  ...Object.entries(LEAF_KINDS).map(([t, kind]) => ({ ...kind, t, nests: false })),
  ...Object.entries(SEQUENCE_TAGS).map(([t, tag]) => ({ t, tag, codec: values, flat: false, nests: true })),
  ...Object.entries(MAP_TAGS).map(([t, tag]) => ({ t, tag, codec: entries, flat: false, nests: true })),
];

const BY_TAG: ReadonlyMap<number, Kind> = new Map(KINDS.map((kind) => [kind.tag, kind]));
const BY_NAME: ReadonlyMap<string, Kind> = new Map(KINDS.map((kind) => [kind.t, kind]));

function readGeneric(input: StreamInput): GenericValue {
  const offset = input.offset;
  const tag = input.readByte();
  const kind = BY_TAG.get(tag);
  if (kind === undefined) throw input.fail(`Can't read unknown type [${tag}]`, offset);
  if (kind.nests && ++input.depth > MAX_GENERIC_DEPTH) {
    throw input.fail(`Maximum nesting depth [${MAX_GENERIC_DEPTH}] exceeded for binary deserialization`, offset);
  }
  input.spend(kind.flat ? FLAT_COST : VALUE_COST);
  const content = kind.codec.read(input);
  if (kind.nests) input.depth--;
  return (kind.flat ? { t: kind.t, ...(content as object) } : { t: kind.t, v: content }) as GenericValue;
}

function writeGeneric(output: StreamOutput, value: GenericValue): void {
  const kind = BY_NAME.get(value?.t as GenericKind);
  if (kind === undefined)
    throw new UsageError('ERR_USAGE', {}, "expected a generic value, for example { t: 'int', v: 1 }; toGeneric() makes one");
  if (kind.nests && ++output.depth > MAX_GENERIC_DEPTH) {
    throw new UsageError('ERR_USAGE', {}, `generic value nested deeper than ${MAX_GENERIC_DEPTH}`);
  }
  output.writeByte(kind.tag);
  (kind.codec as Codec<unknown, unknown>).write(output, kind.flat ? value : (value as { readonly v: unknown }).v);
  if (kind.nests) output.depth--;
}
