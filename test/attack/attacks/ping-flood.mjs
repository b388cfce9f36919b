import { PING } from '../harness/wire.mjs';

export const attack = {
  what: 'One connection sends 170,000 pings per second and reads the answers.',
  like: 'CVE-2019-9512 (HTTP/2 ping flood)',
  prepare: () => Buffer.concat(new Array(5_000).fill(PING)),
  run: (attacker, pings) => attacker.flood(1, pings),
};
