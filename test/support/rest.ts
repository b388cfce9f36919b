import { restActions } from '../../src/protocol/rest/rest-catalogue.ts';
import { type Json, renderJson } from '../../src/protocol/rest/json.ts';
import type { RestAction } from '../../src/protocol/rest/rest-action.ts';
import type { RestMethod, RestRequest } from '../../src/protocol/rest/rest-message.ts';
import { type Routed, Router } from '../../src/protocol/rest/router.ts';

const router = new Router(restActions);

/** A routed request. */
export interface RoutedRest {
  readonly rest: RestAction;
  readonly request: RestRequest;
}

/** Routes a request written as `PUT /notes/_doc/1?refresh`, or answers it where there is no route. */
export function routedOrAnswered(line: string, body?: string | Uint8Array, contentType: string | null = null): Routed {
  const [method, uri] = line.split(' ') as [RestMethod, string];
  return router.route({ method, uri, body: body === undefined ? null : Buffer.from(body), contentType });
}

/** Routes a request written as `PUT /notes/_doc/1?refresh`. */
export function routed(line: string, body?: string | Uint8Array, contentType: string | null = null): RoutedRest {
  const found = routedOrAnswered(line, body, contentType);
  if (found.rest === undefined) throw new Error(`no route for ${line}`);
  return found;
}

/** The action's name and the request that a line and a body make. */
export function requested(line: string, body?: string | Uint8Array, contentType: string | null = null): Record<string, unknown> {
  const { rest, request } = routed(line, body, contentType);
  return rest.toRequest(request) as Record<string, unknown>;
}

/** The JSON and the status of an answer to a request. */
export function answered(
  line: string,
  response: unknown,
): { status: number; body: unknown; headers: Readonly<Record<string, string>> | undefined } {
  const { rest, request } = routed(line);
  const { status, body, headers } = rest.toResponse(response as never, request);
  return { status, body: parsed(body), headers };
}

/** A body as a reader of its text sees it. */
export function parsed(body: Json | null): unknown {
  return body === null ? null : JSON.parse(renderJson(body));
}
