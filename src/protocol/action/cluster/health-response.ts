import { list, optional, since, struct, withDefault } from '../../codec/combinators.ts';
import { boolean, double, int, string, vInt } from '../../codec/primitives.ts';
import { milliseconds, type TimeValue } from '../../codec/time-value.ts';
import { type InitOf, typed } from '../../codec/typed.ts';
import { V_2_5_0 } from '../../wire/version.ts';
import { type TimeInit, timeout } from '../shared/timeout.ts';
import { type HealthStatus, healthStatus } from './health-request.ts';

/** How many shards are in each state. */
export interface ShardCounts {
  /** Active shards, primaries and replicas. */
  readonly activeShards: number;
  /** Shards that are moving to another node. */
  readonly relocatingShards: number;
  readonly initializingShards: number;
  readonly unassignedShards: number;
}

/** Health of one shard with all its copies. */
export interface ClusterShardHealth extends ShardCounts {
  /** Number of the shard in its index. */
  readonly shardId: number;
  readonly status: HealthStatus;
  readonly primaryActive: boolean;
}

/** Health of one index. */
export interface ClusterIndexHealth extends ShardCounts {
  readonly index: string;
  /** Number of primary shards. */
  readonly numberOfShards: number;
  /** Number of replicas of each primary. */
  readonly numberOfReplicas: number;
  readonly activePrimaryShards: number;
  readonly status: HealthStatus;
  readonly shards: ClusterShardHealth[];
}

/** Health of the nodes with one value of an awareness attribute, a zone for example. */
export interface ClusterAwarenessAttributeValueHealth extends ShardCounts {
  /** The value of the attribute. */
  readonly name: string;
  /** −1 where it cannot be told for one value. */
  readonly unassignedShards: number;
  /** Number of data nodes with this value. */
  readonly nodes: number;
  /** Weight by which searches are routed to these nodes. */
  readonly weight: number;
}

/** Health by the values of one awareness attribute. */
export interface ClusterAwarenessAttributesHealth {
  /** Name of the attribute, for example `zone`. */
  readonly attribute: string;
  readonly values: ClusterAwarenessAttributeValueHealth[];
}

/** Health of the cluster. */
export interface ClusterHealthResponse extends ShardCounts {
  readonly clusterName: string;
  /** The worst status of the indices that were asked for. */
  readonly status: HealthStatus;
  readonly activePrimaryShards: number;
  readonly numberOfNodes: number;
  readonly numberOfDataNodes: number;
  readonly hasDiscoveredClusterManager: boolean;
  /** The status computed from the cluster state alone. */
  readonly stateStatus: HealthStatus;
  /** Empty if the request set `applyLevelAtTransportLayer` with the level `CLUSTER`. */
  readonly indices: ClusterIndexHealth[];
  /** Active shards among all shards, in percent. */
  readonly activeShardsPercent: number;
  /** Number of changes of the cluster state that wait for the cluster manager. */
  readonly numberOfPendingTasks: number;
  /** True if the conditions of the request were not met in its `timeout`. REST answers with status 408 then. */
  readonly timedOut: boolean;
  /** Number of shards whose data the cluster manager is looking for on the nodes. */
  readonly numberOfInFlightFetch: number;
  /** Number of unassigned shards whose allocation waits for their node to come back. */
  readonly delayedUnassignedShards: number;
  /** How long the oldest pending task has waited. */
  readonly taskMaxWaitingTime: TimeValue;
  /** Null unless the level was `AWARENESS_ATTRIBUTES`. Since 2.5.0. */
  readonly awarenessHealth: ClusterAwarenessAttributesHealth[] | null;
}

/** A {@link ClusterIndexHealth} to send. */
export interface ClusterIndexHealthInit extends InitOf<ClusterIndexHealth, Exclude<keyof ClusterIndexHealth, 'shards'>> {}

/** A {@link ClusterAwarenessAttributesHealth} to send. */
export interface ClusterAwarenessAttributesHealthInit extends InitOf<ClusterAwarenessAttributesHealth, 'attribute' | 'values'> {}

