import { list, optional, struct, withDefault } from '../../codec/combinators.ts';
import { wholeException } from '../../codec/exception/exception.ts';
import type { ExceptionInit, ExceptionValue } from '../../codec/exception/exception-value.ts';
import { type IndicesOptions, indicesOptions, strictExpandOpenAndForbidClosed } from '../../codec/indices-options.ts';
import { string, vInt } from '../../codec/primitives.ts';
import { type RestStatus, restStatus } from '../../codec/rest-status.ts';
import { type InitOf, typed } from '../../codec/typed.ts';

/** A request that goes to all shards of the given indices. */
export interface BroadcastRequest {
  /** Names of indices, aliases and data streams; patterns are allowed. Default: empty, which means all. */
  readonly indices: string[];
  /** How the names are resolved. Default: a pattern may match nothing and expands to open indices; a closed index is an error. */
  readonly indicesOptions: IndicesOptions;
}

/** A {@link BroadcastRequest} to send. */
export interface BroadcastRequestInit extends InitOf<BroadcastRequest> {}

/** Why a request failed on one shard. */
export interface ShardOperationFailure {
  /** Name of the index; null when it is unknown. */
  readonly index: string | null;
  /** Number of the shard in its index. */
  readonly shardId: number;
  readonly cause: ExceptionValue;
  /** The HTTP status that fits the cause. */
  readonly status: RestStatus;
}

/** A {@link ShardOperationFailure} to send. */
export interface ShardOperationFailureInit
  extends InitOf<ShardOperationFailure, 'shardId' | 'cause' | 'status', { readonly cause: ExceptionInit }> {}

/** How a request fared on the shards it was sent to. */
export interface BroadcastResponse {
  readonly totalShards: number;
  readonly successfulShards: number;
  readonly failedShards: number;
  readonly shardFailures: ShardOperationFailure[];
}

/** A {@link BroadcastResponse} to send. */
export interface BroadcastResponseInit
  extends InitOf<
    BroadcastResponse,
    'totalShards' | 'successfulShards' | 'failedShards',
    { readonly shardFailures: readonly ShardOperationFailureInit[] }
  > {}

/** `list str` indices (none for all), IndicesOptions. @see wire-format.md §11.9 */
export const broadcastRequest = typed<BroadcastRequest, BroadcastRequestInit>()(
  struct(
    { indices: withDefault(list(string), []), indicesOptions: withDefault(indicesOptions, strictExpandOpenAndForbidClosed) },
    'BroadcastRequest',
  ),
);

/** `opt str` index, `vInt` shard, Exception, `str` REST status. */
export const shardFailure = typed<ShardOperationFailure, ShardOperationFailureInit>()(
  struct({ index: optional(string), shardId: vInt, cause: wholeException, status: restStatus }, 'DefaultShardOperationFailedException'),
);

/** `vInt` total, successful and failed shards, `list` of failures. @see wire-format.md §11.9 */
export const broadcastResponse = typed<BroadcastResponse, BroadcastResponseInit>()(
  struct(
    { totalShards: vInt, successfulShards: vInt, failedShards: vInt, shardFailures: withDefault(list(shardFailure), []) },
    'BroadcastResponse',
  ),
);
