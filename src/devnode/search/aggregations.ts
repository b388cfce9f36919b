import { StatusError } from '../../protocol/error/status-error.ts';
import { isObject } from '../../protocol/rest/body.ts';
import type { Json, JsonObject } from '../../protocol/rest/json.ts';
import { illegalArgument } from '../../protocol/rest/refusals.ts';
import { dateText } from '../store/dates.ts';
import { unsupported } from '../store/errors.ts';
import { type Field, type FieldValue, newField, toFieldValue } from '../store/field-types.ts';
import type { QueryContext } from './matcher.ts';
import { double } from './numbers.ts';
import { parsing } from './query.ts';
import { OTHER_AGGREGATIONS } from './query-names.ts';
import { refuseText } from './sort.ts';

type Body = Readonly<Record<string, unknown>>;
type Metric = 'avg' | 'min' | 'max' | 'sum' | 'value_count';

const METRICS: ReadonlySet<string> = new Set(['avg', 'min', 'max', 'sum', 'value_count']);
/** Deepest nesting of aggregations. */
const MAX_DEPTH = 10;
/** Most buckets of an answer. @see `search.max_buckets` of OpenSearch */
const MAX_BUCKETS = 65_535;
/** Most buckets that are counted in before the largest are chosen: they take up memory. */
const MAX_COUNTED = 1_000_000;
const DEFAULT_SIZE = 10;

interface Order {
  readonly by: string;
  readonly isDescending: boolean;
}

/** An aggregation as the request has it. */
export interface AggregationSpec {
  readonly name: string;
  readonly kind: 'terms' | Metric;
  readonly field: string;
  readonly missing: unknown;
  readonly size: number;
  readonly least: number;
  readonly orders: readonly Order[];
  readonly inner: readonly AggregationSpec[];
}

/** Buckets that one search has made. */
export interface BucketCount {
  counted: number;
  shown: number;
}

/** Reads `aggs` of a body. @throws StatusError 400 in a node's words; 501 for what only a node has */
export function aggregationSpecs(given: unknown, depth: number = 1): AggregationSpec[] {
  if (given === undefined) return [];
  if (!isObject(given)) throw parsing('Found [VALUE] in [aggs]: expected START_OBJECT');
  if (depth > MAX_DEPTH) throw unsupported(`aggregations nested deeper than ${MAX_DEPTH} levels`);
  return Object.entries(given).map(([name, definition]) => specOf(name, definition, depth));
}

function specOf(name: string, definition: unknown, depth: number): AggregationSpec {
  if (/[[\]>]/.test(name))
    throw parsing(`Invalid aggregation name [${name}]. Aggregation names can contain any character except '[', ']', and '>'`);
  const { aggs, aggregations = aggs, meta: _meta, ...rest } = isObject(definition) ? definition : {};
  const [kind, ...others] = Object.keys(rest);
  if (kind === undefined) throw parsing(`Missing definition for aggregation [${name}]`);
  if (others.length > 0) throw parsing(`Found two aggregation type definitions in [${name}]: [${kind}] and [${others[0]}]`);
  if (kind !== 'terms' && !METRICS.has(kind))
    throw OTHER_AGGREGATIONS.has(kind) ? unsupported(`the aggregation [${kind}]`) : unknownAggregation(kind);
  const body = rest[kind];
  const inner = aggregationSpecs(aggregations, depth + 1);
  if (kind !== 'terms' && inner.length > 0) throw unsupportedInner(name, kind);
  return { name, kind: kind as AggregationSpec['kind'], inner, ...parametersOf(kind, isObject(body) ? body : {}) };
}

function parametersOf(kind: string, body: Body) {
  const known =
    kind === 'terms'
      ? ['field', 'missing', 'size', 'min_doc_count', 'order', 'shard_size', 'show_term_doc_count_error', 'execution_hint', 'collect_mode']
      : ['field', 'missing'];
  const other = Object.keys(body).find((name) => !known.includes(name));
  if (other !== undefined) throw unsupported(`the parameter [${other}] of the aggregation [${kind}]`);
  const { field, missing, size = DEFAULT_SIZE, min_doc_count: least = 1, order } = body;
  if (typeof field !== 'string') throw illegalArgument('Required one of fields [field, script], but none were specified. ');
  if (Number(size) <= 0) {
    const cause = illegalArgument(`[size] must be greater than 0. Found [${String(size)}] in [size]`);
    throw new StatusError(400, 'x_content_parse_exception', '[terms] failed to parse field [size]', { cause });
  }
  if (Number(least) < 1) throw unsupported('[min_doc_count] below 1 of the aggregation [terms]');
  return { field, missing, size: Number(size), least: Number(least), orders: ordersOf(order) };
}

