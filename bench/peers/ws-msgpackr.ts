import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Packr } from 'msgpackr';
import { WebSocket, WebSocketServer } from 'ws';
import { inTurn, type Peer } from './peer.ts';
import { HOST, keyPair } from './sockets.ts';

interface Message {
  readonly id: number;
  readonly body: Uint8Array;
}

const packer = (): Packr => new Packr({ structures: [['id', 'body']] });
const MAX_PAYLOAD = 512 * 1024 * 1024;

/** ws with msgpackr: an id in each message, no compression. */
export const wsMsgpackr: Peer = {
  name: 'ws + msgpackr',
  packages: ['ws', 'msgpackr'],
  tls: true,
  stalls: true,
  serve: async ({ tls, stall }) => {
    const http = tls === null ? createServer() : createTlsServer(keyPair(tls));
    const server = new WebSocketServer({ server: http, perMessageDeflate: false, maxPayload: MAX_PAYLOAD });
    server.on('connection', (socket) => {
      const packr = packer();
      socket.on('message', (bytes: Buffer) => {
        const { id, body } = packr.unpack(bytes) as Message;
        if (!stall) socket.send(packr.pack({ id, body } satisfies Message));
      });
    });
    http.listen(0, HOST);
    await once(http, 'listening');
    const close = (): void => {
      for (const socket of server.clients) socket.terminate();
      http.close();
    };
    return { port: (http.address() as AddressInfo).port, close };
  },
  connect: async (port, connections, { body, tls, fail }) => {
    const clients = await inTurn(connections, async () => {
      const packr = packer();
      const pending = new Map<number, (body: Uint8Array) => void>();
      let lastId = 0;
      const url = `${tls === null ? 'ws' : 'wss'}://${HOST}:${port}`;
      const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: MAX_PAYLOAD, rejectUnauthorized: false });
      socket.on('error', fail);
      socket.on('message', (bytes: Buffer) => {
        const answer = packr.unpack(bytes) as Message;
        const resolve = pending.get(answer.id);
        pending.delete(answer.id);
        resolve?.(answer.body);
      });
      await once(socket, 'open');
      const call = (): Promise<Uint8Array> =>
        new Promise((resolve) => {
          const id = ++lastId;
          pending.set(id, resolve);
          socket.send(packr.pack({ id, body } satisfies Message));
        });
      return { call, socket };
    });
    return {
      echo: (answered) => void clients.next().call().then(answered, fail),
      close: () => clients.all.forEach(({ socket }) => socket.terminate()),
    };
  },
};
