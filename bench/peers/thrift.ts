import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import thrift from 'thrift';
import { inTurn, type Peer } from './peer.ts';
import { HOST } from './sockets.ts';
import { EchoClient, EchoProcessor } from './thrift-echo.ts';

const OPTIONS = { transport: thrift.TFramedTransport, protocol: thrift.TBinaryProtocol };

/** thrift: framed transport, binary protocol. */
export const thriftFramed: Peer = {
  name: 'thrift',
  packages: ['thrift'],
  serve: async () => {
    const server = thrift.createServer(EchoProcessor, { echo: (body: Buffer) => body }, OPTIONS);
    server.on('connection', (socket) => socket.setNoDelay(true));
    server.listen(0, HOST);
    await once(server, 'listening');
    return { port: (server.address() as AddressInfo).port, close: () => void server.close() };
  },
  connect: async (port, connections, { body, fail }) => {
    const clients = await inTurn(connections, async () => {
      const connection = thrift.createConnection(HOST, port, OPTIONS);
      connection.on('error', fail);
      await once(connection, 'connect');
      connection.connection.setNoDelay(true);
      return { client: thrift.createClient(EchoClient, connection), connection };
    });
    return {
      echo: (answered) => void clients.next().client.echo(body).then(answered, fail),
      close: () => clients.all.forEach(({ connection }) => connection.end()),
    };
  },
};
