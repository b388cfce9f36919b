import { optional, struct } from '../../codec/combinators.ts';
import { defineAction } from '../define-action.ts';
import type { InitOf } from '../../codec/typed.ts';
import { typed } from '../../codec/typed.ts';
import { type DocWriteResponse, docWriteResponseFields } from '../shared/doc-write.ts';
import { type GetResult, type GetResultInit, getResult } from '../shared/get-result.ts';
import type { ShardInfoInit } from '../shared/shard-info.ts';
import { updateRequest } from './update-request.ts';

/** The answer to an update; `result` is `UPDATED`, `CREATED`, `DELETED` or `NOOP`. */
export interface UpdateResponse extends DocWriteResponse {
  /** The document after the update; null unless `fetchSource` of the request asked for it. */
  readonly getResult: GetResult | null;
}

/** An {@link UpdateResponse} to send. */
export interface UpdateResponseInit
  extends InitOf<
    UpdateResponse,
    'shardInfo' | 'shardId' | 'id' | 'version' | 'seqNo' | 'primaryTerm' | 'result',
    { readonly shardInfo: ShardInfoInit; readonly getResult: GetResultInit | null }
  > {}

/** The fields of DocWriteResponse, then `opt` GetResult. @see wire-format.md §11.7 */
export const updateResponse = typed<UpdateResponse, UpdateResponseInit>()(
  struct({ ...docWriteResponseFields, getResult: optional(getResult) }, 'UpdateResponse'),
);

/**
 * `indices:data/write/update`: changes a document by a partial document or a script.
 *
 * @example await client.call(docs.update, { index: 'notes', id: '1', doc: { source: { text: 'ho' } } })
 * @see wire-format.md §11.7
 */
export const updateDocument = defineAction({
  name: 'indices:data/write/update',
  request: updateRequest,
  response: updateResponse,
  summary: 'Changes a document by a partial document or a script',
});
