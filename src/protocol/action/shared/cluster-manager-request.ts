import { withDefault } from '../../codec/combinators.ts';
import { boolean } from '../../codec/primitives.ts';
import { seconds } from '../../codec/time-value.ts';
import { timeout } from './timeout.ts';

/** What requests to the cluster manager begin with: how long to wait for one. @default 30 s. @see wire-format.md §11.1 */
const clusterManagerRequest = { clusterManagerTimeout: withDefault(timeout, seconds(30)) };

/** The same for reads: TimeValue, then `bool` answer from the local state of the node that was asked. */
export const clusterManagerReadRequest = { ...clusterManagerRequest, local: withDefault(boolean, false) };

/** The same for changes: TimeValue, then TimeValue how long to wait for the nodes to acknowledge. @default 30 s each */
export const acknowledgedRequest = { ...clusterManagerRequest, ackTimeout: withDefault(timeout, seconds(30)) };
