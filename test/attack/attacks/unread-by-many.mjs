import { MIB, request, vInt } from '../harness/wire.mjs';

const BATCH = 32;

export const attack = {
  what: '100 connections each ask for 64 MiB of answers and read none of them: no single one asks for too much.',
  like: 'CVE-2019-9517 (HTTP/2 internal data buffering), slow read',
  prepare: () => Buffer.concat(Array.from({ length: BATCH }, (_, id) => request('demo:large', vInt(2 * MIB), { id }))),
  run: (attacker, batch) =>
    attacker.repeat(100, async () => {
      const socket = await attacker.dialAsNode();
      if (socket === null) return null;
      socket.deafen();
      await socket.send(batch);
      await socket.ended;
    }),
};
