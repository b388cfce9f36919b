import { compressedRequest, deflated, MIB, vInt } from '../harness/wire.mjs';

const BATCH = 4;

export const attack = {
  what: 'Two connections ask for answers of 8 MiB and want them compressed.',
  prepare: () => compressedRequest('demo:large', deflated(Buffer.concat([Buffer.of(0), vInt(8 * MIB)]))),
  run: (attacker, bytes) =>
    attacker.repeat(2, async () => {
      const socket = await attacker.dialAsNode();
      if (socket === null) return null;
      let answers = 0;
      while (socket.isOpen && !attacker.isOver) {
        answers += BATCH;
        const wanted = answers;
        let seen = 0;
        const answered = socket.frame(() => ++seen === BATCH && wanted > 0);
        for (let i = 0; i < BATCH; i++) await socket.send(bytes);
        await answered;
      }
    }),
};
