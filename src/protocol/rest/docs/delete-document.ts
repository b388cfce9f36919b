import { deleteDocument } from '../../action/docs/delete-document.ts';
import { defineRestAction } from '../rest-action.ts';
import { conditionParameters, documentParameters, versionParameters, writeParameters } from '../shared-parameters.ts';
import { deleteStatus, writeJson } from '../write-json.ts';

/** `DELETE /{index}/_doc/{id}`; status 404 when the document does not exist. */
export const restDelete = defineRestAction({
  action: deleteDocument,
  routes: ['DELETE /{index}/_doc/{id}'],
  parameters: { ...documentParameters, ...writeParameters, ...conditionParameters, ...versionParameters },
  response: { status: deleteStatus, body: writeJson },
});
