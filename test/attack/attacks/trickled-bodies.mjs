import { KIB, MIB, request } from '../harness/wire.mjs';

const ANNOUNCED_BYTES = 8 * MIB;
const PIECE = Buffer.alloc(2 * KIB, 'x');

export const attack = {
  what: '64 connections each announce a body of 8 MiB, twice the budget of bytes in all, and send it in pieces of 2 KiB.',
  like: 'Slowloris, slow POST',
  prepare: () => request('demo:bytes', undefined, { announced: ANNOUNCED_BYTES }),
  run: (attacker, head) =>
    attacker.repeat(64, async () => {
      const socket = await attacker.dial();
      if (socket === null) return null;
      await socket.send(head);
      for (let sent = 0; sent < ANNOUNCED_BYTES && socket.isOpen && !attacker.isOver; sent += PIECE.length) await socket.send(PIECE);
      socket.close();
    }),
};
