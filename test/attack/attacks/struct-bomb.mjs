import { bombBytes, pointsBomb } from '../harness/bombs.mjs';
import { compressedRequest } from '../harness/wire.mjs';

export const attack = {
  what: 'Compressed requests of 400 KiB that become a list of 33 million structures.',
  like: 'decompression bombs',
  prepare: (attacker) => compressedRequest('demo:points', pointsBomb(bombBytes(attacker), Buffer.of(0))),
  run: (attacker, bomb) => attacker.askAgain(2, bomb),
};
