import { compressedRequest, deflated, str } from '../harness/wire.mjs';

export const attack = {
  what: 'Four connections send 15,000 compressed requests of a few bytes per second: setting up DEFLATE costs more than the bytes.',
  prepare: () => {
    const one = compressedRequest('demo:echo', deflated(Buffer.concat([Buffer.of(0), str('x')])));
    return Buffer.concat(new Array(200).fill(one));
  },
  run: (attacker, bytes) => attacker.flood(4, bytes),
};
