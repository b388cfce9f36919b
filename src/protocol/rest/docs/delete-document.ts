import { deleteDocument } from '../../action/docs/delete-document.ts';
import { defineRestAction } from '../rest-action.ts';
import { versionFrom, writeRequestFrom } from './write-request.ts';
import { writeJson, writeStatus } from './write-json.ts';

/** `DELETE /{index}/_doc/{id}`; status 404 when the document was not there. */
export const restDelete = defineRestAction({
  action: deleteDocument,
  routes: [{ method: 'DELETE', path: '/{index}/_doc/{id}' }],
  toRequest: (request) => ({ ...writeRequestFrom(request), ...versionFrom(request), id: request.params['id'] ?? '' }),
  toResponse: (response) => ({ status: writeStatus(response, true), body: writeJson(response) }),
});
