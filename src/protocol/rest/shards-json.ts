import { broadcastResponse, type ShardOperationFailure, shardFailure } from '../action/shared/broadcast.ts';
import { httpCodeOf } from '../codec/rest-status.ts';
import { bodyOf } from './body-of.ts';

const failureBody = bodyOf(
  shardFailure,
  { shardId: 'shard', index: (index) => ({ index }), cause: 'reason', status: (status) => ({ status }) },
  ['shardId', 'index', 'status'],
);

const shardsBody = bodyOf(broadcastResponse, {
  totalShards: 'total',
  successfulShards: 'successful',
  failedShards: 'failed',
  shardFailures: (failures) => (failures.length === 0 ? {} : { failures: grouped(failures).map((failure) => failureBody(failure)) }),
});

/** The answer to a request that went to many shards; with failures it has the status of the first one. */
export const broadcastAnswer = {
  status: ({ shardFailures: [first] }: { readonly shardFailures: readonly ShardOperationFailure[] }) =>
    first === undefined ? 200 : httpCodeOf(first.status),
  body: (response: Parameters<typeof shardsBody>[0]) => ({ _shards: shardsBody(response) }),
};

/** Failures of one index for one reason show once. @see `ExceptionsHelper.groupBy` of OpenSearch */
function grouped(failures: readonly ShardOperationFailure[]): ShardOperationFailure[] {
  const groups = new Map<string, ShardOperationFailure>();
  for (const failure of failures) {
    const key = JSON.stringify([failure.index, failure.cause.class, failure.cause.message]);
    if (!groups.has(key)) groups.set(key, failure);
  }
  return [...groups.values()];
}
