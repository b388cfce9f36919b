import { updateDocument } from '../../action/docs/update-document.ts';
import { jsonText } from '../body.ts';
import { fetchSourceFrom } from '../common-parameters.ts';
import { defineRestAction } from '../rest-action.ts';
import { updateBodyFrom } from './update-body.ts';
import { writeRequestFrom } from './write-request.ts';
import { locationOf, writeJson, writeStatus } from './write-json.ts';

/** `POST /{index}/_update/{id}` */
export const restUpdate = defineRestAction({
  action: updateDocument,
  routes: [{ method: 'POST', path: '/{index}/_update/{id}' }],
  toRequest: (request) => {
    const { query, params } = request;
    const { ifSeqNo, ifPrimaryTerm, ...write } = writeRequestFrom(request);
    const body = updateBodyFrom(jsonText(request));
    const pick = <T>(first: T | undefined, second: T | undefined) => first ?? second;
    return {
      ...write,
      ...body,
      id: params['id'] ?? '',
      retryOnConflict: query.int('retry_on_conflict'),
      docAsUpsert: pick(query.flag('doc_as_upsert'), body.docAsUpsert),
      requireAlias: query.flag('require_alias'),
      fetchSource: pick(body.fetchSource ?? undefined, fetchSourceFrom(query)),
      ifSeqNo: pick(ifSeqNo, body.ifSeqNo),
      ifPrimaryTerm: pick(ifPrimaryTerm, body.ifPrimaryTerm),
    };
  },
  toResponse: (response, { query }) => {
    const status = writeStatus(response, false);
    const headers = status === 201 ? { Location: locationOf(response, query.text('routing')) } : {};
    return { status, headers, body: writeJson(response) };
  },
});
