import { frame, MIB, STATUS, str } from '../harness/wire.mjs';

export const attack = {
  what: '256 connections each send the header of a handshake that announces 1 MiB: 12.5 KB in all.',
  like: 'slow POST, announced Content-Length',
  prepare: () => {
    const variable = Buffer.concat([Buffer.alloc(3), str('internal:tcp/handshake')]);
    return frame({ status: STATUS.handshake, variable, announced: MIB });
  },
  run: (attacker, head) =>
    attacker.repeat(256, async () => {
      const socket = await attacker.dial();
      if (socket === null) return null;
      await socket.send(head);
      await socket.ended;
    }),
};
