import { get } from '../../action/docs/get.ts';
import { versionTypeFrom } from '../common-parameters.ts';
import { illegalArgument } from '../refusals.ts';
import { defineRestAction } from '../rest-action.ts';
import { getRequestFrom } from './get-request.ts';
import { embeddedJson } from './get-result-json.ts';

/** A document read from somewhere that keeps no versions. */
const NO_VERSION = -1;

/** `GET /{index}/_doc/{id}`; status 404 when the document is not there. */
export const restGet = defineRestAction({
  action: get,
  routes: [
    { method: 'GET', path: '/{index}/_doc/{id}' },
    { method: 'HEAD', path: '/{index}/_doc/{id}' },
  ],
  toRequest: (request) => {
    const { query } = request;
    if (query.text('fields') !== undefined) {
      throw illegalArgument(
        'the parameter [fields] is no longer supported, please use [stored_fields] to retrieve stored fields or [_source] to load the field from _source',
      );
    }
    const made = getRequestFrom(request);
    return { ...made, storedFields: query.list('stored_fields'), version: query.long('version'), versionType: versionTypeFrom(query) };
  },
  toResponse: (response) => {
    const { index, id, exists, version } = response;
    if (!exists) return { status: 404, body: { _index: index, _id: id, found: false } };
    return {
      status: 200,
      body: { _index: index, _id: id, _version: version === NO_VERSION ? undefined : version, ...embeddedJson(response) },
    };
  },
});
