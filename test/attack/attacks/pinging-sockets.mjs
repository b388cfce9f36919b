import { PING } from '../harness/wire.mjs';

export const attack = {
  what: '1,000 connections of one host each send a ping twice a second.',
  like: 'connection exhaustion',
  attackMs: (isQuick) => (isQuick ? 2_500 : 8_000),
  run: (attacker) =>
    attacker.repeat(1_000, async () => {
      const socket = await attacker.dial();
      if (socket === null) return null;
      while (socket.isOpen && !attacker.isOver) {
        await socket.send(PING);
        await Promise.race([attacker.sleep(500), socket.ended]);
      }
    }),
};
