import { list, optional, struct, withDefault } from '../../codec/combinators.ts';
import { wholeException } from '../../codec/exception/exception.ts';
import type { ExceptionInit, ExceptionValue } from '../../codec/exception/exception-value.ts';
import { boolean, string, vInt } from '../../codec/primitives.ts';
import { type RestStatus, restStatus } from '../../codec/rest-status.ts';
import { type ShardId, shardId } from '../../codec/shard-id.ts';
import { type InitOf, typed } from '../../codec/typed.ts';

/** A copy of a shard that could not be written. */
export interface ReplicationFailure {
  readonly shardId: ShardId;
  /** Id of the node that holds the copy; null when it is unknown. */
  readonly nodeId: string | null;
  readonly cause: ExceptionValue;
  /** The HTTP status that fits the cause. */
  readonly status: RestStatus;
  /** True for the primary, false for a replica. */
  readonly primary: boolean;
}

/** A {@link ReplicationFailure} to send. */
export interface ReplicationFailureInit
  extends InitOf<ReplicationFailure, 'shardId' | 'cause' | 'status' | 'primary', { readonly cause: ExceptionInit }> {}

/** On how many copies of its shard a write was made. */
export interface ShardInfo {
  /** Copies that should have been written, unassigned ones included. */
  readonly total: number;
  readonly successful: number;
  readonly failures: ReplicationFailure[];
}

/** A {@link ShardInfo} to send. */
export interface ShardInfoInit
  extends InitOf<ShardInfo, 'total' | 'successful', { readonly failures: readonly ReplicationFailureInit[] }> {}

/** ShardId, `opt str` node, Exception, `str` REST status, `bool` primary. @see wire-format.md §11.6 */
export const copyFailure = typed<ReplicationFailure, ReplicationFailureInit>()(
  struct({ shardId, nodeId: optional(string), cause: wholeException, status: restStatus, primary: boolean }, 'ReplicationFailure'),
);

/** `vInt` total, `vInt` successful, `list` of failures. @see wire-format.md §11.6 */
export const shardInfo = typed<ShardInfo, ShardInfoInit>()(
  struct({ total: vInt, successful: vInt, failures: withDefault(list(copyFailure), []) }, 'ShardInfo'),
);
