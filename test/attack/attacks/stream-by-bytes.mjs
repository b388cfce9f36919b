import { MIB, request, vInt } from '../harness/wire.mjs';

const SOCKETS = 150;
const BYTE = Buffer.of(120);

export const attack = {
  what: `${SOCKETS} connections each send a stream that no handler reads, one byte at a time.`,
  like: 'CVE-2019-9516, CVE-2019-9518 (HTTP/2 floods of tiny frames)',
  attackMs: (isQuick) => (isQuick ? 2_500 : 8_000),
  prepare: () => request('demo:upload', vInt(MIB), { announced: MIB }),
  run: async (attacker, head) => {
    const dialled = await Promise.all(Array.from({ length: SOCKETS }, () => attacker.dial()));
    const sockets = dialled.filter((socket) => socket !== null);
    for (const socket of sockets) await socket.send(head);
    while (!attacker.isOver) {
      for (const socket of sockets) socket.poke(BYTE);
      await attacker.sleep(5);
    }
  },
};
