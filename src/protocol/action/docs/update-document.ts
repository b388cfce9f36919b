import { optional, struct } from '../../codec/combinators.ts';
import { defineAction } from '../define-action.ts';
import { docWriteResponseFields } from '../shared/doc-write.ts';
import { getResult } from '../shared/get-result.ts';
import { updateRequest } from './update-request.ts';

/** As other writes answer, then `opt` GetResult: the document as it is now, where it was asked for. @see wire-format.md §11.7 */
export const updateResponse = struct({ ...docWriteResponseFields, getResult: optional(getResult) }, 'UpdateResponse');

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