/** A {@link ClusterHealthResponse} to send. */
export interface ClusterHealthResponseInit
  extends InitOf<
    ClusterHealthResponse,
    | keyof ShardCounts
    | 'clusterName'
    | 'status'
    | 'activePrimaryShards'
    | 'numberOfNodes'
    | 'numberOfDataNodes'
    | 'hasDiscoveredClusterManager'
    | 'stateStatus'
    | 'activeShardsPercent',
    {
      readonly indices: readonly ClusterIndexHealthInit[];
      readonly taskMaxWaitingTime: TimeInit;
      readonly awarenessHealth: readonly ClusterAwarenessAttributesHealthInit[] | null;
    }
  > {}

/** `vInt` active, relocating, initializing and unassigned shards. */
const shardCounts = { activeShards: vInt, relocatingShards: vInt, initializingShards: vInt, unassignedShards: vInt };

/** Health of one shard. */
export const shardHealth = typed<ClusterShardHealth, ClusterShardHealth>()(
  struct({ shardId: vInt, status: healthStatus, ...shardCounts, primaryActive: boolean }, 'ClusterShardHealth'),
);

/** Health of one index. */
export const indexHealth = typed<ClusterIndexHealth, ClusterIndexHealthInit>()(
  struct(
    {
      index: string,
      numberOfShards: vInt,
      numberOfReplicas: vInt,
      activePrimaryShards: vInt,
      ...shardCounts,
      status: healthStatus,
      shards: withDefault(list(shardHealth), []),
    },
    'ClusterIndexHealth',
  ),
);

/** Health of the nodes with one value of an attribute. */
export const attributeValueHealth = typed<ClusterAwarenessAttributeValueHealth, ClusterAwarenessAttributeValueHealth>()(
  struct(
    {
      name: string,
      activeShards: vInt,
      initializingShards: vInt,
      relocatingShards: vInt,
      unassignedShards: vInt,
      nodes: vInt,
      weight: double,
    },
    'ClusterAwarenessAttributeValueHealth',
  ),
);

/**
 * `list` of { `str` attribute, `list` of { `str` value, `vInt` active, initializing, relocating and unassigned shards, `vInt` nodes,
 * `f64` weight } }.
 *
 * @see `ClusterAwarenessHealth` of OpenSearch
 */
const awarenessHealth = list(
  typed<ClusterAwarenessAttributesHealth, ClusterAwarenessAttributesHealthInit>()(
    struct({ attribute: string, values: list(attributeValueHealth) }, 'ClusterAwarenessAttributesHealth'),
  ),
);

/**
 * `str` cluster name, `u8` status; `vInt` active primary, active, relocating, initializing, unassigned shards, `vInt` nodes, data nodes,
 * `bool` has a cluster manager, `u8` status of the state, `list` of index healths, `f64` percent active; `i32` pending tasks, `bool` timed out,
 * `i32` fetches in flight, `i32` delayed shards, TimeValue longest wait; from 2.5.0 `opt` awareness health.
 *
 * @see wire-format.md §11.4
 */
export const healthResponse = typed<ClusterHealthResponse, ClusterHealthResponseInit>()(
  struct(
    {
      clusterName: string,
      status: healthStatus,
      activePrimaryShards: vInt,
      ...shardCounts,
      numberOfNodes: vInt,
      numberOfDataNodes: vInt,
      hasDiscoveredClusterManager: boolean,
      stateStatus: healthStatus,
      indices: withDefault(list(indexHealth), []),
      activeShardsPercent: double,
      numberOfPendingTasks: withDefault(int, 0),
      timedOut: withDefault(boolean, false),
      numberOfInFlightFetch: withDefault(int, 0),
      delayedUnassignedShards: withDefault(int, 0),
      taskMaxWaitingTime: withDefault(timeout, milliseconds(0)),
      awarenessHealth: since(V_2_5_0, optional(awarenessHealth), null),
    },
    'ClusterHealthResponse',
  ),
);
