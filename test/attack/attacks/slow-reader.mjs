import { MIB, request, vInt } from '../harness/wire.mjs';

const BATCH = 32;

export const attack = {
  what: '40 connections ask for 32 MiB of answers each and read them at 64 KiB per second: just enough to look alive.',
  like: 'slow read, CVE-2019-9511 (HTTP/2 data dribble)',
  prepare: () => Buffer.concat(Array.from({ length: BATCH }, (_, id) => request('demo:large', vInt(MIB), { id }))),
  run: (attacker, batch) =>
    attacker.repeat(40, async () => {
      const socket = await attacker.dialAsNode();
      if (socket === null) return null;
      socket.deafen();
      await socket.send(batch);
      while (socket.isOpen && !attacker.isOver) {
        await attacker.sleep(1_000);
        await socket.sip();
      }
    }),
};
