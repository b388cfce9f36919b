import type { Server } from 'node:net';
import { UsageError } from '../../protocol/error/transport-error.ts';
import { describe } from '../util/check-options.ts';
import { isPort } from './endpoint.ts';
import type { AcceptFailureListener, Endpoint, Listener, ListenOptions } from './link.ts';
import { acceptError, bindError } from './socket-errors.ts';
import { endpointOf } from './socket-link.ts';

const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_BACKLOG = 511;

/**
 * Returns the address to bind.
 *
 * @throws ERR_USAGE for a port that is not an integer from 0 to 65535
 */
export function bindEndpoint({ host = DEFAULT_HOST, port }: ListenOptions): Endpoint {
  if (!isPort(port))
    throw new UsageError('ERR_USAGE', {}, `the port to listen on must be an integer from 0 to 65535, got ${describe(port)}`);
  return { host, port };
}

/** Binds a server and makes a listener of it. @throws as {@link Carrier.listen} does */
export async function bindServer(server: Server, options: ListenOptions, onError: AcceptFailureListener): Promise<Listener> {
  const wanted = bindEndpoint(options);
  await new Promise<void>((resolve, reject) => {
    const onFailure = (error: Error): void => reject(bindError(error, wanted));
    server.once('error', onFailure);
    server.listen({ ...wanted, backlog: options.backlog ?? DEFAULT_BACKLOG }, () => {
      server.off('error', onFailure);
      resolve();
    });
  });
  const endpoint = boundEndpoint(server, wanted);
  server.on('error', (error) => onError(acceptError(error, endpoint), null));
  return { endpoint, close: closer(server) };
}

function boundEndpoint(server: Server, wanted: Endpoint): Endpoint {
  const bound = server.address();
  return typeof bound === 'object' && bound ? endpointOf(bound.address, bound.port) : wanted;
}

function closer(server: Server): () => Promise<void> {
  let closed: Promise<void> | undefined;
  return () => {
    closed ??= new Promise((resolve) => {
      // The port is free when the handle is closed. The server's own callback would wait for every link to end.
      server.close();
      setImmediate(resolve);
    });
    return closed;
  };
}
