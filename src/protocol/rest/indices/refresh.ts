import { refresh } from '../../action/indices/refresh.ts';
import { strictExpandOpenAndForbidClosed } from '../../codec/indices-options.ts';
import { indicesOptionsParameters } from '../indices-options.ts';
import { defineRestAction } from '../rest-action.ts';
import { broadcastAnswer } from '../shards-json.ts';
import { indicesParameter } from '../shared-parameters.ts';

/** `GET` or `POST /_refresh` */
export const restRefresh = defineRestAction({
  action: refresh,
  routes: ['GET /_refresh', 'POST /_refresh', 'GET /{index}/_refresh', 'POST /{index}/_refresh'],
  parameters: { ...indicesParameter, ...indicesOptionsParameters(strictExpandOpenAndForbidClosed) },
  response: broadcastAnswer,
});
