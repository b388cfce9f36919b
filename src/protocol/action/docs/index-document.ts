import type { Codec } from '../../codec/codec.ts';
import { defineAction } from '../define-action.ts';
import { type DocWriteResponse, type DocWriteResponseInit, docWriteResponse } from '../shared/doc-write.ts';
import { indexRequest } from './index-request.ts';

/** The answer to an index request; `result` is `CREATED` or `UPDATED`. */
export interface IndexResponse extends DocWriteResponse {}

/** An {@link IndexResponse} to send. */
export interface IndexResponseInit extends DocWriteResponseInit {}

const response: Codec<IndexResponse, IndexResponseInit> = docWriteResponse;

/**
 * `indices:data/write/index`: writes a document, or only creates it with `opType: 'CREATE'`. The source may be bytes, JSON text or a plain object.
 *
 * @example await client.call(docs.index, { index: 'notes', id: '1', source: { text: 'hi' } })
 * @see wire-format.md §11.6
 */
export const indexDocument = defineAction({
  name: 'indices:data/write/index',
  request: indexRequest,
  response,
  summary: 'Writes a document',
});
