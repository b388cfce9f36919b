import { MIB, request } from '../harness/wire.mjs';

/** The first two take most of the budget of all bytes, the others what is left of it. */
const ANNOUNCED_BYTES = [90, 90, 64, 8, 4, 2, 1].map((mib) => mib * MIB);
for (let bytes = MIB / 2; bytes >= 64; bytes /= 2) ANNOUNCED_BYTES.push(bytes, bytes);

export const attack = {
  what: `${ANNOUNCED_BYTES.length} connections announce bodies of 256 MiB together and send no byte of them.`,
  like: 'slow POST, announced Content-Length',
  run: (attacker) =>
    attacker.repeat(ANNOUNCED_BYTES.length, async (index) => {
      await attacker.sleep(index);
      const socket = await attacker.dial();
      if (socket === null) return null;
      await socket.send(request('demo:bytes', undefined, { announced: ANNOUNCED_BYTES[index] }));
      await socket.ended;
    }),
};
