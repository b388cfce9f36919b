import { once } from 'node:events';
import { createServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { createClient, type Transport } from '@connectrpc/connect';
import { connectNodeAdapter, createConnectTransport, createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node';
import { EchoService } from './echo-service.ts';
import { inTurn, type Peer } from './peer.ts';
import { HOST } from './sockets.ts';

type Dial = (baseUrl: string, sessionManager: Http2SessionManager) => Transport;

/** connect-node: the Connect protocol over HTTP/2, one session a connection. */
export const connectNode: Peer = {
  ...peerOf('connect-node', (baseUrl, sessionManager) =>
    createConnectTransport({ baseUrl, sessionManager, httpVersion: '2', useBinaryFormat: true }),
  ),
  fullOnly: true,
};

/** connect-node: the gRPC protocol. */
export const connectNodeGrpc: Peer = {
  ...peerOf('connect-node (gRPC)', (baseUrl, sessionManager) => createGrpcTransport({ baseUrl, sessionManager })),
  fullOnly: true,
};

function peerOf(name: string, dial: Dial): Peer {
  return {
    name,
    packages: ['@connectrpc/connect', '@connectrpc/connect-node', '@bufbuild/protobuf'],
    serve: async () => {
      const sessions = new Set<ServerHttp2Session>();
      const adapter = connectNodeAdapter({ routes: (router) => router.service(EchoService, { echo: ({ body }) => ({ body }) }) });
      const server = createServer(adapter);
      server.on('session', (session) => sessions.add(session));
      server.listen(0, HOST);
      await once(server, 'listening');
      const close = (): void => {
        server.close();
        for (const session of sessions) session.destroy();
      };
      return { port: (server.address() as AddressInfo).port, close };
    },
    connect: async (port, connections, { body, fail }) => {
      const baseUrl = `http://${HOST}:${port}`;
      const clients = await inTurn(connections, async () => {
        const sessions = new Http2SessionManager(baseUrl);
        await sessions.connect();
        return { client: createClient(EchoService, dial(baseUrl, sessions)), sessions };
      });
      return {
        echo: (answered) =>
          void clients
            .next()
            .client.echo({ body })
            .then((answer) => answered(answer.body), fail),
        close: () => clients.all.forEach(({ sessions }) => sessions.abort()),
      };
    },
  };
}