function ordersOf(given: unknown): Order[] {
  const items: readonly unknown[] = given === undefined ? [] : Array.isArray(given) ? given : [given];
  const orders = items.flatMap((item) =>
    Object.entries(isObject(item) ? item : {}).map(([by, way]) => ({
      by: by === '_term' ? '_key' : by,
      isDescending: String(way) === 'desc',
    })),
  );
  return orders.length === 0 ? [{ by: '_count', isDescending: true }] : orders;
}

/** Counts documents in. */
export interface Aggregator {
  add(document: number, context: QueryContext): void;
  json(): JsonObject;
  /** The single value of a metric; null for none. */
  readonly value: number | null;
}

/** Makes the aggregators of a level. */
export function aggregators(
  specs: readonly AggregationSpec[],
  contexts: readonly QueryContext[],
  buckets: BucketCount,
): [string, Aggregator][] {
  return specs.map((spec) => [
    spec.name,
    spec.kind === 'terms' ? new Terms(spec, contexts, buckets) : new Single(spec, spec.kind, contexts),
  ]);
}

/** Returns the answers of a level. */
export function aggregationsJson(level: readonly (readonly [string, Aggregator])[]): JsonObject {
  return Object.fromEntries(level.map(([name, aggregator]) => [name, aggregator.json()]));
}

/** Returns the field that an aggregation is on, as the first index that has it maps it. */
function fieldOf({ field, kind }: AggregationSpec, contexts: readonly QueryContext[]): Field {
  const found = contexts.map(({ index }) => index.mapping.field(field)).find((each) => each !== undefined);
  if (found === undefined) return newField(field, 'keyword');
  refuseText(found);
  if (found.kind === 'keyword' && kind !== 'terms' && kind !== 'value_count') {
    throw illegalArgument(`Field [${field}] of type [${found.type}] is not supported for aggregation [${kind}]`);
  }
  return found;
}

/** The values of a document, with what stands for a missing one. */
function valuesOf(field: Field, missing: unknown, document: number, { segment }: QueryContext): readonly FieldValue[] {
  const values = segment.values(field.path, document);
  return values.length > 0 || missing === undefined ? values : [toFieldValue(field, missing)];
}

class Single implements Aggregator {
  readonly #spec: AggregationSpec;
  readonly #kind: Metric;
  readonly #field: Field;
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  constructor(spec: AggregationSpec, kind: Metric, contexts: readonly QueryContext[]) {
    this.#spec = spec;
    this.#kind = kind;
    this.#field = fieldOf(spec, contexts);
  }

