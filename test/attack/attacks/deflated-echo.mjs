import { compressedRequest, deflatedWithinRatio, MIB, sized } from '../harness/wire.mjs';

export const attack = {
  what: 'Compressed requests of 250 KB, whose answer of 60 MiB the peer wants compressed as well.',
  prepare: ({ isQuick }) =>
    compressedRequest(
      'demo:bytes',
      deflatedWithinRatio(Buffer.concat([Buffer.of(0), sized(Buffer.alloc((isQuick ? 16 : 60) * MIB, 'abcdefg'))])),
    ),
  run: (attacker, bytes) =>
    attacker.repeat(1, async () => {
      const socket = await attacker.dialAsNode();
      if (socket === null) return null;
      const answered = socket.frame(({ id }) => id === 1n);
      await socket.send(bytes);
      await answered;
      await attacker.sleep(200);
      socket.close();
    }),
};
