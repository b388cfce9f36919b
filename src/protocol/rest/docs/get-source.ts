import { get } from '../../action/docs/get.ts';
import { StatusError } from '../../error/status-error.ts';
import { errorResponse } from '../error-json.ts';
import { defineRestAction } from '../rest-action.ts';
import { sourceJson } from '../source-json.ts';
import { getRequestFrom } from './get-request.ts';

/** `GET /{index}/_source/{id}`: the document alone; status 404 when it, or its source, is not there. */
export const restGetSource = defineRestAction({
  action: get,
  routes: [
    { method: 'GET', path: '/{index}/_source/{id}' },
    { method: 'HEAD', path: '/{index}/_source/{id}' },
  ],
  toRequest: (request) => {
    const made = getRequestFrom(request);
    if (made.fetchSource?.fetch === false) {
      throw new StatusError(400, 'action_request_validation_exception', 'Validation Failed: 1: fetching source can not be disabled;');
    }
    return made;
  },
  toResponse: ({ index, id, exists, source }) => {
    if (source !== null) return { status: 200, body: sourceJson(source) };
    return errorResponse(
      new StatusError(404, 'resource_not_found_exception', `${exists ? 'Source' : 'Document'} not found [${index}]/[${id}]`),
    );
  },
});
