import { MIB, request, vInt } from '../harness/wire.mjs';

const BATCH = 200;

export const attack = {
  what: 'Four connections ask for answers of 1 MiB and read none of them.',
  like: 'CVE-2019-9517 (HTTP/2 internal data buffering), slow read',
  prepare: () => Buffer.concat(Array.from({ length: BATCH }, (_, id) => request('demo:large', vInt(MIB), { id }))),
  run: (attacker, batch) =>
    attacker.repeat(4, async () => {
      const socket = await attacker.dialAsNode();
      if (socket === null) return null;
      socket.deafen();
      while (socket.isOpen && !attacker.isOver) {
        await socket.send(batch);
        await attacker.sleep(50);
      }
    }),
};
