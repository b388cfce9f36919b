import { MIB, response } from '../harness/wire.mjs';

export const attack = {
  what: 'A node announces an answer of 90 MiB to every call, sends a byte of it and closes the connection.',
  victim: { role: 'client' },
  onRequest: ({ socket, id, action }) => {
    if (action.startsWith('internal:')) return undefined;
    const head = response(id, Buffer.of(0));
    head.writeInt32BE(90 * MIB, 2);
    socket.poke(head);
    setTimeout(() => socket.close(), 5);
    return true;
  },
};
