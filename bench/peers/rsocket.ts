import { BufferEncoders, type Payload, type ReactiveSocket, RSocketClient, RSocketServer } from 'rsocket-core';
import { Single } from 'rsocket-flowable';
import rsocketTcpClient from 'rsocket-tcp-client';
import rsocketTcpServer from 'rsocket-tcp-server';
import { inTurn, type Peer } from './peer.ts';
import { freePort, HOST } from './sockets.ts';

/** CommonJS modules: the class is a property of what `import` gives. */
const TcpClient = classOf(rsocketTcpClient);
const TcpServer = classOf(rsocketTcpServer);

/** An empty payload arrives as null. */
const NOTHING = new Uint8Array(0);

const SETUP = {
  keepAlive: 60_000,
  lifetime: 180_000,
  dataMimeType: 'application/octet-stream',
  metadataMimeType: 'application/octet-stream',
};

/** rsocket-js over TCP: request-response. */
export const rsocket: Peer = {
  name: 'rsocket',
  packages: ['rsocket-core', 'rsocket-tcp-client', 'rsocket-tcp-server'],
  serve: async () => {
    const port = await freePort();
    const server = new RSocketServer({
      transport: new TcpServer({ host: HOST, port }, BufferEncoders),
      getRequestHandler: () => ({ requestResponse: ({ data }: Payload) => Single.of({ data }) }),
    });
    server.start();
    return { port, close: () => server.stop() };
  },
  connect: async (port, connections, { body, fail }) => {
    const sockets = await inTurn(connections, () => open(port));
    const call = (): Promise<Payload> =>
      new Promise((resolve, reject) => sockets.next().requestResponse({ data: body }).subscribe({ onComplete: resolve, onError: reject }));
    return {
      echo: (answered) => void call().then(({ data }) => answered(data ?? NOTHING), fail),
      close: () => sockets.all.forEach((socket) => socket.close()),
    };
  },
};

function open(port: number): Promise<ReactiveSocket> {
  const client = new RSocketClient({ setup: SETUP, transport: new TcpClient({ host: HOST, port }, BufferEncoders) });
  return new Promise((resolve, reject) => client.connect().subscribe({ onComplete: resolve, onError: reject }));
}

function classOf<T>(module: T): T {
  return (module as { default?: T }).default ?? module;
}
