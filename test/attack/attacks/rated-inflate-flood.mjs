import { compressedRequest, deflatedWithinRatio, MIB, str } from '../harness/wire.mjs';

export const attack = {
  what: 'Eight connections send compressed requests of 4 KB that inflate to 1 MiB each, 240 per second: as much as the limit on the ratio allows.',
  like: 'decompression bombs, many small ones',
  // A text of one character, then bytes that no field takes: reading costs nothing, inflating is all.
  prepare: () => compressedRequest('demo:echo', deflatedWithinRatio(Buffer.concat([Buffer.of(0), str('x'), Buffer.alloc(MIB - 3)]))),
  run: (attacker, bomb) => attacker.flood(8, bomb),
};
