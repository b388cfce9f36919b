import { createIndex } from '../../action/indices/create-index.ts';
import { jsonText } from '../body.ts';
import { activeShardsFrom, clusterManagerTimeoutFrom } from '../common-parameters.ts';
import { defineRestAction } from '../rest-action.ts';
import { createBodyFrom } from './create-body.ts';

/** `PUT /{index}` */
export const restCreateIndex = defineRestAction({
  action: createIndex,
  routes: [{ method: 'PUT', path: '/{index}' }],
  toRequest: (request) => {
    const { query, params, body } = request;
    return {
      index: params['index'] ?? '',
      ...(body === null || body.length === 0 ? {} : createBodyFrom(jsonText(request))),
      ackTimeout: query.time('timeout'),
      clusterManagerTimeout: clusterManagerTimeoutFrom(query),
      waitForActiveShards: activeShardsFrom(query),
    };
  },
  toResponse: ({ acknowledged, shardsAcknowledged, index }) => ({
    status: 200,
    body: { acknowledged, shards_acknowledged: shardsAcknowledged, index },
  }),
});
