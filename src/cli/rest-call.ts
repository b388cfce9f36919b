import type { AnyAction } from '../protocol/action/define-action.ts';
import { RemoteError } from '../protocol/error/remote-error.ts';
import { StatusError } from '../protocol/error/status-error.ts';
import { UsageError } from '../protocol/error/transport-error.ts';
import { errorResponse } from '../protocol/rest/error-json.ts';
import type { RestAction } from '../protocol/rest/rest-action.ts';
import type { RestMethod, RestRequest, RestResponse } from '../protocol/rest/rest-message.ts';
import { restActions } from '../protocol/rest/rest-catalogue.ts';
import { Router } from '../protocol/rest/router.ts';

/** Sends a request of an action and returns its answer. */
export type Send = (action: AnyAction, request: unknown) => Promise<unknown>;

/** Every route, built once. */
const router = new Router(restActions);

const REST_LINE = /^(GET|HEAD|POST|PUT|DELETE|PATCH|OPTIONS)\s+(\/\S*)$/i;

/** True for the text of a REST request: `GET /_cluster/health?level=indices`. */
export function isRestLine(text: string): boolean {
  return REST_LINE.test(text);
}

/**
 * Answers a REST request over the transport as the node's REST layer answers it, with its refusals and errors.
 *
 * @param body text; empty for a request without a body
 * @throws what `send` throws, except errors that the node answered
 */
export async function callRest(line: string, body: string, send: Send): Promise<RestResponse> {
  const [, method = 'GET', uri = '/'] = REST_LINE.exec(line) ?? [];
  return answered(async () => {
    const routed = router.route({
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
 * Calls an action and returns its answer as REST shows it.
 *
 * @throws ERR_USAGE if the action has no REST form, and what `send` throws, except errors that the node answered
 */
export async function callAsRest(action: AnyAction, request: unknown, send: Send): Promise<RestResponse> {
  const rest = restActions.find((each) => each.action.name === action.name);
  const [route] = rest?.routes ?? [];
  if (rest === undefined || route === undefined) {
    throw new UsageError('ERR_USAGE', {}, `${action.name} has no REST form; call it without --rest`);
  }
  const asked: RestRequest = {
    method: route.method,
    path: route.path,
    params: {},
    query: new Map(),
    body: null,
    contentType: null,
  };
  return answered(async () => respond(rest, await send(action, request), asked));
}

function respond(rest: RestAction, response: unknown, request: RestRequest): RestResponse {
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
