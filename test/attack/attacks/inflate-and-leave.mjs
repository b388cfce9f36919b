import { compressedRequest, deflatedWithinRatio, MIB, str } from '../harness/wire.mjs';

export const attack = {
  what: 'Connections send a compressed request that inflates to 64 MiB and close at once: work for those who left must not pile up.',
  like: 'CVE-2023-44487 (HTTP/2 rapid reset)',
  prepare: () => compressedRequest('demo:echo', deflatedWithinRatio(Buffer.concat([Buffer.of(0), str('x'), Buffer.alloc(64 * MIB)]))),
  run: (attacker, bomb) =>
    attacker.repeat(16, async () => {
      const socket = await attacker.dial();
      if (socket === null) return null;
      await socket.send(bomb);
      await attacker.sleep(2);
      socket.reset();
    }),
};
