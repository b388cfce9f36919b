import { request, vInt } from '../harness/wire.mjs';

const BATCH = 500;

export const attack = {
  what: 'One connection sends requests that take 5 seconds each, 25,000 per second, until all places are taken.',
  like: 'CVE-2024-28182, HTTP/2 stream floods',
  prepare: () => Buffer.concat(Array.from({ length: BATCH }, (_, id) => request('demo:slow', vInt(5_000), { id }))),
  run: (attacker, batch) => attacker.flood(1, batch),
};
