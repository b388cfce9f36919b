import type { OutOf } from '../../codec/codec.ts';
import { list, optional, since, struct, withDefault } from '../../codec/combinators.ts';
import { boolean, double, int, string, vInt } from '../../codec/primitives.ts';
import { milliseconds } from '../../codec/time-value.ts';
import { V_2_5_0 } from '../../wire/version.ts';
import { timeout } from '../shared/timeout.ts';
import { healthStatus } from './health-request.ts';

/** How many shards are in each state. */
const shardCounts = { activeShards: vInt, relocatingShards: vInt, initializingShards: vInt, unassignedShards: vInt };

const shardHealth = struct({ shardId: vInt, status: healthStatus, ...shardCounts, primaryActive: boolean }, 'ClusterShardHealth');

const indexHealth = struct(
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
);

/** Unassigned shards are −1 where they cannot be told for one value. */
const attributeValueHealth = struct(
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
);

/**
 * `list` of { `str` attribute, `list` of { `str` value, `vInt` active, initialising, relocating and unassigned shards, `vInt` nodes,
 * `f64` weight } }.
 *
 * @see `ClusterAwarenessHealth` of OpenSearch
 */
const awarenessHealth = list(struct({ attribute: string, values: list(attributeValueHealth) }, 'ClusterAwarenessAttributesHealth'));

/**
 * `str` cluster name, `u8` status; `vInt` active primary, active, relocating, initialising, unassigned shards, `vInt` nodes, data nodes,
 * `bool` has a cluster manager, `u8` status of the state, `list` of index healths, `f64` percent active; `i32` pending tasks, `bool` timed out,
 * `i32` fetches in flight, `i32` delayed shards, TimeValue longest wait; from 2.5.0 `opt` awareness health.
 *
 * @see wire-format.md §11.4
 */
export const healthResponse = struct(
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
);

/** Health of a cluster. */
export type HealthResponse = OutOf<typeof healthResponse>;

/** Health of one index. */
export type IndexHealth = OutOf<typeof indexHealth>;
