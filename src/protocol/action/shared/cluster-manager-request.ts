import { withDefault } from '../../codec/combinators.ts';
import { boolean } from '../../codec/primitives.ts';
import { seconds, type TimeValue } from '../../codec/time-value.ts';
import { type TimeInit, timeout } from './timeout.ts';

/** What requests to the cluster manager begin with. */
export interface ClusterManagerRequest {
  /** How long the node waits for an elected cluster manager. Default: 30 s. */
  readonly clusterManagerTimeout: TimeValue;
}

/** What reads through the cluster manager begin with. */
export interface ClusterManagerReadRequest extends ClusterManagerRequest {
  /** True to answer from the state that the called node holds, without asking the cluster manager. Default: false. */
  readonly local: boolean;
}

/** What changes through the cluster manager begin with. */
export interface AcknowledgedRequest extends ClusterManagerRequest {
  /** How long the cluster manager waits for the other nodes to acknowledge the change. Default: 30 s. */
  readonly ackTimeout: TimeValue;
}

/** Fields of requests to the cluster manager that may be given as text. */
export interface ClusterManagerTimes {
  readonly clusterManagerTimeout: TimeInit;
  readonly ackTimeout: TimeInit;
}

/** TimeValue. @see wire-format.md §11.1 */
const clusterManagerRequest = { clusterManagerTimeout: withDefault(timeout, seconds(30)) };

/** TimeValue, then `bool` local. */
export const clusterManagerReadRequest = { ...clusterManagerRequest, local: withDefault(boolean, false) };

/** TimeValue, then TimeValue for the acknowledgements. */
export const acknowledgedRequest = { ...clusterManagerRequest, ackTimeout: withDefault(timeout, seconds(30)) };
