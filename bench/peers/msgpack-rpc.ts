import { Packr } from 'msgpackr';
import { LengthPrefixed, lengthPrefixed } from './length-prefixed.ts';
import { inTurn, type Peer } from './peer.ts';
import { dial, listen } from './sockets.ts';

interface Message {
  readonly id: number;
  readonly method: string;
  readonly body: Uint8Array;
}

/** Both ends know the record, so no message carries its field names. */
const packer = (): Packr => new Packr({ structures: [['id', 'method', 'body']] });

/** msgpack-rpc as one writes it with msgpackr: length prefix over `node:net`, ids in a Map, one write a message. */
export const msgpackRpc: Peer = {
  name: 'msgpack-rpc',
  packages: ['msgpackr'],
  tls: true,
  stalls: true,
  serve: ({ tls, stall }) =>
    listen(tls, (socket) => {
      const packr = packer();
      const messages = new LengthPrefixed((bytes) => {
        const { id, method, body } = packr.unpack(bytes) as Message;
        if (!stall) socket.write(lengthPrefixed(packr.pack({ id, method, body } satisfies Message)));
      });
      socket.on('data', (chunk) => messages.push(chunk));
    }),
  connect: async (port, connections, { body, tls, fail }) => {
    const clients = await inTurn(connections, async () => {
      const packr = packer();
      const pending = new Map<number, (body: Uint8Array) => void>();
      let lastId = 0;
      const socket = await dial(port, tls, fail);
      const messages = new LengthPrefixed((bytes) => {
        const answer = packr.unpack(bytes) as Message;
        const resolve = pending.get(answer.id);
        pending.delete(answer.id);
        resolve?.(answer.body);
      });
      socket.on('data', (chunk) => messages.push(chunk));
      const call = (method: string): Promise<Uint8Array> =>
        new Promise((resolve) => {
          const id = ++lastId;
          pending.set(id, resolve);
          socket.write(lengthPrefixed(packr.pack({ id, method, body } satisfies Message)));
        });
      return { call, socket };
    });
    return {
      echo: (answered) => void clients.next().call('echo').then(answered, fail),
      close: () => clients.all.forEach(({ socket }) => socket.destroy()),
    };
  },
};
