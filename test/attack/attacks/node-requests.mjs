import { request } from '../harness/wire.mjs';

const BATCH = 200;

export const attack = {
  what: 'A node sends requests of an unknown action to a client, 25,000 per second, and reads the errors.',
  victim: { role: 'client' },
  prepare: () => Buffer.concat(Array.from({ length: BATCH }, (_, id) => request('demo:nothing', undefined, { id }))),
  onRequest: ({ action }) => (action.startsWith('internal:') ? undefined : true),
  run: (attacker, batch) =>
    attacker.repeat(1, async () => {
      const [socket] = attacker.sockets;
      if (socket === undefined) return null;
      while (socket.isOpen && !attacker.isOver) await socket.send(batch);
    }),
};
