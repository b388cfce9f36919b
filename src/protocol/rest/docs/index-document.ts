import type { RequestOf } from '../../action/define-action.ts';
import { indexDocument } from '../../action/docs/index-document.ts';
import { contentTypeOf, requiredBody } from '../body.ts';
import { illegalArgument } from '../refusals.ts';
import { defineRestAction, type RestRequest, type RestResponse } from '../rest-action.ts';
import { versionFrom, writeRequestFrom } from './write-request.ts';
import { locationOf, type WriteResponse, writeJson, writeStatus } from './write-json.ts';

type IndexRequestInit = RequestOf<typeof indexDocument>;

/** `PUT` or `POST /{index}/_doc/{id}` */
export const restIndex = defineRestAction({
  action: indexDocument,
  routes: [
    { method: 'PUT', path: '/{index}/_doc/{id}' },
    { method: 'POST', path: '/{index}/_doc/{id}' },
  ],
  toRequest: (request) => indexRequestFrom(request, 'INDEX'),
  toResponse: indexResponse,
});

/** `POST /{index}/_doc`: the node makes an id. */
export const restIndexAutoId = defineRestAction({
  action: indexDocument,
  routes: [{ method: 'POST', path: '/{index}/_doc' }],
  toRequest: (request) => indexRequestFrom(request, 'CREATE'),
  toResponse: indexResponse,
});

/** `PUT` or `POST /{index}/_create/{id}`: fails when the document is there. */
export const restCreate = defineRestAction({
  action: indexDocument,
  routes: [
    { method: 'PUT', path: '/{index}/_create/{id}' },
    { method: 'POST', path: '/{index}/_create/{id}' },
  ],
  toRequest: (request) => {
    const opType = request.query.text('op_type');
    if (opType !== undefined && opType.toLowerCase() !== 'create') throw illegalArgument(`opType must be 'create', found: [${opType}]`);
    return indexRequestFrom(request, 'CREATE');
  },
  toResponse: indexResponse,
});

function indexRequestFrom(request: RestRequest, usual: 'INDEX' | 'CREATE'): IndexRequestInit {
  const { query, params } = request;
  return {
    ...writeRequestFrom(request),
    ...versionFrom(request),
    id: params['id'],
    source: requiredBody(request),
    contentType: contentTypeOf(request),
    pipeline: query.text('pipeline'),
    requireAlias: query.flag('require_alias'),
    opType: opTypeFrom(request) ?? usual,
  };
}

function opTypeFrom({ query }: RestRequest): 'INDEX' | 'CREATE' | undefined {
  const text = query.text('op_type');
  if (text === undefined) return undefined;
  const name = text.toUpperCase();
  if (name === 'INDEX' || name === 'CREATE') return name;
  if (name === 'UPDATE' || name === 'DELETE') throw illegalArgument(`opType must be 'create' or 'index', found: [${name}]`);
  throw illegalArgument(`Unknown opType: [${text}]`);
}

function indexResponse(response: WriteResponse, { query }: RestRequest): RestResponse {
  const status = writeStatus(response, false);
  const headers = status === 201 ? { Location: locationOf(response, query.text('routing')) } : {};
  return { status, headers, body: writeJson(response) };
}
