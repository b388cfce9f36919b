import { StatusError } from '../../protocol/error/status-error.ts';
import type { FetchSourceContext } from '../../protocol/action/shared/fetch-source.ts';
import { type Json, type JsonObject, RawJson } from '../../protocol/rest/json.ts';
import { jsonObject } from '../../protocol/rest/body.ts';
import { illegalArgument } from '../../protocol/rest/refusals.ts';
import type { Target } from '../store/index-names.ts';
import { IndexStore, PRIMARY_TERM } from '../store/index-store.ts';
import { SourceFormats } from '../store/source-format.ts';
import type { StoredDocument } from '../store/segment.ts';
import { filterSource, wantsAll } from '../store/source-filter.ts';
import { aggregationsJson, aggregators } from './aggregations.ts';
import { matchAll, type Matcher, NO_MATCH, type QueryContext } from './matcher.ts';
import { float } from './numbers.ts';
import { compileQuery } from './query.ts';
import { compileQueryString } from './query-string.ts';
import type { SearchRequest } from './search-request.ts';
import { ShardFailures } from './shard-failures.ts';
import { afterKey, compareKeys, type Sorter, sorterOf, type SortKey } from './sort.ts';
import { TopHits } from './top-hits.ts';

/** Furthest hit that a search can show. @see `index.max_result_window` of OpenSearch */
const MAX_WINDOW = 10_000;

interface Leaf {
  readonly context: QueryContext;
  readonly match: Matcher;
  readonly postFilter: Matcher | null;
  readonly sorters: readonly Sorter[];
  readonly after: readonly SortKey[] | null;
}

interface Hit {
  readonly leaf: Leaf;
  readonly document: number;
  readonly score: number;
  readonly keys: readonly SortKey[];
}

/**
 * Searches indices, and returns the answer as REST shows it.
 *
 * @throws ShardFailures for a query that does not fit the mapping of an index
 * @throws StatusError 400 or 501
 */
export function search(targets: readonly Target[], request: SearchRequest): JsonObject {
  const started = performance.now();
  const leaves = leavesOf(targets, request);
  const contexts = leaves.map(({ context }) => context);
  const buckets = { counted: 0, shown: 0 };
  const level = onShard(contexts[0], () => aggregators(request.aggregations, contexts, buckets));
  const byScore = isByScore(request);
  const top = new TopHits<Hit>(request.from + request.size, (a, b) =>
    byScore ? b.score - a.score : compareKeys(request.sort, a.keys, b.keys),
  );
  let total = 0;
  for (const leaf of leaves) {
    each(leaf, request, (document, score) => {
      for (const [, aggregator] of level) aggregator.add(document, leaf.context);
      if (leaf.postFilter !== null && leaf.postFilter(document) < 0) return;
      total++;
      const keys = leaf.sorters.map(({ key }) => key(document, score));
      if (leaf.after === null || compareKeys(request.sort, keys, leaf.after) > 0) top.offer({ leaf, document, score, keys });
    });
  }
  const aggregations = level.length === 0 ? {} : { aggregations: aggregationsJson(level) };
  const hits = top.hits.slice(request.from);
  const took = Math.round(performance.now() - started);
  return { took, timed_out: false, _shards: shardsJson(targets), hits: hitsJson(hits, total, request, targets.length), ...aggregations };
}

/** Counts the documents that a query finds, and returns the answer as REST shows it. */
export function count(targets: readonly Target[], request: SearchRequest): JsonObject {
  let total = 0;
  for (const leaf of leavesOf(targets, request)) each(leaf, request, () => total++);
  return { count: total, _shards: shardsJson(targets) };
}

function leavesOf(targets: readonly Target[], request: SearchRequest): Leaf[] {
  const now = Date.now();
  checkSyntax(request, now);
  return targets.map(({ index, filter }) => {
    const context = { index, segment: index.segment, now };
    return onShard(context, () => {
      checkWindow(request);
      const query =
        request.queryString === null
          ? queryOf(request, context)
          : compileQueryString(request.queryString, request.queryStringOptions, context);
      return {
        context,
        match: filter === null ? query : both(query, compileQuery(jsonObject(filter), context)),
        postFilter: request.postFilter === undefined ? null : compileQuery(request.postFilter, context),
        sorters: isByScore(request) ? [] : request.sort.map((spec) => sorterOf(spec, context)),
        after: afterOf(request, context),
      };
    });
  });
}

/** Compiles the queries for an index without fields: what is wrong then is wrong in itself, and no failure of a shard. */
function checkSyntax({ query, postFilter }: SearchRequest, now: number): void {
  const index = new IndexStore({ name: '', formats: new SourceFormats(), major: 3 });
  const context = { index, segment: index.segment, now };
  for (const each of [query, postFilter]) if (each !== undefined) compileQuery(each, context);
}

