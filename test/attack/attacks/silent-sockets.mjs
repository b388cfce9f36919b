import { PING } from '../harness/wire.mjs';

export const attack = {
  what: '1,000 connections of one host say nothing, and one of them sends a ping.',
  like: 'connection exhaustion, Slowloris',
  attackMs: (isQuick) => (isQuick ? 2_500 : 8_000),
  run: (attacker) =>
    attacker.repeat(1_000, async (index) => {
      const socket = await attacker.dial();
      if (socket === null) return null;
      if (index === 0) socket.poke(PING);
      await socket.ended;
    }),
};
