import { pointsBomb } from '../harness/bombs.mjs';
import { compressedRequest, MIB } from '../harness/wire.mjs';

export const attack = {
  what: 'Eight connections send compressed requests of 4 KB that become 350,000 structures each.',
  like: 'decompression bombs, many small ones',
  prepare: () => compressedRequest('demo:points', pointsBomb(MIB - 16, Buffer.of(0))),
  run: (attacker, bomb) => attacker.flood(8, bomb),
};
