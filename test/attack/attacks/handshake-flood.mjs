import { handshake } from '../harness/wire.mjs';

export const attack = {
  what: 'One connection sends 18,000 handshakes per second, which are exempt from admission, and reads the answers.',
  like: 'CVE-2019-9515 (HTTP/2 settings flood)',
  prepare: () => Buffer.concat(Array.from({ length: 500 }, (_, id) => handshake(id))),
  run: (attacker, bytes) =>
    attacker.repeat(1, async () => {
      const socket = await attacker.dial();
      if (socket === null) return null;
      while (socket.isOpen && !attacker.isOver) await socket.send(bytes);
    }),
};
