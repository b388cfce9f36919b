import { get } from '../../action/docs/get.ts';
import { StatusError } from '../../error/status-error.ts';
import { errorResponse } from '../error-json.ts';
import { fetchSourceParameters } from '../fetch-source.ts';
import { query } from '../parameters.ts';
import { commaList, flag, text } from '../parameter-types.ts';
import { defineRestAction } from '../rest-action.ts';
import { documentParameters, versionParameters } from '../shared-parameters.ts';
import { sourceJson } from '../source-json.ts';
import { embeddedJson } from '../get-result-json.ts';

/** The version of a document from an index that keeps none. */
const NO_VERSION = -1;

const readParameters = {
  ...documentParameters,
  refresh: query(flag, 'refresh', 'Refresh the shard before reading', 'false'),
  preference: query(text, 'preference', 'Which copy to read: `_primary`, `_local`, or any text to always read the same copy'),
  realtime: query(flag, 'realtime', 'Read what no refresh has made visible yet', 'true'),
  ...fetchSourceParameters,
};

/** `GET /{index}/_doc/{id}`; status 404 when the document does not exist. */
export const restGet = defineRestAction({
  action: get,
  routes: ['GET /{index}/_doc/{id}', 'HEAD /{index}/_doc/{id}'],
  parameters: { ...readParameters, stored_fields: query(commaList, 'storedFields', 'Stored fields to return'), ...versionParameters },
  removed: {
    fields:
      'the parameter [fields] is no longer supported, please use [stored_fields] to retrieve stored fields or [_source] to load the field from _source',
  },
  response: {
    status: ({ exists }) => (exists ? 200 : 404),
    body: (response) => {
      const { index, id, exists, version } = response;
      if (!exists) return { _index: index, _id: id, found: false };
      return { _index: index, _id: id, _version: version === NO_VERSION ? undefined : version, ...embeddedJson(response) };
    },
  },
});

/** `GET /{index}/_source/{id}`; status 404 when the document, or its source, does not exist. */
export const restGetSource = defineRestAction({
  action: get,
  summary: 'Gets the source of a document, without anything around it',
  routes: ['GET /{index}/_source/{id}', 'HEAD /{index}/_source/{id}'],
  parameters: readParameters,
  request: (values) => {
    if (values.fetchSource?.fetch !== false) return values;
    throw new StatusError(400, 'action_request_validation_exception', 'Validation Failed: 1: fetching source can not be disabled;');
  },
  response: {
    status: ({ source }) => (source === null ? 404 : 200),
    body: ({ index, id, exists, source }) => {
      if (source !== null) return sourceJson(source);
      const reason = `${exists ? 'Source' : 'Document'} not found [${index}]/[${id}]`;
      return errorResponse(new StatusError(404, 'resource_not_found_exception', reason)).body;
    },
  },
});
