import { restExecuteOnExtension } from '../../protocol/action/extension/node-to-extension.ts';
import type { Server } from '../../transport/server/server.ts';
import type { Registration } from '../node/registration.ts';
import type { RouteExecutor } from '../rest/route-executor.ts';
import { NodeSockets } from './node-sockets.ts';

/** What serving routes needs of the extension. */
export interface ServingParts {
  readonly server: Server;
  readonly registration: Registration;
  readonly executor: RouteExecutor;
}

/** Lets the server answer REST requests on the sockets that the option `answerOn` names. */
export function serveRoutes({ server, registration, executor }: ServingParts, answerOn: 'request-socket' | 'responsive-socket'): void {
  if (answerOn === 'request-socket') {
    server.handle(restExecuteOnExtension, (message, context) => executor.execute(message, context));
    return;
  }
  const sockets = new NodeSockets(() => server.channels);
  registration.add(({ channel }) => sockets.learn(channel));
  server.handle(restExecuteOnExtension, async (message, context) => {
    const answer = await executor.execute(message, context);
    await sockets.route(context);
    return answer;
  });
}
