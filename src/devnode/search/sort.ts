import { isObject } from '../../protocol/rest/body.ts';
import { type Json, RawJson } from '../../protocol/rest/json.ts';
import { illegalArgument } from '../../protocol/rest/refusals.ts';
import { parseQueryDate } from '../store/dates.ts';
import { queryShard, unsupported } from '../store/errors.ts';
import { type Field, newField } from '../store/field-types.ts';
import type { QueryContext } from './matcher.ts';
import { double, float } from './numbers.ts';
import { javaText } from '../store/java-text.ts';

/** One criterion of the order of hits. */
export interface SortSpec {
  /** A path, `_score`, `_doc` or `_id`. */
  readonly field: string;
  readonly isDescending: boolean;
  readonly missing: unknown;
  /** Which of several values counts. @default the one that comes first in the order */
  readonly mode: 'min' | 'max';
  readonly unmappedType: string | null;
}

/** What a hit is compared by. Null stands for a missing keyword. */
export type SortKey = string | number | null;

/** A criterion on one index. */
export interface Sorter {
  readonly key: (document: number, score: number) => SortKey;
  /** Returns a key as the answer shows it. */
  readonly show: (key: SortKey) => Json;
}

const OPTIONS = ['order', 'missing', 'mode', 'unmapped_type', 'numeric_type', 'format'];
const LONG_MAX = '9223372036854775807';
const LONG_MIN = '-9223372036854775808';

/** Reads `sort` of a body. @throws StatusError 400; 501 for what only a node can */
export function sortSpecs(given: unknown): SortSpec[] {
  const items: readonly unknown[] = Array.isArray(given) ? given : given === undefined || given === null ? [] : [given];
  return items.flatMap((item) => {
    if (typeof item === 'string') return [specOf(item, {})];
    if (!isObject(item)) throw illegalArgument('malformed sort format, within the sort array, an object, or an actual string are allowed');
    return Object.entries(item).map(([field, options]) => specOf(field, isObject(options) ? options : { order: options }));
  });
}

/** Reads `sort` of the query: `year:desc,price`. */
export function sortText(text: string): SortSpec[] {
  return text.split(',').map((item) => {
    const colon = item.lastIndexOf(':');
    return colon === -1 ? specOf(item, {}) : specOf(item.slice(0, colon), { order: item.slice(colon + 1) });
  });
}

function specOf(field: string, options: Readonly<Record<string, unknown>>): SortSpec {
  const other = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (other !== undefined || field === '_script' || field === '_geo_distance')
    throw unsupported(`the sort ${field}${other === undefined ? '' : ` with [${other}]`}`);
  const order = javaText(options['order'] ?? (field === '_score' ? 'desc' : 'asc')).toLowerCase();
  if (order !== 'asc' && order !== 'desc')
    throw illegalArgument(`No enum constant org.opensearch.search.sort.SortOrder.${order.toUpperCase()}`);
  const mode = options['mode'] ?? (order === 'asc' ? 'min' : 'max');
  if (mode !== 'min' && mode !== 'max') throw unsupported(`the sort mode [${javaText(mode)}]`);
  const unmapped = options['unmapped_type'];
  return {
    field,
    isDescending: order === 'desc',
    missing: options['missing'] ?? '_last',
    mode,
    unmappedType: typeof unmapped === 'string' ? unmapped : null,
  };
}

/** Makes a criterion for one index. @throws StatusError 400 in a node's words */
export function sorterOf(spec: SortSpec, context: QueryContext): Sorter {
  const { index, segment } = context;
  if (spec.field === '_score') return { key: (_, score) => score, show: (key) => float(key as number) };
  if (spec.field === '_doc') return { key: (document) => document, show: (key) => key };
  if (spec.field === '_id') return { key: (document) => segment.document(document)?.id ?? null, show: (key) => key };
  const field = index.mapping.field(spec.field) ?? (spec.unmappedType === null ? undefined : newField(spec.field, spec.unmappedType));
  if (field === undefined) throw queryShard(index, `No mapping found for [${spec.field}] in order to sort on`);
  refuseText(field);
  const missing = missingKey(spec, field, context);
  const column = segment.column(field.path);
  const pick = (values: readonly SortKey[]): SortKey =>
    values.reduce((best, value) => ((value as string) < (best as string) === (spec.mode === 'min') ? value : best));
  const key = (document: number): SortKey => {
    const value = column?.get(document);
    return value === undefined ? missing : typeof value === 'object' ? pick(value) : value;
  };
  return { key, show: (each) => shown(each, field) };
}

/** @throws StatusError 400: words are not kept by document; 501 for a type that is not searched */
export function refuseText({ path, kind, type }: Field): void {
  if (kind === 'stored') throw unsupported(`sorting and aggregations on fields of type [${type}]`);
  if (kind !== 'text') return;
  throw illegalArgument(
    `Text fields are not optimised for operations that require per-document field data like aggregations and sorting, so these operations are disabled by default. Please use a keyword field instead. Alternatively, set fielddata=true on [${path}] in order to load field data by uninverting the inverted index. Note that this can use significant memory.`,
  );
}

/** Compares two hits by their keys; the caller breaks ties. */
export function compareKeys(specs: readonly SortSpec[], a: readonly SortKey[], b: readonly SortKey[]): number {
  for (const [at, { isDescending, missing }] of specs.entries()) {
    const [left = null, right = null] = [a[at], b[at]];
    if (left === right) continue;
    // A missing keyword is first or last in either order.
    if (left === null || right === null) return (left === null) === (missing === '_first') ? -1 : 1;
    return left < right === isDescending ? 1 : -1;
  }
  return 0;
}

/** Reads one value of `search_after`. */
export function afterKey(value: unknown, { field }: SortSpec, { index, now }: QueryContext): SortKey {
  if (value === null) return null;
  const mapped = index.mapping.field(field);
  if (mapped?.kind === 'date' && typeof value === 'string') return parseQueryDate(value, mapped.format, false, now);
  if (mapped?.kind === 'keyword' || field === '_id') return javaText(value);
  return Number(value);
}

function missingKey({ missing, isDescending }: SortSpec, field: Field, { now }: QueryContext): SortKey {
  const isLast = missing === '_last';
  if (!isLast && missing !== '_first') {
    if (field.kind === 'keyword') return javaText(missing);
    return field.kind === 'date' ? parseQueryDate(missing, field.format, false, now) : Number(missing);
  }
  if (field.kind === 'keyword') return null;
  return isLast === isDescending ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

const INT_TYPES = ['integer', 'short', 'byte', 'boolean'];

function shown(key: SortKey, { kind, type }: Field): Json {
  if (typeof key !== 'number') return key;
  if (kind === 'double') return double(key);
  if (Number.isFinite(key)) return key;
  if (INT_TYPES.includes(type)) return key > 0 ? 2_147_483_647 : -2_147_483_648;
  return new RawJson(key > 0 ? LONG_MAX : LONG_MIN);
}