function queryOf({ query }: SearchRequest, context: QueryContext): Matcher {
  return query === undefined ? matchAll(1) : compileQuery(query, context);
}

const both =
  (query: Matcher, filter: Matcher): Matcher =>
  (document) =>
    filter(document) < 0 ? NO_MATCH : query(document);

/** Calls for every document that the query finds. */
function each({ context: { segment }, match }: Leaf, { minScore }: SearchRequest, visit: (document: number, score: number) => void): void {
  for (let document = 0; document < segment.end; document++) {
    if (segment.document(document) === undefined) continue;
    const score = match(document);
    if (score >= 0 && (minScore === null || score >= minScore)) visit(document, score);
  }
}

/** Sorting by the score alone is what a search does without `sort`. */
function isByScore({ sort, searchAfter }: SearchRequest): boolean {
  return sort.length === 0 || (sort.length === 1 && sort[0]?.field === '_score' && sort[0].isDescending && searchAfter === null);
}

function afterOf({ searchAfter, sort, from }: SearchRequest, context: QueryContext): readonly SortKey[] | null {
  if (searchAfter === null) return null;
  if (sort.length === 0) throw illegalArgument('Sort must contain at least one field.');
  if (from > 0) throw new StatusError(500, 'search_exception', '`from` parameter must be set to 0 when `search_after` is used.');
  if (searchAfter.length !== sort.length) {
    throw illegalArgument(`search_after has ${searchAfter.length} value(s) but sort has ${sort.length}.`);
  }
  return sort.map((spec, at) => afterKey(searchAfter[at], spec, context));
}

function checkWindow({ from, size }: SearchRequest): void {
  if (from + size <= MAX_WINDOW) return;
  throw illegalArgument(
    `Result window is too large, from + size must be less than or equal to: [${MAX_WINDOW}] but was [${from + size}]. See the scroll api for a more efficient way to request large data sets. This limit can be set by changing the [index.max_result_window] index level setting.`,
  );
}

/** What a shard of a node would refuse is the failure of a shard; what its coordinator refuses stays as it is. */
function onShard<T>(context: QueryContext | undefined, make: () => T): T {
  try {
    return make();
  } catch (error) {
    const isOfShard = error instanceof StatusError && error.status !== 501;
    if (context === undefined || !isOfShard) throw error;
    throw new ShardFailures(context.index, error);
  }
}

function shardsJson(targets: readonly Target[]): JsonObject {
  const total = targets.reduce((sum, { index }) => sum + index.shards, 0);
  return { total, successful: total, skipped: 0, failed: 0 };
}

function hitsJson(hits: readonly Hit[], total: number, request: SearchRequest, indices: number): JsonObject {
  const { trackTotalHits, sort, trackScores } = request;
  const showsScore = isByScore(request) || trackScores || sort.some(({ field }) => field === '_score');
  const best = hits.reduce((score, hit) => Math.max(score, hit.score), NO_MATCH);
  const isMore = total > trackTotalHits;
  return {
    ...(trackTotalHits === 0 ? {} : { total: { value: isMore ? trackTotalHits : total, relation: isMore ? 'gte' : 'eq' } }),
    max_score: indices === 0 ? float(0) : (isByScore(request) || trackScores) && best >= 0 ? float(best) : null,
    hits: hits.map((hit) => hitJson(hit, request, showsScore)),
  };
}

function hitJson({ leaf, document, score, keys }: Hit, request: SearchRequest, showsScore: boolean): JsonObject {
  const { index, segment } = leaf.context;
  const stored = segment.document(document) as StoredDocument;
  const { id, version, seqNo, routing } = stored;
  return {
    _index: index.name,
    _id: id,
    ...(request.version ? { _version: version } : {}),
    ...(request.seqNoPrimaryTerm ? { _seq_no: seqNo, _primary_term: PRIMARY_TERM } : {}),
    _score: showsScore ? float(score) : null,
    ...(routing === null ? {} : { _routing: routing }),
    ...sourceMember(stored, request.fetchSource, leaf.context),
    ...(keys.length === 0 ? {} : { sort: leaf.sorters.map(({ show }, at) => show(keys[at] ?? null)) }),
  };
}

function sourceMember(
  { source, contentType }: StoredDocument,
  context: FetchSourceContext | null,
  { index }: QueryContext,
): { _source?: Json } {
  if (context !== null && !context.fetch) return {};
  if (contentType === 'application/json' && (context === null || wantsAll(context)))
    return { _source: new RawJson(source.toString('utf8')) };
  const parsed = index.formats.parseExactly(source, contentType);
  return { _source: context === null ? parsed : filterSource(parsed, context) };
}
