import { createIndex } from '../../action/indices/create-index.ts';
import { bodyOf } from '../body-of.ts';
import { jsonText } from '../body.ts';
import { path } from '../parameters.ts';
import { text } from '../parameter-types.ts';
import { defineRestAction } from '../rest-action.ts';
import { ackTimeoutParameter, activeShardsParameter, clusterManagerParameters } from '../shared-parameters.ts';
import { createBodyFrom } from './create-body.ts';

const index = path(text, 'index', 'Name of the new index');

/** `PUT /{index}` */
export const restCreateIndex = defineRestAction({
  action: createIndex,
  routes: ['PUT /{index}'],
  parameters: { index, ...ackTimeoutParameter, ...clusterManagerParameters, ...activeShardsParameter },
  body: 'May be left out. A JSON object with `settings`, `mappings`, `aliases` and `context`',
  request: (values, request) => ({
    ...values,
    ...(request.body === null || request.body.length === 0 ? {} : createBodyFrom(jsonText(request))),
  }),
  response: { body: bodyOf(createIndex.response) },
});
