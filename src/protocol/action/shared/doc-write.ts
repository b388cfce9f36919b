import type { OutOf } from '../../codec/codec.ts';
import { byteEnumeration, optional, struct, withDefault } from '../../codec/combinators.ts';
import { anyVLong, anyZLong, boolean, string } from '../../codec/primitives.ts';
import { shardId } from '../../codec/shard-id.ts';
import { minutes } from '../../codec/time-value.ts';
import { activeShardCount } from './active-shard-count.ts';
import { refreshPolicy } from './refresh-policy.ts';
import { shardInfo } from './shard-info.ts';
import { timeout } from './timeout.ts';

/** What a write does with a document. */
export const OP_TYPES = ['INDEX', 'CREATE', 'UPDATE', 'DELETE'] as const;

/** One of {@link OP_TYPES}. */
export type OpType = (typeof OP_TYPES)[number];

/** How long a write waits for its shards. */
export const WRITE_TIMEOUT = minutes(1);

/**
 * What index and delete requests begin with, after the parent task: `opt` ShardId, `i32` active shards, TimeValue, `str` index, `vLong` cluster
 * version it was routed with, `u8` refresh policy.
 *
 * @see wire-format.md §11.6
 */
export const replicatedWrite = {
  /** Nodes fill it in; clients leave it out. */
  shardId: optional(shardId),
  waitForActiveShards: withDefault(activeShardCount, 'DEFAULT'),
  timeout: withDefault(timeout, WRITE_TIMEOUT),
  index: string,
  routedBasedOnClusterVersion: withDefault(anyVLong, 0),
  refresh: refreshPolicy,
};

/** What became of a document. */
const WRITE_RESULTS = ['CREATED', 'UPDATED', 'DELETED', 'NOT_FOUND', 'NOOP'] as const;

/** Fields of {@link docWriteResponse}, for those who add some. */
export const docWriteResponseFields = {
  shardInfo,
  shardId,
  id: string,
  version: anyZLong,
  seqNo: anyZLong,
  primaryTerm: anyVLong,
  forcedRefresh: withDefault(boolean, false),
  result: byteEnumeration('result', WRITE_RESULTS),
};

/**
 * ShardInfo, ShardId, `str` id, `zLong` version, `zLong` seqNo, `vLong` primary term, `bool` forced refresh, `u8` result.
 *
 * @see wire-format.md §11.6
 */
export const docWriteResponse = struct(docWriteResponseFields, 'DocWriteResponse');

/** What index and delete answer. */
export type DocWriteResponse = OutOf<typeof docWriteResponse>;
