import { request } from '../harness/wire.mjs';

export const attack = {
  what: 'Eight connections send requests of an unknown action with a name of 16 KiB and read none of the errors.',
  like: 'CVE-2019-9518, CVE-2019-9515 (HTTP/2 floods that queue answers)',
  prepare: () => request(`demo:${'x'.repeat(16_000)}`),
  run: (attacker, bytes) => attacker.flood(8, bytes, { isDeaf: true }),
};
