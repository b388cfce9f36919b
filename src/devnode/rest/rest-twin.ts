import type { AnswerOf, AnyAction, ReceivedOf } from '../../protocol/action/define-action.ts';
import { type AnyCodec, decode, encode } from '../../protocol/codec/codec.ts';
import type { RestAction } from '../../protocol/rest/rest-action.ts';
import type { RestMethod, RestRequest as TwinRequest } from '../../protocol/rest/rest-message.ts';
import { RestAnswer } from './rest-answer.ts';
import type { RestController } from './rest-controller.ts';
import type { RestRequest } from './rest-request.ts';

/** What a native handler may know besides its request: `context` of the transport server has it, too. */
export interface NativeContext {
  /** Fires when the caller goes away. */
  readonly signal: AbortSignal;
}

/** Performs an action. One function serves it over REST and over transport. */
export type NativeHandler<A extends AnyAction> = (request: ReceivedOf<A>, context: NativeContext) => AnswerOf<A> | Promise<AnswerOf<A>>;

/** Changes an answer of a REST form: fields that are not on the wire, for example. */
export type AnswerChange = (answer: RestAnswer, request: RestRequest) => RestAnswer;

/**
 * Serves an action over REST: its REST form makes the request, the handler performs it, and the REST form makes the answer.
 *
 * @param action the action of the REST form: it gives the handler its types
 * @param change what REST shows besides the REST form
 * @example registerTwin(controller, restHealth, health, handleHealth);
 */
export function registerTwin<A extends AnyAction>(
  controller: RestController,
  rest: RestAction,
  action: A,
  handler: NativeHandler<A>,
  change: AnswerChange = (answer) => answer,
): void {
  for (const { method, path } of rest.routes) {
    controller.register(method, path, (request) => {
      const twin = twinRequest(request);
      const received = complete(action.request, rest.toRequest(twin)) as ReceivedOf<A>;
      // The REST form refuses what it does not know itself.
      request.consume(Object.keys(request.params));
      return async () => {
        const answer = complete(action.response, await handler(received, request));
        return change(RestAnswer.from(rest.toResponse(answer as never, twin)), request);
      };
    });
  }
}

/** Returns a value with its defaults, as a peer receives it. */
function complete(codec: AnyCodec, value: unknown): unknown {
  return decode(codec, encode(codec as never, value as never));
}

/** Returns a request as the REST forms take it. HEAD is a GET: the front leaves the body out and tells its length. */
export function twinRequest(request: RestRequest): TwinRequest {
  return {
    method: request.method === 'HEAD' ? 'GET' : (request.method as RestMethod),
    path: request.path,
    params: request.pathParams,
    query: request.query,
    body: request.content.length === 0 ? null : request.content,
    // Its other names are known by the controller alone.
    contentType: request.mediaType ?? request.header('Content-Type')[0] ?? null,
  };
}
