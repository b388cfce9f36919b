import { request } from '../harness/wire.mjs';

export const attack = {
  what: 'A node sends requests with action names of 1 MB to a client and reads none of the errors.',
  victim: { role: 'client' },
  prepare: () => request(`demo:${'x'.repeat(1_000_000)}`),
  /** What the attacker sends is 1 MiB per second; errors that quote it must not hold a multiple of it. */
  bounds: { growthMib: 64 },
  onRequest: ({ action }) => (action.startsWith('internal:') ? undefined : true),
  run: async (attacker, bytes) => {
    await attacker.repeat(1, async () => {
      const [socket] = attacker.sockets;
      if (socket === undefined) return null;
      socket.deafen();
      while (socket.isOpen && !attacker.isOver) await socket.send(bytes);
    });
  },
};
