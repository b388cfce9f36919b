import { defineAction } from '../define-action.ts';
import { healthRequest } from './health-request.ts';
import { healthResponse } from './health-response.ts';

/**
 * `cluster:monitor/health`. With `applyLevelAtTransportLayer` a node leaves out the detail below `level`; without it the answer holds all indices
 * and shards.
 *
 * @example await client.call(cluster.health, { level: 'INDICES' })
 * @see wire-format.md §11.4
 */
export const health = defineAction({
  name: 'cluster:monitor/health',
  request: healthRequest,
  response: healthResponse,
  summary: 'Health of the cluster, its indices, shards or awareness attributes',
  idempotent: true,
});
