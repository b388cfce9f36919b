import type { DocWriteResponse } from '../../action/shared/doc-write.ts';
import type { GetResult } from '../../action/shared/get-result.ts';
import type { ShardInfo } from '../../action/shared/shard-info.ts';
import { toRemoteCause } from '../../codec/exception/remote-cause.ts';
import { httpCodeOf } from '../../codec/rest-status.ts';
import { causeJson } from '../error-json.ts';
import type { JsonObject } from '../json.ts';
import { embeddedJson } from './get-result-json.ts';

/** What writes answer; `getResult` in the answer to an update only. */
export type WriteResponse = DocWriteResponse & { readonly getResult?: GetResult | null };

/**
 * A write as REST prints it.
 *
 * @see `DocWriteResponse.innerToXContent` of OpenSearch
 */
export function writeJson(response: WriteResponse): JsonObject {
  const { shardId, id, version, result, forcedRefresh, shardInfo, seqNo, primaryTerm, getResult } = response;
  const isNumbered = seqNo >= 0;
  return {
    _index: shardId.index,
    _id: id,
    _version: version,
    result: result.toLowerCase(),
    forced_refresh: forcedRefresh ? true : undefined,
    _shards: shardInfoJson(shardInfo),
    _seq_no: isNumbered ? seqNo : undefined,
    _primary_term: isNumbered ? primaryTerm : undefined,
    get: getResult ? embeddedJson(getResult) : undefined,
  };
}

function shardInfoJson({ total, successful, failures }: ShardInfo): JsonObject {
  const shown = failures.map(
    (failure): JsonObject => ({
      _index: failure.shardId.index,
      _shard: failure.shardId.shard,
      _node: failure.nodeId,
      reason: causeJson(toRemoteCause(failure.cause)),
      status: failure.status,
      primary: failure.primary,
    }),
  );
  return { total, successful, failed: failures.length, failures: shown.length === 0 ? undefined : shown };
}

/**
 * The HTTP status of a write: 201 for a new document, else the highest of failed primaries, else 200. What was to be deleted and is not there is
 * 404.
 *
 * @param isDelete true for the answer to a deletion
 */
export function writeStatus({ result, shardInfo }: WriteResponse, isDelete: boolean): number {
  if (isDelete && result !== 'DELETED') return 404;
  if (!isDelete && result === 'CREATED') return 201;
  return shardInfo.failures.reduce((status, failure) => (failure.primary ? Math.max(status, httpCodeOf(failure.status)) : status), 200);
}

/** Where a new document is, as `Location` says it. */
export function locationOf({ shardId, id }: WriteResponse, routing: string | undefined): string {
  const path = `/${formEncoded(shardId.index)}/_doc/${formEncoded(id)}`;
  return routing === undefined ? path : `${path}?routing=${formEncoded(routing)}`;
}

/** As Java's `URLEncoder` writes it: a space is a plus sign, in paths too. */
function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}
