import { byteEnumeration, enumeration, list, optional, since, struct, withDefault } from '../../codec/combinators.ts';
import { type IndicesOptions, indicesOptions, lenientExpandHidden } from '../../codec/indices-options.ts';
import { boolean, string } from '../../codec/primitives.ts';
import { seconds, type TimeValue } from '../../codec/time-value.ts';
import { type InitOf, typed } from '../../codec/typed.ts';
import { V_2_17_0, V_2_5_0, V_2_6_0 } from '../../wire/version.ts';
import { type ActiveShardCount, activeShardCount } from '../shared/active-shard-count.ts';
import { type ClusterManagerReadRequest, type ClusterManagerTimes, clusterManagerReadRequest } from '../shared/cluster-manager-request.ts';
import { type TimeInit, timeout } from '../shared/timeout.ts';

/** States of a cluster, an index or a shard. */
export const HEALTH_STATUSES = ['GREEN', 'YELLOW', 'RED'] as const satisfies readonly HealthStatus[];

/** Health of a cluster, an index or a shard: all copies active, all primaries active, or a primary missing. */
export type HealthStatus = 'GREEN' | 'YELLOW' | 'RED';

/** `u8` status. */
export const healthStatus = byteEnumeration('health status', HEALTH_STATUSES);

/** Levels of detail. */
export const HEALTH_LEVELS = ['CLUSTER', 'INDICES', 'SHARDS', 'AWARENESS_ATTRIBUTES'] as const satisfies readonly HealthLevel[];

/** How much detail of a cluster's health is asked for. */
export type HealthLevel = 'CLUSTER' | 'INDICES' | 'SHARDS' | 'AWARENESS_ATTRIBUTES';

/** Priorities of tasks of the cluster manager, most urgent first. */
export const PRIORITIES = ['IMMEDIATE', 'URGENT', 'HIGH', 'NORMAL', 'LOW', 'LANGUID'] as const satisfies readonly Priority[];

/** Priority of a task of the cluster manager. */
export type Priority = 'IMMEDIATE' | 'URGENT' | 'HIGH' | 'NORMAL' | 'LOW' | 'LANGUID';

/** Asks for the health of the cluster, and may wait for it. If the wait times out, the node answers with `timedOut: true`. */
export interface ClusterHealthRequest extends ClusterManagerReadRequest {
  /** Names of the indices to report on; patterns are allowed. Default: empty, which means all. */
  readonly indices: string[];
  /** How long the node waits for the conditions below. Default: 30 s. */
  readonly timeout: TimeValue;
  /** Waits for this status or a better one. Default: null, no wait. */
  readonly waitForStatus: HealthStatus | null;
  /** Waits until no shard is being moved. Default: false. */
  readonly waitForNoRelocatingShards: boolean;
  /** Waits for this many active shards in all, or for `ALL`. Default: 0, no wait. */
  readonly waitForActiveShards: ActiveShardCount;
  /** Waits for a number of nodes: `3`, `>=3`, `<=3`, `>3` or `<3`. Default: the empty string, no wait. */
  readonly waitForNodes: string;
  /** Waits until the cluster manager has done all tasks of this priority and more urgent ones. Default: null, no wait. */
  readonly waitForEvents: Priority | null;
  /** Waits until no shard is being initialized. Default: false. */
  readonly waitForNoInitializingShards: boolean;
  /** How the names of indices are resolved. Default: missing ones are ignored, patterns expand to open, closed and hidden indices. */
  readonly indicesOptions: IndicesOptions;
  /** The awareness attribute to report on with `level: 'AWARENESS_ATTRIBUTES'`. Default: null, all of them. Since 2.5.0. */
  readonly awarenessAttribute: string | null;
  /** How much detail the answer has. Nodes send all indices and shards anyway unless `applyLevelAtTransportLayer` is set. Default: `CLUSTER`. Since 2.5.0. */
  readonly level: HealthLevel;
  /** Fails if the called node is weighed away, as `GET /_cluster/health?ensure_node_weighed_in`. Default: false. Since 2.6.0. */
  readonly ensureNodeWeighedIn: boolean;
  /** Makes the node leave out what is below `level`. Default: false. Since 2.17.0. */
  readonly applyLevelAtTransportLayer: boolean;
}

/** A {@link ClusterHealthRequest} to send. */
export interface ClusterHealthRequestInit
  extends InitOf<ClusterHealthRequest, never, Pick<ClusterManagerTimes, 'clusterManagerTimeout'> & { readonly timeout: TimeInit }> {}

/**
 * Cluster-manager read request, `list str` indices, TimeValue, `opt u8` status, `bool` no relocating shards, `i32` active shards, `str` nodes,
 * `opt u8` priority, `bool` no initializing shards, IndicesOptions; from 2.5.0 `opt str` awareness attribute, `enum` level; from 2.6.0 `bool`
 * ensure node weighed in; from 2.17.0 `bool` apply level at the transport layer.
 *
 * @see wire-format.md §11.4
 */
export const healthRequest = typed<ClusterHealthRequest, ClusterHealthRequestInit>()(
  struct(
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
  ),
);
