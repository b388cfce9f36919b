import type { HttpMethod } from '../../protocol/action/extension/node-to-extension.ts';
import { get, type GetRequestInit } from '../../protocol/action/docs/get.ts';
import { decode, encode } from '../../protocol/codec/codec.ts';
import { isObject } from '../../protocol/rest/body.ts';
import { restGet } from '../../protocol/rest/docs/get.ts';
import { errorResponse } from '../../protocol/rest/error-json.ts';
import { fetchSourceOf, fetchSourceParameters } from '../../protocol/rest/fetch-source.ts';
import type { Json, JsonObject } from '../../protocol/rest/json.ts';
import { readParameters } from '../../protocol/rest/parameters.ts';
import { illegalArgument, parseFailure } from '../../protocol/rest/refusals.ts';
import type { RestRequest as TwinRequest } from '../../protocol/rest/rest-message.ts';
import { decodeObject } from '../rest/decode-body.ts';
import type { RestController } from '../rest/rest-controller.ts';
import type { RestRequest } from '../rest/rest-request.ts';
import { unsupported, validationFailed } from './errors.ts';
import type { StoreHandlers } from './handlers.ts';

type Body = Readonly<Record<string, unknown>>;

const DOCUMENT_MEMBERS = ['_id', '_index', '_source', 'routing', '_routing', 'stored_fields', 'version', 'version_type'];

/** Serves `_mget`: many documents by id in one request. */
export function installMget(controller: RestController, handlers: StoreHandlers): void {
  for (const path of ['/_mget', '/{index}/_mget']) {
    for (const method of ['GET', 'POST'] satisfies HttpMethod[]) {
      controller.register(method, path, async (request) => {
        const wanted = wantedOf(request, await bodyOf(request));
        return async () => ({ docs: await Promise.all(wanted.map((each) => shown(each, handlers))) });
      });
    }
  }
}

async function bodyOf({ content, mediaType }: RestRequest): Promise<Body> {
  if (content.length === 0) throw parseFailure('request body or source parameter is required');
  return decodeObject(content, mediaType);
}

function wantedOf(request: RestRequest, body: Body): GetRequestInit[] {
  const index = request.param('index') ?? null;
  const { fetchSource = null } = readParameters(fetchSourceParameters, twinOf(request));
  request.consume(Object.keys(fetchSourceParameters));
  const usual = {
    index,
    fetchSource,
    routing: request.param('routing') ?? null,
    refresh: request.flag('refresh'),
    realtime: request.flag('realtime', true),
  };
  request.consume(['preference']);
  const ids: readonly unknown[] = Array.isArray(body['ids']) ? body['ids'] : [];
  const documents: readonly unknown[] = Array.isArray(body['docs']) ? body['docs'] : [];
  const wanted = [...documents.map((each) => documentOf(each, usual)), ...ids.map((id) => ({ ...usual, id: String(id) }))];
  if (wanted.length === 0) throw validationFailed('no documents to get');
  const nowhere = wanted.flatMap((each, at) => (typeof each.index === 'string' ? [] : [`index is missing for doc ${at}`]));
  if (nowhere.length > 0) throw validationFailed(...nowhere);
  return wanted;
}

function documentOf(given: unknown, usual: Omit<GetRequestInit, 'id'>): GetRequestInit {
  if (!isObject(given)) throw illegalArgument('docs array element should include an object');
  const other = Object.keys(given).find((name) => !DOCUMENT_MEMBERS.includes(name));
  if (other !== undefined) throw unsupported(`[${other}] of a document of [_mget]`);
  const { _id: id, _index: index = usual.index, _source: source, routing = given['_routing'] ?? usual.routing } = given;
  if (typeof id !== 'string' && typeof id !== 'number') throw validationFailed('id is missing');
  return {
    ...usual,
    id: String(id),
    index: typeof index === 'string' ? index : null,
    routing: typeof routing === 'string' ? routing : null,
    fetchSource: source === undefined ? usual.fetchSource : fetchSourceOf(source),
  };
}

/** A document that cannot be read does not fail the others. */
async function shown(init: GetRequestInit, handlers: StoreHandlers): Promise<JsonObject> {
  try {
    const response = handlers.asJson(await handlers.get(decode(get.request, encode(get.request, init))));
    return restGet.toResponse(response as never, EMPTY).body as JsonObject;
  } catch (error) {
    const { error: shownError } = errorResponse(error).body as { readonly error: Json };
    return { _index: init.index ?? null, _id: init.id, error: shownError };
  }
}

const EMPTY: TwinRequest = { method: 'GET', path: '', params: {}, query: new Map(), body: null, contentType: null };

function twinOf({ path, query }: RestRequest): TwinRequest {
  return { ...EMPTY, path, query };
}
