import type { Codec } from '../../codec/codec.ts';
import { defineAction } from '../define-action.ts';
import { type DocWriteResponse, type DocWriteResponseInit, docWriteResponse } from '../shared/doc-write.ts';
import { deleteRequest } from './delete-request.ts';

/** The answer to a deletion; `result` is `DELETED`, or `NOT_FOUND` if there was no such document. */
export interface DeleteResponse extends DocWriteResponse {}

/** A {@link DeleteResponse} to send. */
export interface DeleteResponseInit extends DocWriteResponseInit {}

const response: Codec<DeleteResponse, DeleteResponseInit> = docWriteResponse;

/**
 * `indices:data/write/delete`. If there is no such document, the answer has `result: 'NOT_FOUND'`; it is not an error.
 *
 * @example await client.call(docs.delete, { index: 'notes', id: '1' })
 * @see wire-format.md §11.7
 */
export const deleteDocument = defineAction({
  name: 'indices:data/write/delete',
  request: deleteRequest,
  response,
  summary: 'Deletes a document by id',
});
