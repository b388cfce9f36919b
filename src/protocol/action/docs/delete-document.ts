import { defineAction } from '../define-action.ts';
import { docWriteResponse } from '../shared/doc-write.ts';
import { deleteRequest } from './delete-request.ts';

/**
 * `indices:data/write/delete`. Deleting what is not there answers with `result: 'NOT_FOUND'`.
 *
 * @example await client.call(docs.delete, { index: 'notes', id: '1' })
 * @see wire-format.md §11.7
 */
export const deleteDocument = defineAction({
  name: 'indices:data/write/delete',
  request: deleteRequest,
  response: docWriteResponse,
  summary: 'Deletes a document by id',
});