  add(document: number, context: QueryContext): void {
    const values = valuesOf(this.#field, this.#spec.missing, document, context);
    this.#count += this.#field.kind === 'keyword' ? new Set(values).size : values.length;
    for (const value of values) {
      const number = Number(value);
      this.#sum += number;
      this.#min = Math.min(this.#min, number);
      this.#max = Math.max(this.#max, number);
    }
  }

  get value(): number | null {
    if (this.#kind === 'value_count') return this.#count;
    if (this.#kind === 'sum') return this.#sum;
    if (this.#count === 0) return null;
    return this.#kind === 'avg' ? this.#sum / this.#count : this.#kind === 'min' ? this.#min : this.#max;
  }

  #asString(value: number): JsonObject {
    if (this.#field.kind === 'date') return { value_as_string: dateText(Math.round(value)) };
    return this.#field.kind === 'boolean' ? { value_as_string: String(value !== 0) } : {};
  }

  json(): JsonObject {
    const { value } = this;
    if (this.#kind === 'value_count' || value === null) return { value };
    return { value: double(value), ...this.#asString(value) };
  }
}

/** @throws StatusError 500 for an order by an aggregation that is not inside, as a shard of a node fails */
function checkOrders({ orders, inner }: AggregationSpec): void {
  for (const { by } of orders) {
    const name = by.endsWith('.value') ? by.slice(0, -'.value'.length) : by;
    if (by === '_key' || by === '_count' || inner.some((each) => each.name === name && each.kind !== 'terms')) continue;
    const why = `The provided aggregation [${name}] either does not exist, or is a pipeline aggregation and cannot be used to sort the buckets.`;
    const cause = illegalArgument(why);
    throw new StatusError(500, 'aggregation_execution_exception', `Invalid aggregation order path [${by}]. ${why}`, { cause });
  }
}

interface Bucket {
  readonly key: FieldValue;
  count: number;
  readonly inner: readonly (readonly [string, Aggregator])[];
}

class Terms implements Aggregator {
  readonly value = null;
  readonly #spec: AggregationSpec;
  readonly #contexts: readonly QueryContext[];
  readonly #total: BucketCount;
  readonly #field: Field;
  readonly #buckets = new Map<FieldValue, Bucket>();

  constructor(spec: AggregationSpec, contexts: readonly QueryContext[], total: BucketCount) {
    this.#spec = spec;
    this.#contexts = contexts;
    this.#total = total;
    checkOrders(spec);
    this.#field = fieldOf(spec, contexts);
  }

  add(document: number, context: QueryContext): void {
    const values = valuesOf(this.#field, this.#spec.missing, document, context);
    for (const key of values.length > 1 ? new Set(values) : values) {
      const bucket = this.#buckets.get(key) ?? this.#newBucket(key);
      bucket.count++;
      for (const [, aggregator] of bucket.inner) aggregator.add(document, context);
    }
  }

  json(): JsonObject {
    const { least, size } = this.#spec;
    const all = [...this.#buckets.values()];
    const wanted = all.filter(({ count }) => count >= least).sort((a, b) => this.#compare(a, b));
    const shown = wanted.slice(0, size);
    this.#total.shown += shown.length;
    if (this.#total.shown > MAX_BUCKETS) throw tooManyBuckets(MAX_BUCKETS, this.#total.shown);
    const others = wanted.slice(size).reduce((sum, { count }) => sum + count, 0);
    return { doc_count_error_upper_bound: 0, sum_other_doc_count: others, buckets: shown.map((bucket) => this.#bucketJson(bucket)) };
  }

  #newBucket(key: FieldValue): Bucket {
    this.#total.counted++;
    if (this.#total.counted > MAX_COUNTED) throw tooManyBuckets(MAX_COUNTED, this.#total.counted);
    const bucket = { key, count: 0, inner: aggregators(this.#spec.inner, this.#contexts, this.#total) };
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #compare(a: Bucket, b: Bucket): number {
    for (const { by, isDescending } of this.#spec.orders) {
      const [left, right] = [sortValue(a, by), sortValue(b, by)];
      if (left === right) continue;
      // No value comes last in either order.
      if (left === null) return 1;
      if (right === null) return -1;
      return left < right === isDescending ? 1 : -1;
    }
    return a.key < b.key ? -1 : 1;
  }

  #bucketJson({ key, count, inner }: Bucket): JsonObject {
    return { ...keyJson(this.#field, key), doc_count: count, ...aggregationsJson(inner) };
  }
}

function sortValue({ key, count, inner }: Bucket, by: string): FieldValue | null {
  if (by === '_count') return count;
  if (by === '_key') return key;
  const name = by.endsWith('.value') ? by.slice(0, -'.value'.length) : by;
  return inner.find(([each]) => each === name)?.[1].value ?? null;
}

function keyJson({ kind }: Field, key: FieldValue): { readonly key: Json; readonly key_as_string?: string } {
  if (typeof key === 'string') return { key };
  if (kind === 'boolean') return { key, key_as_string: key === 1 ? 'true' : 'false' };
  if (kind === 'date') return { key, key_as_string: dateText(key) };
  return { key: kind === 'double' ? double(key) : key };
}

function tooManyBuckets(limit: number, found: number): StatusError {
  const why = `Trying to create too many buckets. Must be less than or equal to: [${limit}] but was [${found}].`;
  return new StatusError(
    503,
    'too_many_buckets_exception',
    `${why} This limit can be set by changing the [search.max_buckets] cluster level setting.`,
  );
}

function unknownAggregation(kind: string): StatusError {
  const cause = new StatusError(400, 'named_object_not_found_exception', `unknown field [${kind}]`);
  return parsing(`Unknown aggregation type [${kind}]`, cause);
}

function unsupportedInner(name: string, kind: string): StatusError {
  return new StatusError(
    500,
    'aggregation_initialization_exception',
    `Aggregator [${name}] of type [${kind}] cannot accept sub-aggregations`,
  );
}
