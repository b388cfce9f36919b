import { byteEnumeration, optional, struct, withDefault } from '../../codec/combinators.ts';
import { anyVLong, anyZLong, boolean, string } from '../../codec/primitives.ts';
import { type ShardId, shardId } from '../../codec/shard-id.ts';
import { minutes, type TimeValue } from '../../codec/time-value.ts';
import { type InitOf, typed } from '../../codec/typed.ts';
import { type ActiveShardCount, activeShardCount } from './active-shard-count.ts';
import { type RefreshPolicy, refreshPolicy } from './refresh-policy.ts';
import { type ShardInfo, type ShardInfoInit, shardInfo } from './shard-info.ts';
import { type TimeInit, timeout } from './timeout.ts';

/** Operations of writes, by number. */
export const OP_TYPES = ['INDEX', 'CREATE', 'UPDATE', 'DELETE'] as const satisfies readonly OpType[];

/** What a write does with a document. */
export type OpType = 'INDEX' | 'CREATE' | 'UPDATE' | 'DELETE';

/** Default of how long a write waits for its shards. */
export const WRITE_TIMEOUT = minutes(1);

/** What index and delete requests begin with. */
export interface ReplicatedWriteRequest {
  /** Nodes fill it in; clients leave it out. Null: the node finds the shard by the id and the routing. */
  readonly shardId: ShardId | null;
  /** How many copies of the shard must be active before the write begins. Default: `DEFAULT`, which is the setting of the index. */
  readonly waitForActiveShards: ActiveShardCount;
  /** How long the node waits until the shard can be written. Default: 1 min. */
  readonly timeout: TimeValue;
  /** Name of the index, or of an alias or data stream with one write index. */
  readonly index: string;
  /** Version of the cluster state by which the request was routed. Nodes fill it in; clients leave it out. */
  readonly routedBasedOnClusterVersion: number | bigint;
  /** Whether the write becomes visible to searches before the answer. Default: `NONE`. */
  readonly refresh: RefreshPolicy;
}

/** Fields of writes that are given in another form than they are read. */
export interface WriteTimes {
  readonly timeout: TimeInit;
}

/**
 * What index and delete requests begin with, after the parent task: `opt` ShardId, `i32` active shards, TimeValue, `str` index, `vLong` cluster
 * version it was routed with, `u8` refresh policy.
 *
 * @see wire-format.md §11.6
 */
export const replicatedWrite = {
  shardId: optional(shardId),
  waitForActiveShards: withDefault(activeShardCount, 'DEFAULT'),
  timeout: withDefault(timeout, WRITE_TIMEOUT),
  index: string,
  routedBasedOnClusterVersion: withDefault(anyVLong, 0),
  refresh: refreshPolicy,
};

/** Results of writes, by number. */
const WRITE_RESULTS = ['CREATED', 'UPDATED', 'DELETED', 'NOT_FOUND', 'NOOP'] as const satisfies readonly WriteResult[];

/** What became of a document. `NOT_FOUND` answers the deletion of a document that does not exist, `NOOP` an update that changes nothing. */
export type WriteResult = 'CREATED' | 'UPDATED' | 'DELETED' | 'NOT_FOUND' | 'NOOP';

/** The answer to a write of one document. */
export interface DocWriteResponse {
  /** On how many copies of its shard the write was made. */
  readonly shardInfo: ShardInfo;
  /** The shard that holds the document; its `index` is the name of the concrete index. */
  readonly shardId: ShardId;
  /** Id of the document; made by the node if the request had none. */
  readonly id: string;
  /**
   * Counts the changes of the document, from 1. It is a 64-bit integer on the wire: a number up to 2⁵³, a bigint beyond, so that no digit is lost.
   * Only external versions get that far; to calculate with it, write `Number(version)`, or `BigInt(version)` where yours may be that large.
   */
  readonly version: number | bigint;
  /** Sequence number of this change in its shard: for `ifSeqNo`, which takes it as it is. A bigint beyond 2⁵³ only. */
  readonly seqNo: number | bigint;
  /** Counts how often another copy became the primary of the shard: for `ifPrimaryTerm`. A bigint beyond 2⁵³ only. */
  readonly primaryTerm: number | bigint;
  /** True if the write made the shard refresh. */
  readonly forcedRefresh: boolean;
  readonly result: WriteResult;
}

/** A {@link DocWriteResponse} to send. */
export interface DocWriteResponseInit
  extends InitOf<
    DocWriteResponse,
    'shardInfo' | 'shardId' | 'id' | 'version' | 'seqNo' | 'primaryTerm' | 'result',
    { readonly shardInfo: ShardInfoInit }
  > {}

/** Fields of {@link docWriteResponse}, which the answers to updates extend. */
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
export const docWriteResponse = typed<DocWriteResponse, DocWriteResponseInit>()(struct(docWriteResponseFields, 'DocWriteResponse'));
