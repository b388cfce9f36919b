import { refresh } from '../../action/indices/refresh.ts';
import type { BroadcastResponse } from '../../action/shared/broadcast.ts';
import { toRemoteCause } from '../../codec/exception/remote-cause.ts';
import { strictExpandOpenAndForbidClosed } from '../../codec/indices-options.ts';
import { httpCodeOf } from '../../codec/rest-status.ts';
import { causeJson } from '../error-json.ts';
import { indicesOptionsFrom } from '../indices-options.ts';
import type { JsonObject } from '../json.ts';
import { splitCommas } from '../query-parameters.ts';
import { defineRestAction } from '../rest-action.ts';

/** `GET` or `POST /_refresh` and `/{index}/_refresh`; with failures the status of the first one. */
export const restRefresh = defineRestAction({
  action: refresh,
  routes: [
    { method: 'GET', path: '/_refresh' },
    { method: 'POST', path: '/_refresh' },
    { method: 'GET', path: '/{index}/_refresh' },
    { method: 'POST', path: '/{index}/_refresh' },
  ],
  toRequest: ({ params, query }) => ({
    indices: splitCommas(params['index'] ?? ''),
    indicesOptions: indicesOptionsFrom(query, strictExpandOpenAndForbidClosed),
  }),
  toResponse: (response) => {
    const first = response.shardFailures[0];
    return { status: first === undefined ? 200 : httpCodeOf(first.status), body: { _shards: shardsJson(response) } };
  },
});

type Failure = BroadcastResponse['shardFailures'][number];

function shardsJson({ totalShards, successfulShards, failedShards, shardFailures }: BroadcastResponse): JsonObject {
  const failures = shardFailures.length === 0 ? undefined : grouped(shardFailures).map(failureJson);
  return { total: totalShards, successful: successfulShards, failed: failedShards, failures };
}

/** Failures of one index for one reason show once. @see `ExceptionsHelper.groupBy` of OpenSearch */
function grouped(failures: readonly Failure[]): Failure[] {
  const groups = new Map<string, Failure>();
  for (const failure of failures) {
    const key = JSON.stringify([failure.index, failure.cause.class, failure.cause.message]);
    if (!groups.has(key)) groups.set(key, failure);
  }
  return [...groups.values()];
}

function failureJson({ shardId, index, status, cause }: Failure): JsonObject {
  return { shard: shardId, index, status, reason: causeJson(toRemoteCause(cause)) };
}
