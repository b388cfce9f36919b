import type { AnyAction } from '../protocol/action/define-action.ts';
import { RemoteError } from '../protocol/error/remote-error.ts';
import { StatusError } from '../protocol/error/status-error.ts';
import { UsageError } from '../protocol/error/transport-error.ts';
import { errorResponse } from '../protocol/rest/error-json.ts';
import { QueryParameters } from '../protocol/rest/query-parameters.ts';
import type { AnyRestAction, RestMethod, RestRequest, RestResponse } from '../protocol/rest/rest-action.ts';
import { restActions } from '../protocol/rest/rest-catalogue.ts';
import { Router } from '../protocol/rest/router.ts';

/** Sends a request of an action and gives its answer. */
export type Send = (action: AnyAction, request: unknown) => Promise<unknown>;

const REST_LINE = /^(GET|HEAD|POST|PUT|DELETE|PATCH|OPTIONS)\s+(\/\S*)$/i;

/** Whether a text is a REST request: `GET /_cluster/health?level=indices`. */
export function isRestLine(text: string): boolean {
  return REST_LINE.test(text);
}

/**
 * Answers a REST request over the transport: what a node's REST layer would have answered, refusals and errors of the node included.
 *
 * @param body text, empty for none
 * @throws what sending throws, but for answers of the node
 */
export async function callRest(line: string, body: string, send: Send): Promise<RestResponse> {
  const [, method = 'GET', uri = '/'] = REST_LINE.exec(line) ?? [];
  return answered(async () => {
    const routed = new Router(restActions).route({
      method: method.toUpperCase() as RestMethod,
      uri,
      body: body === '' ? null : Buffer.from(body, 'utf8'),
    });
    if (routed.rest === undefined) return routed.response;
    const { rest, request } = routed;
    return respond(rest, await send(rest.action, rest.toRequest(request)), request);
  });
}

/**
 * The answer to a request of an action as REST shows it.
 *
 * @throws ERR_USAGE when the action has no REST form here, and what sending throws, but for answers of the node
 */
export async function callAsRest(action: AnyAction, request: unknown, send: Send): Promise<RestResponse> {
  const rest = restActions.find((each) => each.action.name === action.name);
  const [route] = rest?.routes ?? [];
  if (rest === undefined || route === undefined) {
    throw new UsageError('ERR_USAGE', {}, `${action.name} has no REST form here; call it without --rest`);
  }
  const asked: RestRequest = {
    method: route.method,
    path: route.path,
    params: {},
    query: new QueryParameters(''),
    body: null,
    contentType: null,
  };
  return answered(async () => respond(rest, await send(action, request), asked));
}

function respond(rest: AnyRestAction, response: unknown, request: RestRequest): RestResponse {
  return rest.toResponse(response as never, request);
}

async function answered(respondTo: () => Promise<RestResponse>): Promise<RestResponse> {
  try {
    return await respondTo();
  } catch (error) {
    if (error instanceof RemoteError || error instanceof StatusError) return errorResponse(error);
    throw error;
  }
}
