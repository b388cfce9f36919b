import { defineAction } from '../define-action.ts';
import { broadcastRequest, broadcastResponse } from '../shared/broadcast.ts';

/**
 * `indices:admin/refresh`: makes what was written visible to searches.
 *
 * @example await client.call(indices.refresh, { indices: ['notes'] })
 * @see wire-format.md §11.9
 */
export const refresh = defineAction({
  name: 'indices:admin/refresh',
  request: broadcastRequest,
  response: broadcastResponse,
  summary: 'Makes recent writes visible to searches',
  idempotent: true,
});
