import { type DocWriteResponse, docWriteResponse } from '../action/shared/doc-write.ts';
import type { GetResult } from '../action/shared/get-result.ts';
import { copyFailure, shardInfo } from '../action/shared/shard-info.ts';
import { httpCodeOf } from '../codec/rest-status.ts';
import { bodyOf } from './body-of.ts';
import type { JsonObject } from './json.ts';
import { embeddedJson } from './get-result-json.ts';

/** The answer to a write. Only the answer to an update has `getResult`. */
export type WriteResponse = DocWriteResponse & { readonly getResult?: GetResult | null };

const failureBody = bodyOf(copyFailure, {
  shardId: ({ index, shard }) => ({ _index: index, _shard: shard }),
  nodeId: (node) => ({ _node: node }),
  cause: 'reason',
  status: (status) => ({ status }),
});

const shardsBody = bodyOf(shardInfo, {
  failures: (failures) => ({
    failed: failures.length,
    failures: failures.length === 0 ? undefined : failures.map((failure) => failureBody(failure)),
  }),
});

const body = bodyOf(
  docWriteResponse,
  {
    shardId: ({ index }) => ({ _index: index }),
    id: '_id',
    version: '_version',
    forcedRefresh: (forced) => ({ forced_refresh: forced ? true : undefined }),
    shardInfo: (info) => ({ _shards: shardsBody(info) }),
    seqNo: (seqNo) => (seqNo >= 0 ? { _seq_no: seqNo } : {}),
    primaryTerm: (term, { seqNo }) => (seqNo >= 0 ? { _primary_term: term } : {}),
  },
  ['shardId', 'id', 'version', 'result', 'forcedRefresh', 'shardInfo'],
);

/** Returns the answer to a write as REST shows it. @see `DocWriteResponse.innerToXContent` of OpenSearch */
export function writeJson(response: WriteResponse): JsonObject {
  return { ...body(response), get: response.getResult ? embeddedJson(response.getResult) : undefined };
}

/** The HTTP status of a write: 201 for a new document, else the highest status of failed primaries, else 200. */
export function writeStatus({ result, shardInfo: { failures } }: WriteResponse): number {
  if (result === 'CREATED') return 201;
  return failures.reduce((status, failure) => (failure.primary ? Math.max(status, httpCodeOf(failure.status)) : status), 200);
}

/** The HTTP status of a deletion: as of a write, and 404 when the document did not exist. */
export function deleteStatus(response: WriteResponse): number {
  return response.result === 'DELETED' ? writeStatus(response) : 404;
}

/** Returns the `Location` header of a new document, or no header. */
export function locationOf(
  { result, shardId, id }: WriteResponse,
  { values: { routing } }: { readonly values: { readonly routing: string | undefined } },
): Readonly<Record<string, string>> {
  if (result !== 'CREATED') return {};
  const path = `/${formEncoded(shardId.index)}/_doc/${formEncoded(id)}`;
  return { Location: routing === undefined ? path : `${path}?routing=${formEncoded(routing)}` };
}

/** As Java's `URLEncoder` writes it: a space is a plus sign, in paths too. */
function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}
