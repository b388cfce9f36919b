import type { ServerCallContext } from '../../transport/call/server-context.ts';
import type { Server } from '../../transport/server/server.ts';
import { NodeSockets } from './node-sockets.ts';

/** The connection on which the answer to a REST request leaves: that of the request, or the first of the same node that is responsive. */
export type AnswerOn = 'request-socket' | 'responsive-socket';

/** Returns the connections of the nodes of a server, if answers leave on responsive ones; null if they leave on that of the request. */
export function socketsFor(answerOn: AnswerOn, server: Server): NodeSockets | null {
  return answerOn === 'responsive-socket' ? new NodeSockets(() => server.channels) : null;
}

/** Returns a handler whose answers leave on responsive connections; `execute` without `sockets`. */
export function routed<Request, Answer>(
  sockets: NodeSockets | null,
  execute: (request: Request, context: ServerCallContext) => Answer | Promise<Answer>,
): (request: Request, context: ServerCallContext) => Answer | Promise<Answer> {
  if (sockets === null) return execute;
  return async (request, context) => {
    try {
      return await execute(request, context);
    } finally {
      await sockets.route(context);
    }
  };
}
