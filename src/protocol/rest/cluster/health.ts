import { health } from '../../action/cluster/health.ts';
import { HEALTH_LEVELS, HEALTH_STATUSES, type HealthLevel, PRIORITIES } from '../../action/cluster/health-request.ts';
import { attributeValueHealth, healthResponse, indexHealth, shardHealth } from '../../action/cluster/health-response.ts';
import type { ResponseOf } from '../../action/define-action.ts';
import { lenientExpandHidden } from '../../codec/indices-options.ts';
import { bodyOf, keyed } from '../body-of.ts';
import { indicesOptionsParameters } from '../indices-options.ts';
import type { JsonObject } from '../json.ts';
import { query } from '../parameters.ts';
import { activeShards, enumOf, flag, oneOf, text, time } from '../parameter-types.ts';
import { defineRestAction } from '../rest-action.ts';
import { clusterManagerParameters, indicesParameter } from '../shared-parameters.ts';

/** A node takes a level that it does not know for `cluster`. */
const level = {
  ...oneOf(HEALTH_LEVELS, String),
  read: (value: string): HealthLevel => HEALTH_LEVELS.find((each) => each.toLowerCase() === value) ?? 'CLUSTER',
};
const status = enumOf(HEALTH_STATUSES, 'cluster.health.ClusterHealthStatus');

/** `GET /_cluster/health`; a time-out is status 408. */
export const restHealth = defineRestAction({
  action: health,
  routes: ['GET /_cluster/health', 'GET /_cluster/health/{index}'],
  parameters: {
    ...indicesParameter,
    ...indicesOptionsParameters(lenientExpandHidden),
    level: query(level, 'level', 'How much detail the answer has', 'cluster'),
    local: query(flag, 'local', 'Ask the node for its own cluster state, not the cluster manager', 'false'),
    ...clusterManagerParameters,
    timeout: query(time, 'timeout', 'How long to wait for what `wait_for_…` asks for', '30s'),
    wait_for_status: query(status, 'waitForStatus', 'Wait for this status or a better one'),
    wait_for_no_relocating_shards: query(flag, 'waitForNoRelocatingShards', 'Wait until no shard is relocating', 'false'),
    wait_for_no_initializing_shards: query(flag, 'waitForNoInitializingShards', 'Wait until no shard is initializing', 'false'),
    wait_for_active_shards: query(activeShards, 'waitForActiveShards', 'Wait until this many copies of each shard are active', '0'),
    wait_for_nodes: query(text, 'waitForNodes', 'Wait for a number of nodes: `3`, `>=3`, `le(3)`'),
    wait_for_events: query(enumOf(PRIORITIES, 'common.Priority'), 'waitForEvents', 'Wait until the tasks of this priority are done'),
    awareness_attribute: query(text, 'awarenessAttribute', 'Show this awareness attribute only'),
    ensure_node_weighed_in: query(flag, 'ensureNodeWeighedIn', 'Fail if the weight of the local node is zero', 'false'),
  },
  removed: {
    wait_for_relocating_shards: 'wait_for_relocating_shards has been removed, use wait_for_no_relocating_shards [true/false] instead',
  },
  request: (values) => ({ ...values, applyLevelAtTransportLayer: true }),
  response: {
    status: ({ timedOut }) => (timedOut ? 408 : 200),
    body: (response, context) => ({
      ...clusterBody(response, context),
      ...DETAILS[context.values.level ?? 'CLUSTER'](response),
    }),
  },
});

const clusterBody = bodyOf(
  healthResponse,
  {
    hasDiscoveredClusterManager: (value) => ({ discovered_master: value, discovered_cluster_manager: value }),
    taskMaxWaitingTime: 'task_max_waiting_in_queue',
    // A ratio, which REST shows to people as a percentage.
    activeShardsPercent: (value, _response, human) => ({
      active_shards_percent: human ? `${value.toFixed(1)}%` : undefined,
      active_shards_percent_as_number: value,
    }),
    stateStatus: null,
    indices: null,
    awarenessHealth: null,
  },
  [
    'clusterName',
    'status',
    'timedOut',
    'numberOfNodes',
    'numberOfDataNodes',
    'hasDiscoveredClusterManager',
    'activePrimaryShards',
    'activeShards',
    'relocatingShards',
    'initializingShards',
    'unassignedShards',
    'delayedUnassignedShards',
    'numberOfPendingTasks',
    'numberOfInFlightFetch',
    'taskMaxWaitingTime',
  ],
);
const indexBody = bodyOf(indexHealth, { index: null, shards: null }, ['status']);
const shardBody = bodyOf(shardHealth, { shardId: null }, ['status', 'primaryActive']);
const attributeBody = bodyOf(attributeValueHealth, { name: null, nodes: 'data_nodes' });

/** What each level adds. REST keys by name what is a list on the wire. */
const DETAILS: Readonly<Record<HealthLevel, (response: ResponseOf<typeof health>) => JsonObject>> = {
  CLUSTER: () => ({}),
  INDICES: ({ indices }) => ({ indices: keyed(indices, 'index', indexBody) }),
  SHARDS: ({ indices }) => ({
    indices: keyed(indices, 'index', (each) => ({ ...indexBody(each), shards: keyed(each.shards, 'shardId', shardBody) })),
  }),
  AWARENESS_ATTRIBUTES: ({ awarenessHealth: all }) => ({
    awareness_attributes: all === null ? undefined : keyed(all, 'attribute', ({ values }) => keyed(values, 'name', attributeBody)),
  }),
};
