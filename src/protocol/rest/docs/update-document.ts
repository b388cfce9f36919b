import { updateDocument } from '../../action/docs/update-document.ts';
import { jsonText } from '../body.ts';
import { fetchSourceParameters } from '../fetch-source.ts';
import { query } from '../parameters.ts';
import { flag, int } from '../parameter-types.ts';
import { defineRestAction } from '../rest-action.ts';
import { conditionParameters, documentParameters, ingestParameters, writeParameters } from '../shared-parameters.ts';
import { updateBodyFrom } from './update-body.ts';
import { locationOf, writeJson, writeStatus } from '../write-json.ts';

/** `POST /{index}/_update/{id}` */
export const restUpdate = defineRestAction({
  action: updateDocument,
  routes: ['POST /{index}/_update/{id}'],
  parameters: {
    ...documentParameters,
    ...writeParameters,
    ...conditionParameters,
    retry_on_conflict: query(int, 'retryOnConflict', 'How often to try again when the document changed in between', '0'),
    doc_as_upsert: query(flag, 'docAsUpsert', 'Write `doc` as the document if none exists', 'false'),
    require_alias: ingestParameters.require_alias,
    ...fetchSourceParameters,
  },
  body: 'A JSON object with `doc` or `script`, and `upsert`, `doc_as_upsert`, `scripted_upsert`, `detect_noop`, `_source`, `if_seq_no`, `if_primary_term`',
  // What both say, the body decides.
  request: (values, request) => ({ ...values, ...updateBodyFrom(jsonText(request)) }),
  response: { status: writeStatus, headers: locationOf, body: writeJson },
});
