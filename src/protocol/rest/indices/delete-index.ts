import { DELETE_OPTIONS, deleteIndex } from '../../action/indices/delete-index.ts';
import { bodyOf } from '../body-of.ts';
import { indicesOptionsParameters } from '../indices-options.ts';
import { defineRestAction } from '../rest-action.ts';
import { ackTimeoutParameter, clusterManagerParameters, indicesParameter } from '../shared-parameters.ts';

/** `DELETE /{index}` */
export const restDeleteIndex = defineRestAction({
  action: deleteIndex,
  routes: ['DELETE /{index}'],
  parameters: { ...indicesParameter, ...ackTimeoutParameter, ...clusterManagerParameters, ...indicesOptionsParameters(DELETE_OPTIONS) },
  response: { body: bodyOf(deleteIndex.response) },
});
