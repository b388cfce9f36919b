import { frame, str, vInt } from '../harness/wire.mjs';

const VALUE_BYTES = 900_000;
const PIECE_BYTES = 100;

export const attack = {
  what: 'Four connections send a variable header of 900 KB in pieces of 100 bytes: work for each piece must not grow with what came before.',
  like: 'quadratic parsers fed byte by byte',
  prepare: () => {
    const header = [
      Buffer.concat([vInt(1), str('a'), vInt(VALUE_BYTES)]),
      Buffer.alloc(VALUE_BYTES, 'x'),
      Buffer.of(0, 0),
      str('demo:echo'),
    ];
    return frame({ variable: Buffer.concat(header), body: Buffer.concat([Buffer.of(0), str('x')]) });
  },
  run: (attacker, bytes) =>
    attacker.repeat(4, async () => {
      const socket = await attacker.dialAsNode();
      if (socket === null) return null;
      for (let at = 0; at < bytes.length && socket.isOpen && !attacker.isOver; at += PIECE_BYTES) {
        await socket.send(bytes.subarray(at, at + PIECE_BYTES));
        await new Promise((resolve) => setImmediate(resolve));
      }
    }),
};
