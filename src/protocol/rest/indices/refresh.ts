import { refresh } from '../../action/indices/refresh.ts';
import { broadcastResponse, shardFailure } from '../../action/shared/broadcast.ts';
import type { OutOf } from '../../codec/codec.ts';
import { strictExpandOpenAndForbidClosed } from '../../codec/indices-options.ts';
import { httpCodeOf } from '../../codec/rest-status.ts';
import { bodyOf } from '../body-of.ts';
import { indicesOptionsParameters } from '../indices-options.ts';
import { defineRestAction } from '../rest-action.ts';
import { indicesParameter } from '../shared-parameters.ts';

type Failure = OutOf<typeof shardFailure>;

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

/** `GET` or `POST /_refresh`; with failures the status of the first one. */
export const restRefresh = defineRestAction({
  action: refresh,
  routes: ['GET /_refresh', 'POST /_refresh', 'GET /{index}/_refresh', 'POST /{index}/_refresh'],
  parameters: { ...indicesParameter, ...indicesOptionsParameters(strictExpandOpenAndForbidClosed) },
  response: {
    status: ({ shardFailures: [first] }) => (first === undefined ? 200 : httpCodeOf(first.status)),
    body: (response) => ({ _shards: shardsBody(response) }),
  },
});

/** Failures of one index for one reason show once. @see `ExceptionsHelper.groupBy` of OpenSearch */
function grouped(failures: readonly Failure[]): Failure[] {
  const groups = new Map<string, Failure>();
  for (const failure of failures) {
    const key = JSON.stringify([failure.index, failure.cause.class, failure.cause.message]);
    if (!groups.has(key)) groups.set(key, failure);
  }
  return [...groups.values()];
}
