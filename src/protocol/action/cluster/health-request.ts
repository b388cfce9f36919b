import { byteEnumeration, enumeration, list, optional, since, struct, withDefault } from '../../codec/combinators.ts';
import { indicesOptions, lenientExpandHidden } from '../../codec/indices-options.ts';
import { boolean, string } from '../../codec/primitives.ts';
import { seconds } from '../../codec/time-value.ts';
import { V_2_17_0, V_2_5_0, V_2_6_0 } from '../../wire/version.ts';
import { activeShardCount } from '../shared/active-shard-count.ts';
import { clusterManagerReadRequest } from '../shared/cluster-manager-request.ts';
import { timeout } from '../shared/timeout.ts';

/** Colours of a cluster, an index or a shard. */
export const HEALTH_STATUSES = ['GREEN', 'YELLOW', 'RED'] as const;

/** One of {@link HEALTH_STATUSES}. */
export type HealthStatus = (typeof HEALTH_STATUSES)[number];

/** `u8` status. */
export const healthStatus = byteEnumeration('health status', HEALTH_STATUSES);

/** How much detail is asked for. */
export const HEALTH_LEVELS = ['CLUSTER', 'INDICES', 'SHARDS', 'AWARENESS_ATTRIBUTES'] as const;

/** One of {@link HEALTH_LEVELS}. */
export type HealthLevel = (typeof HEALTH_LEVELS)[number];

/** Priorities of the cluster manager's tasks, most urgent first. */
export const PRIORITIES = ['IMMEDIATE', 'URGENT', 'HIGH', 'NORMAL', 'LOW', 'LANGUID'] as const;

/** One of {@link PRIORITIES}. */
export type Priority = (typeof PRIORITIES)[number];

/**
 * Cluster-manager read request, `list str` indices, TimeValue, `opt u8` status, `bool` no relocating shards, `i32` active shards, `str` nodes,
 * `opt u8` priority, `bool` no initialising shards, IndicesOptions; from 2.5.0 `opt str` awareness attribute, `enum` level; from 2.6.0 `bool`
 * ensure node weighed in; from 2.17.0 `bool` apply level at the transport layer.
 *
 * @see wire-format.md §11.4
 */
export const healthRequest = struct(
  {
    ...clusterManagerReadRequest,
    indices: withDefault(list(string), []),
    timeout: withDefault(timeout, seconds(30)),
    waitForStatus: optional(healthStatus),
    waitForNoRelocatingShards: withDefault(boolean, false),
    waitForActiveShards: withDefault(activeShardCount, 0),
    waitForNodes: withDefault(string, ''),
    waitForEvents: optional(byteEnumeration('priority', PRIORITIES)),
    waitForNoInitializingShards: withDefault(boolean, false),
    indicesOptions: withDefault(indicesOptions, lenientExpandHidden),
    awarenessAttribute: since(V_2_5_0, optional(string), null),
    level: since(V_2_5_0, withDefault(enumeration('level', HEALTH_LEVELS), 'CLUSTER'), 'CLUSTER'),
    ensureNodeWeighedIn: since(V_2_6_0, withDefault(boolean, false), false),
    applyLevelAtTransportLayer: since(V_2_17_0, withDefault(boolean, false), false),
  },
  'ClusterHealthRequest',
);
