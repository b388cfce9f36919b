import { request, vInt } from '../harness/wire.mjs';

const BATCH = 200;

export const attack = {
  what: 'Connections send 200 requests that take a second each, close at once, and come again.',
  like: 'CVE-2023-44487 (HTTP/2 rapid reset)',
  prepare: () => Buffer.concat(Array.from({ length: BATCH }, (_, id) => request('demo:slow', vInt(1_000), { id }))),
  run: (attacker, batch) =>
    attacker.repeat(8, async () => {
      const socket = await attacker.dial();
      if (socket === null) return null;
      await socket.send(batch);
      await attacker.sleep(2);
      socket.reset();
    }),
};
