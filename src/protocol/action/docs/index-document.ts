import { defineAction } from '../define-action.ts';
import { docWriteResponse } from '../shared/doc-write.ts';
import { indexRequest } from './index-request.ts';

/**
 * `indices:data/write/index`: writes a document, or only creates it with `opType: 'CREATE'`. The source may be bytes, JSON text or a plain object.
 *
 * @example await client.call(docs.index, { index: 'notes', id: '1', source: { text: 'hi' } })
 * @see wire-format.md §11.6
 */
export const indexDocument = defineAction({
  name: 'indices:data/write/index',
  request: indexRequest,
  response: docWriteResponse,
  summary: 'Writes a document',
});
