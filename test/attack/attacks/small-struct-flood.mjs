import { vInt, compressedRequest, deflated, KIB } from '../harness/wire.mjs';

/** Three bytes each. */
const POINTS = Math.floor((64 * KIB - 16) / 3);

export const attack = {
  what: 'Eight connections send compressed requests of 150 bytes that inflate to 64 KiB, to which no limit on the ratio applies, and become 22,000 structures.',
  like: 'decompression bombs, many small ones',
  prepare: () => compressedRequest('demo:points', deflated(Buffer.concat([Buffer.of(0), vInt(POINTS), Buffer.alloc(POINTS * 3)]))),
  run: (attacker, bytes) => attacker.flood(8, Buffer.concat(new Array(32).fill(bytes))),
};
