import type { Json } from '../../protocol/rest/json.ts';
import type { RestAnswer } from './rest-answer.ts';
import type { RestRequest } from './rest-request.ts';

/** What a handler answers: an answer, or JSON for status 200. */
export type RestResult = RestAnswer | Json;

/**
 * Handles the requests of a route. It reads parameters and answers; parameters that it has not read by then make the request a 400.
 *
 * A handler that changes something returns a function instead: it is called once the parameters are found to be read, as a node's `prepareRequest`
 * returns what is still to be done.
 *
 * @throws StatusError what the client is answered; any other error is a 500
 */
export type RestHandler = (request: RestRequest) => Step | Promise<Step>;

/** What a {@link RestHandler} returns. */
export type Step = RestResult | (() => RestResult | Promise<RestResult>);

/** A handler with its rights. */
export interface RestHandlerOptions {
  /** Parameters that shape the answer only: the node does not refuse them where they are not read. @default none */
  readonly responseParams?: readonly string[];
}
