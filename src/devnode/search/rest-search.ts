import type { HttpMethod } from '../../protocol/action/extension/node-to-extension.ts';
import { strictExpandOpenAndForbidClosedIgnoreThrottled } from '../../protocol/codec/indices-options.ts';
import { isObject } from '../../protocol/rest/body.ts';
import { fetchSourceParameters } from '../../protocol/rest/fetch-source.ts';
import { indicesOptionsParameters } from '../../protocol/rest/indices-options.ts';
import type { Json, JsonObject } from '../../protocol/rest/json.ts';
import { readParameters } from '../../protocol/rest/parameters.ts';
import { int } from '../../protocol/rest/parameter-types.ts';
import { illegalArgument } from '../../protocol/rest/refusals.ts';
import type { RestRequest as TwinRequest } from '../../protocol/rest/rest-message.ts';
import type { NodeFacts } from '../node-facts.ts';
import { decodeObject } from '../rest/decode-body.ts';
import { RestAnswer } from '../rest/rest-answer.ts';
import type { RestController } from '../rest/rest-controller.ts';
import type { RestRequest } from '../rest/rest-request.ts';
import type { DocumentStore } from '../store/document-store.ts';
import { unsupported } from '../store/errors.ts';
import type { Target } from '../store/index-names.ts';
import { parsing } from './query.ts';
import { count, search } from './search.ts';
import { checked, type SearchRequest, searchRequestFrom, trackedOf } from './search-request.ts';
import { ShardFailures } from './shard-failures.ts';
import { sortText } from './sort.ts';

/** Parameters that change how a cluster of many nodes searches, and so nothing here. */
const WITHOUT_EFFECT =
  `allow_partial_search_results analyze_wildcard batched_reduce_size cancel_after_time_interval ccs_minimize_roundtrips lenient
  max_concurrent_shard_requests phase_took pre_filter_shard_size preference request_cache routing search_type stats timeout terminate_after`.split(
    /\s+/,
  );

/** Parameters that only a node serves. */
const OTHERS = ['scroll', 'stored_fields', 'docvalue_fields', 'suggest_field', 'explain', 'search_pipeline', 'analyzer', 'typed_keys'];

const INDICES_OPTIONS = indicesOptionsParameters(strictExpandOpenAndForbidClosedIgnoreThrottled);

type Body = Readonly<Record<string, unknown>>;
/** Reads a request, and returns what searches the indices it names. */
type Reader = (request: RestRequest, body: Body) => (targets: readonly Target[]) => JsonObject;

/** Serves `_search` and `_count`. */
export function installSearch(controller: RestController, store: DocumentStore, facts: NodeFacts): void {
  const serve = (action: '_search' | '_count', read: Reader): void => {
    for (const path of [`/${action}`, `/{index}/${action}`]) {
      for (const method of ['GET', 'POST'] satisfies HttpMethod[]) {
        controller.register(method, path, async (request) => {
          const perform = read(request, await bodyOf(request));
          refuseOthers(request);
          const { indicesOptions } = readParameters(INDICES_OPTIONS, twinOf(request));
          const names = (request.param('index') ?? '').split(',').filter((name) => name !== '');
          request.consume([...Object.keys(INDICES_OPTIONS), ...WITHOUT_EFFECT]);
          return () => answered(facts, () => perform(store.resolve(names, indicesOptions)));
        });
      }
    }
  };
  serve('_search', searchReader);
  serve('_count', countReader);
}

const searchReader: Reader = (request, body) => {
  const wanted = withParameters(searchRequestFrom(body), request);
  const asNumber = request.flag('rest_total_hits_as_int');
  return (targets) => (asNumber ? withNumber(search(targets, wanted)) : search(targets, wanted));
};

const countReader: Reader = (request, body) => {
  const other = Object.keys(body).find((name) => name !== 'query');
  if (other !== undefined) throw parsing(`request does not support [${other}]`);
  const minScore = request.hasParam('min_score') ? floatFrom(request.param('min_score') ?? '') : null;
  const wanted = { ...withQueryString(searchRequestFrom(body), request), minScore };
  return (targets) => count(targets, wanted);
};

/** Returns the body, or what the parameter `source` holds instead. */
async function bodyOf(request: RestRequest): Promise<Body> {
  const source = request.param('source');
  request.consume(['source_content_type']);
  const content = request.content.length > 0 ? request.content : Buffer.from(source ?? '', 'utf8');
  if (content.length === 0) return {};
  return decodeObject(content, request.mediaType);
}

function refuseOthers(request: RestRequest): void {
  const other = OTHERS.find((name) => request.hasParam(name) && request.param(name) !== 'false');
  if (other !== undefined) throw unsupported(`the parameter [${other}] of a search`);
}

function withParameters(request: SearchRequest, rest: RestRequest): SearchRequest {
  const { fetchSource } = readParameters(fetchSourceParameters, twinOf(rest));
  rest.consume(Object.keys(fetchSourceParameters));
  const sort = rest.param('sort');
  const tracked = rest.param('track_total_hits');
  return checked({
    ...withQueryString(request, rest),
    from: numberParameter(rest, 'from') ?? request.from,
    size: numberParameter(rest, 'size') ?? request.size,
    sort: sort === undefined ? request.sort : sortText(sort),
    fetchSource: fetchSource ?? request.fetchSource,
    trackTotalHits: tracked === undefined ? request.trackTotalHits : trackedOf(tracked),
    trackScores: rest.flag('track_scores', request.trackScores),
    version: rest.flag('version', request.version),
    seqNoPrimaryTerm: rest.flag('seq_no_primary_term', request.seqNoPrimaryTerm),
  });
}

function withQueryString(request: SearchRequest, rest: RestRequest): SearchRequest {
  const queryString = rest.param('q') ?? null;
  const isAnd = rest.param('default_operator')?.toLowerCase() === 'and';
  return { ...request, queryString, queryStringOptions: { field: rest.param('df') ?? null, isAnd } };
}

function numberParameter(request: RestRequest, name: string): number | undefined {
  const text = request.param(name);
  return text === undefined ? undefined : int.read(text, name);
}

function floatFrom(text: string): number {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isNaN(number)) throw illegalArgument(`Failed to parse float parameter [min_score] with value [${text}]`);
  return number;
}

/** Shows the total as clients of earlier releases expect it. */
function withNumber(answer: JsonObject): JsonObject {
  const hits = answer['hits'] as JsonObject;
  const total = hits['total'];
  return { ...answer, hits: { ...hits, total: isObject(total) ? (total['value'] as Json) : -1 } };
}

function answered(facts: NodeFacts, make: () => JsonObject): RestAnswer | Json {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof ShardFailures)) throw error;
    return RestAnswer.from(error.toResponse(facts.identity.nodeId), false);
  }
}

function twinOf({ path, query, method }: RestRequest): TwinRequest {
  return { method: method as TwinRequest['method'], path, params: {}, query, body: null, contentType: null };
}
