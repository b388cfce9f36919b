import { UsageError } from '../error/transport-error.ts';
import { MAX_GENERIC_DEPTH } from '../wire/limits.ts';
import { underField } from './codec.ts';
import { type GenericEntries, type GenericValue, LEAF_KINDS, type LeafKind, MAP_TAGS, SEQUENCE_TAGS } from './generic-kinds.ts';
import { fromForm, toForm } from './json-form.ts';

type Form = Readonly<Record<string, unknown>>;

const leafOf = (t: string): LeafKind | undefined => (Object.hasOwn(LEAF_KINDS, t) ? LEAF_KINDS[t as keyof typeof LEAF_KINDS] : undefined);

/** The JSON form of a generic value: `{"t":"long","v":"1"}`, maps as lists of pairs. */
export function genericToForm(value: GenericValue): unknown {
  const { t } = value;
  const leaf = leafOf(t);
  if (leaf !== undefined) {
    return leaf.flat ? { t, ...(toForm(leaf.codec.schema, value) as object) } : { t, v: toForm(leaf.codec.schema, (value as Form)['v']) };
  }
  if (Object.hasOwn(SEQUENCE_TAGS, t)) return { t, v: (value as { v: readonly GenericValue[] }).v.map(genericToForm) };
  return { t, v: (value as { v: GenericEntries }).v.map(([key, item]) => [key, genericToForm(item)]) };
}

/** The generic value of a JSON form. @throws ERR_USAGE naming the path to what is wrong */
export function genericFromForm(form: unknown): GenericValue {
  return atDepth(form, 0);
}

function atDepth(form: unknown, depth: number): GenericValue {
  if (depth > MAX_GENERIC_DEPTH) throw new UsageError('ERR_USAGE', {}, `generic value nested deeper than ${MAX_GENERIC_DEPTH}`);
  const t = (form as Form | null)?.['t'];
  if (typeof t !== 'string') throw new UsageError('ERR_USAGE', {}, 'expected a generic value, for example {"t":"int","v":1}');
  const { t: _, ...members } = form as Form;
  const leaf = leafOf(t);
  if (leaf?.flat) return { t, ...(fromForm(leaf.codec.schema, members) as object) } as GenericValue;
  const unknown = Object.keys(members).find((key) => key !== 'v');
  if (unknown !== undefined) throw new UsageError('ERR_USAGE', {}, `${unknown}: unknown field of a generic ${t}`);
  return { t, v: content(t, leaf, members['v'], depth + 1) } as GenericValue;
}

function content(t: string, leaf: LeafKind | undefined, v: unknown, depth: number): unknown {
  if (leaf !== undefined) return fromForm(leaf.codec.schema, v);
  if (Object.hasOwn(SEQUENCE_TAGS, t)) return arrayOf(v).map((item, i) => under(`[${i}]`, () => atDepth(item, depth)));
  if (Object.hasOwn(MAP_TAGS, t)) return arrayOf(v).map((pair, i) => under(`[${i}]`, () => entryOf(pair, depth)));
  throw new UsageError('ERR_USAGE', {}, `t: expected a kind of generic value, for example int, got '${t}'`);
}

function entryOf(pair: unknown, depth: number): readonly [string, GenericValue] {
  const [key, item, ...more] = arrayOf(pair);
  if (typeof key !== 'string' || more.length > 0) throw new UsageError('ERR_USAGE', {}, 'expected [key, value]');
  return [key, atDepth(item, depth)];
}

function arrayOf(v: unknown): readonly unknown[] {
  if (!Array.isArray(v)) throw new UsageError('ERR_USAGE', {}, 'expected an array');
  return v;
}

function under<T>(name: string, convert: () => T): T {
  try {
    return convert();
  } catch (error) {
    throw underField(error, name);
  }
}
