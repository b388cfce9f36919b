import { health } from '../../action/cluster/health.ts';
import {
  HEALTH_LEVELS,
  HEALTH_STATUSES,
  type HealthLevel,
  type HealthStatus,
  PRIORITIES,
  type Priority,
} from '../../action/cluster/health-request.ts';
import type { ClusterHealthResponse, ClusterIndexHealth } from '../../action/cluster/health-response.ts';
import { showTime } from '../../action/shared/time-text.ts';
import { lenientExpandHidden } from '../../codec/indices-options.ts';
import { toMilliseconds } from '../../codec/time-value.ts';
import { activeShardsFrom, clusterManagerTimeoutFrom } from '../common-parameters.ts';
import { indicesOptionsFrom } from '../indices-options.ts';
import type { JsonObject } from '../json.ts';
import { splitCommas } from '../query-parameters.ts';
import { illegalArgument } from '../refusals.ts';
import { defineRestAction, type RestRequest } from '../rest-action.ts';

/** `GET /_cluster/health[/{index}]`; a time-out is status 408. */
export const restHealth = defineRestAction({
  action: health,
  routes: [
    { method: 'GET', path: '/_cluster/health' },
    { method: 'GET', path: '/_cluster/health/{index}' },
  ],
  toRequest: (request) => {
    const { query, params } = request;
    if (query.text('wait_for_relocating_shards') !== undefined) {
      throw illegalArgument('wait_for_relocating_shards has been removed, use wait_for_no_relocating_shards [true/false] instead');
    }
    return {
      indices: splitCommas(params['index'] ?? ''),
      indicesOptions: indicesOptionsFrom(query, lenientExpandHidden),
      local: query.flag('local'),
      clusterManagerTimeout: clusterManagerTimeoutFrom(query),
      timeout: query.time('timeout'),
      waitForStatus: named<HealthStatus>(request, 'wait_for_status', HEALTH_STATUSES, 'cluster.health.ClusterHealthStatus'),
      waitForNoRelocatingShards: query.flag('wait_for_no_relocating_shards'),
      waitForNoInitializingShards: query.flag('wait_for_no_initializing_shards'),
      waitForActiveShards: activeShardsFrom(query),
      waitForNodes: query.text('wait_for_nodes'),
      waitForEvents: named<Priority>(request, 'wait_for_events', PRIORITIES, 'common.Priority'),
      awarenessAttribute: query.text('awareness_attribute'),
      level: levelOf(request),
      ensureNodeWeighedIn: query.flag('ensure_node_weighed_in'),
      applyLevelAtTransportLayer: true,
    };
  },
  toResponse: (response, request) => ({
    status: response.timedOut ? 408 : 200,
    body: { ...clusterJson(response, request.query.flag('human') ?? false), ...detailJson(response, levelOf(request)) },
  }),
});

function named<T extends string>({ query }: RestRequest, parameter: string, names: readonly T[], javaName: string): T | undefined {
  const text = query.text(parameter)?.toUpperCase();
  const found = names.find((name) => name === text);
  if (text !== undefined && found === undefined) throw illegalArgument(`No enum constant org.opensearch.${javaName}.${text}`);
  return found;
}

/** A level nobody knows shows as the cluster alone. */
function levelOf({ query }: RestRequest): HealthLevel {
  const text = query.text('level');
  return HEALTH_LEVELS.find((level) => level.toLowerCase() === text) ?? 'CLUSTER';
}

function clusterJson(response: ClusterHealthResponse, human: boolean): JsonObject {
  return {
    cluster_name: response.clusterName,
    status: response.status.toLowerCase(),
    timed_out: response.timedOut,
    number_of_nodes: response.numberOfNodes,
    number_of_data_nodes: response.numberOfDataNodes,
    discovered_master: response.hasDiscoveredClusterManager,
    discovered_cluster_manager: response.hasDiscoveredClusterManager,
    active_primary_shards: response.activePrimaryShards,
    ...shardsJson(response),
    delayed_unassigned_shards: response.delayedUnassignedShards,
    number_of_pending_tasks: response.numberOfPendingTasks,
    number_of_in_flight_fetch: response.numberOfInFlightFetch,
    task_max_waiting_in_queue: human ? showTime(response.taskMaxWaitingTime) : undefined,
    task_max_waiting_in_queue_millis: Math.trunc(toMilliseconds(response.taskMaxWaitingTime)),
    active_shards_percent: human ? `${response.activeShardsPercent.toFixed(1)}%` : undefined,
    active_shards_percent_as_number: response.activeShardsPercent,
  };
}

interface ShardCounts {
  readonly activeShards: number;
  readonly relocatingShards: number;
  readonly initializingShards: number;
  readonly unassignedShards: number;
}

function shardsJson({ activeShards, relocatingShards, initializingShards, unassignedShards }: ShardCounts): JsonObject {
  return {
    active_shards: activeShards,
    relocating_shards: relocatingShards,
    initializing_shards: initializingShards,
    unassigned_shards: unassignedShards,
  };
}

function detailJson({ indices, awarenessHealth }: ClusterHealthResponse, level: HealthLevel): JsonObject {
  if (level === 'INDICES' || level === 'SHARDS') {
    return { indices: Object.fromEntries(indices.map((each) => [each.index, indexJson(each, level === 'SHARDS')])) };
  }
  return level === 'AWARENESS_ATTRIBUTES' && awarenessHealth !== null ? { awareness_attributes: awarenessJson(awarenessHealth) } : {};
}

function indexJson(each: ClusterIndexHealth, withShards: boolean): JsonObject {
  return {
    status: each.status.toLowerCase(),
    number_of_shards: each.numberOfShards,
    number_of_replicas: each.numberOfReplicas,
    active_primary_shards: each.activePrimaryShards,
    ...shardsJson(each),
    shards: withShards ? Object.fromEntries(each.shards.map((shard) => [String(shard.shardId), shardJson(shard)])) : undefined,
  };
}

function shardJson(shard: ClusterIndexHealth['shards'][number]): JsonObject {
  return { status: shard.status.toLowerCase(), primary_active: shard.primaryActive, ...shardsJson(shard) };
}

function awarenessJson(attributes: NonNullable<ClusterHealthResponse['awarenessHealth']>): JsonObject {
  const entries = attributes.map(({ attribute, values }) => [
    attribute,
    Object.fromEntries(
      values.map((value) => [value.name, { ...shardsJson(value), data_nodes: value.nodes, weight: value.weight } satisfies JsonObject]),
    ),
  ]);
  return Object.fromEntries(entries);
}
