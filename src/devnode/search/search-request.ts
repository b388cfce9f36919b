import type { FetchSourceContext } from '../../protocol/action/shared/fetch-source.ts';
import { fetchSourceOf } from '../../protocol/rest/fetch-source.ts';
import { isObject } from '../../protocol/rest/body.ts';
import { illegalArgument } from '../../protocol/rest/refusals.ts';
import { unsupported } from '../store/errors.ts';
import { type AggregationSpec, aggregationSpecs } from './aggregations.ts';
import { parsing } from './query.ts';
import { OTHER_SEARCH_MEMBERS } from './query-names.ts';
import type { QueryStringOptions } from './query-string.ts';
import { type SortSpec, sortSpecs } from './sort.ts';
import { javaText } from '../store/java-text.ts';

/** What a search asks. */
export interface SearchRequest {
  /** JSON of the query; undefined for all documents. */
  readonly query: unknown;
  /** JSON of a query that hits must match and aggregations need not. */
  readonly postFilter: unknown;
  /** Text of `q`; null for none. */
  readonly queryString: string | null;
  readonly queryStringOptions: QueryStringOptions;
  readonly from: number;
  readonly size: number;
  readonly sort: readonly SortSpec[];
  readonly searchAfter: readonly unknown[] | null;
  readonly fetchSource: FetchSourceContext | null;
  readonly aggregations: readonly AggregationSpec[];
  /** Up to how many hits are counted; 0 for not at all. */
  readonly trackTotalHits: number;
  readonly trackScores: boolean;
  readonly version: boolean;
  readonly seqNoPrimaryTerm: boolean;
  readonly minScore: number | null;
}

/** How many hits are counted unless the request says otherwise. */
const DEFAULT_TRACKED = 10_000;
const DEFAULT_SIZE = 10;

const KNOWN = new Set(
  `query post_filter from size sort search_after _source aggs aggregations track_total_hits track_scores version seq_no_primary_term min_score timeout
  explain stats terminate_after batched_reduce_size include_named_queries_score verbose_pipeline`.split(/\s+/),
);

/** Reads the body of a search. @throws StatusError 400 in a node's words; 501 for what only a node has */
export function searchRequestFrom(body: Readonly<Record<string, unknown>>): SearchRequest {
  for (const name of Object.keys(body)) {
    if (OTHER_SEARCH_MEMBERS.has(name)) throw unsupported(`[${name}] of a search`);
    if (!KNOWN.has(name)) throw parsing(`Unknown key for a ${tokenOf(body[name])} in [${name}].`);
  }
  if (body['query'] !== undefined && !isObject(body['query'])) throw parsing(`Unknown key for a ${tokenOf(body['query'])} in [query].`);
  if (body['explain'] === true) throw unsupported('[explain] of a search');
  return checked({
    query: body['query'],
    postFilter: body['post_filter'],
    queryString: null,
    queryStringOptions: { field: null, isAnd: false },
    from: integer(body, 'from', 0),
    size: integer(body, 'size', DEFAULT_SIZE),
    sort: sortSpecs(body['sort']),
    searchAfter: Array.isArray(body['search_after']) ? body['search_after'] : null,
    fetchSource: body['_source'] === undefined ? null : fetchSourceOf(body['_source']),
    aggregations: aggregationSpecs(body['aggregations'] ?? body['aggs']),
    trackTotalHits: trackedOf(body['track_total_hits']),
    trackScores: body['track_scores'] === true,
    version: body['version'] === true,
    seqNoPrimaryTerm: body['seq_no_primary_term'] === true,
    minScore: typeof body['min_score'] === 'number' ? body['min_score'] : null,
  });
}

/** Reads `track_total_hits`. */
export function trackedOf(value: unknown): number {
  if (value === undefined || value === null) return DEFAULT_TRACKED;
  if (value === true || value === 'true') return Number.POSITIVE_INFINITY;
  if (value === false || value === 'false') return 0;
  const number = Number(value);
  if (Number.isInteger(number) && number >= -1) return number === -1 ? 0 : number;
  throw illegalArgument(`[track_total_hits] parameter must be positive or equals to -1, got ${javaText(value)}`);
}

/** Returns a request unless its numbers contradict each other. @throws StatusError 400 */
export function checked(request: SearchRequest): SearchRequest {
  if (request.from < 0) throw illegalArgument(`[from] parameter cannot be negative, found [${request.from}]`);
  if (request.size < 0) throw illegalArgument(`[size] parameter cannot be negative, found [${request.size}]`);
  return request;
}

function integer(body: Readonly<Record<string, unknown>>, name: string, usual: number): number {
  const value = body[name];
  if (value === undefined) return usual;
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number)) return number;
  throw illegalArgument(`Cannot parse [${name}] of the search: expected an integer, got ${JSON.stringify(value)}`);
}

function tokenOf(value: unknown): string {
  if (Array.isArray(value)) return 'START_ARRAY';
  if (value === null) return 'VALUE_NULL';
  if (typeof value === 'boolean') return 'VALUE_BOOLEAN';
  return typeof value === 'object' ? 'START_OBJECT' : `VALUE_${(typeof value).toUpperCase()}`;
}
