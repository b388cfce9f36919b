import { DELETE_OPTIONS, deleteIndex } from '../../action/indices/delete-index.ts';
import { clusterManagerTimeoutFrom } from '../common-parameters.ts';
import { indicesOptionsFrom } from '../indices-options.ts';
import { splitCommas } from '../query-parameters.ts';
import { defineRestAction } from '../rest-action.ts';

/** `DELETE /{index}` */
export const restDeleteIndex = defineRestAction({
  action: deleteIndex,
  routes: [{ method: 'DELETE', path: '/{index}' }],
  toRequest: ({ params, query }) => ({
    indices: splitCommas(params['index'] ?? ''),
    ackTimeout: query.time('timeout'),
    clusterManagerTimeout: clusterManagerTimeoutFrom(query),
    indicesOptions: indicesOptionsFrom(query, DELETE_OPTIONS),
  }),
  toResponse: ({ acknowledged }) => ({ status: 200, body: { acknowledged } }),
});
