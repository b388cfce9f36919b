import { bulk } from '../../action/docs/bulk.ts';
import type { BulkItemResponse } from '../../action/docs/bulk-response.ts';
import { toRemoteCause } from '../../codec/exception/remote-cause.ts';
import { contentTypeOf, requiredBody } from '../body.ts';
import { causeJson } from '../error-json.ts';
import { fetchSourceParameters } from '../fetch-source.ts';
import type { JsonObject } from '../json.ts';
import { path, query } from '../parameters.ts';
import { int, text } from '../parameter-types.ts';
import { defineRestAction } from '../rest-action.ts';
import { documentParameters, ingestParameters, writeParameters } from '../shared-parameters.ts';
import { bulkItemsFrom } from './bulk-lines.ts';
import { deleteStatus, writeJson, writeStatus } from '../write-json.ts';

/** What REST says of one operation. A failed one has the status and the type of its error. */
function itemJson({ opType, response, failure }: BulkItemResponse): JsonObject {
  if (failure === null) {
    return response === null ? {} : { ...writeJson(response), status: (opType === 'DELETE' ? deleteStatus : writeStatus)(response) };
  }
  const cause = toRemoteCause(failure.cause);
  return { _index: failure.index, _id: failure.id, status: cause.status, error: causeJson(cause) };
}

/** `POST` or `PUT /_bulk`; status 200 even when operations fail. */
export const restBulk = defineRestAction({
  action: bulk,
  routes: ['POST /_bulk', 'PUT /_bulk', 'POST /{index}/_bulk', 'PUT /{index}/_bulk'],
  parameters: {
    index: path(text, 'index', 'Index of the operations that name none'),
    routing: documentParameters.routing,
    ...ingestParameters,
    ...fetchSourceParameters,
    ...writeParameters,
    batch_size: query(int, 'batchSize', 'How many documents go through an ingest pipeline at a time; before 3.0', 'all'),
  },
  body: 'For each operation a line `{"index": {"_index": "notes", "_id": "1"}}` (or `create`, `update`, `delete`) and, but for deletions, a line with the document or the update; each line ends with a newline',
  request: ({ index, routing, pipeline, requireAlias, fetchSource, ...values }, request) => {
    const defaults = { index: index === '' ? undefined : index, routing, pipeline, requireAlias, fetchSource };
    return { ...values, items: bulkItemsFrom(requiredBody(request), defaults, contentTypeOf(request)) };
  },
  response: {
    body: ({ items, tookInMillis, ingestTookInMillis }) => ({
      took: tookInMillis,
      ingest_took: ingestTookInMillis < 0 ? undefined : ingestTookInMillis,
      errors: items.some(({ failure }) => failure !== null),
      items: items.map((item) => ({ [item.opType.toLowerCase()]: itemJson(item) })),
    }),
  },
});
