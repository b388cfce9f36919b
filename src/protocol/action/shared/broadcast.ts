import type { OutOf } from '../../codec/codec.ts';
import { list, optional, struct, withDefault } from '../../codec/combinators.ts';
import { wholeException } from '../../codec/exception/exception.ts';
import { indicesOptions, strictExpandOpenAndForbidClosed } from '../../codec/indices-options.ts';
import { string, vInt } from '../../codec/primitives.ts';
import { restStatus } from '../../codec/rest-status.ts';

/** `list str` indices (none for all), IndicesOptions. @see wire-format.md §11.9 */
export const broadcastRequest = struct(
  { indices: withDefault(list(string), []), indicesOptions: withDefault(indicesOptions, strictExpandOpenAndForbidClosed) },
  'BroadcastRequest',
);

/** `opt str` index, `vInt` shard, Exception, `str` REST status. */
const shardFailure = struct(
  { index: optional(string), shardId: vInt, cause: wholeException, status: restStatus },
  'DefaultShardOperationFailedException',
);

/** `vInt` total, successful and failed shards, `list` of failures. @see wire-format.md §11.9 */
export const broadcastResponse = struct(
  { totalShards: vInt, successfulShards: vInt, failedShards: vInt, shardFailures: withDefault(list(shardFailure), []) },
  'BroadcastResponse',
);

/** How a request fared on the shards it was sent to. */
export type BroadcastResponse = OutOf<typeof broadcastResponse>;
