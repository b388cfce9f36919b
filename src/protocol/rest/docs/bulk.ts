import { bulk } from '../../action/docs/bulk.ts';
import type { BulkItemResponse } from '../../action/docs/bulk-response.ts';
import { toRemoteCause } from '../../codec/exception/remote-cause.ts';
import { contentTypeOf, requiredBody } from '../body.ts';
import { activeShardsFrom, fetchSourceFrom, refreshFrom } from '../common-parameters.ts';
import { causeJson } from '../error-json.ts';
import type { JsonObject } from '../json.ts';
import { defineRestAction } from '../rest-action.ts';
import { bulkItemsFrom } from './bulk-lines.ts';
import { writeJson, writeStatus } from './write-json.ts';

/** `POST` or `PUT /_bulk` and `/{index}/_bulk`; status 200 whatever became of the items. */
export const restBulk = defineRestAction({
  action: bulk,
  routes: [
    { method: 'POST', path: '/_bulk' },
    { method: 'PUT', path: '/_bulk' },
    { method: 'POST', path: '/{index}/_bulk' },
    { method: 'PUT', path: '/{index}/_bulk' },
  ],
  toRequest: (request) => {
    const { query, params } = request;
    const defaults = {
      index: params['index'],
      routing: query.text('routing'),
      pipeline: query.text('pipeline'),
      requireAlias: query.flag('require_alias'),
      fetchSource: fetchSourceFrom(query),
    };
    return {
      items: bulkItemsFrom(requiredBody(request), defaults, contentTypeOf(request)),
      waitForActiveShards: activeShardsFrom(query),
      timeout: query.time('timeout'),
      refresh: refreshFrom(query),
      batchSize: query.int('batch_size'),
    };
  },
  toResponse: ({ items, tookInMillis, ingestTookInMillis }) => ({
    status: 200,
    body: {
      took: tookInMillis,
      ingest_took: ingestTookInMillis < 0 ? undefined : ingestTookInMillis,
      errors: items.some(({ failure }) => failure !== null),
      items: items.map((item) => ({ [item.opType.toLowerCase()]: itemJson(item) })),
    },
  }),
});

function itemJson({ opType, response, failure }: BulkItemResponse): JsonObject {
  if (failure === null) return response === null ? {} : { ...writeJson(response), status: writeStatus(response, opType === 'DELETE') };
  const cause = toRemoteCause(failure.cause);
  return { _index: failure.index, _id: failure.id, status: cause.status, error: causeJson(cause) };
}
