import { frame, KIB, str, vInt } from '../harness/wire.mjs';

const HEADER_BYTES = 1000 * KIB;

export const attack = {
  what: 'Requests whose variable header of 1 MB holds 250,000 thread-context headers.',
  like: 'CVE-2024-27316, CVE-2024-30255 (HTTP/2 CONTINUATION floods), CVE-2019-11043 (header bombs)',
  prepare: () => {
    const headers = Array.from({ length: Math.floor(HEADER_BYTES / 5) }, (_, i) =>
      Buffer.from([3, 97 + (i % 26), 97 + (Math.floor(i / 26) % 26), 97 + (Math.floor(i / 676) % 26), 0]),
    );
    return frame({
      variable: Buffer.concat([vInt(headers.length), ...headers, Buffer.of(0, 0), str('demo:echo')]),
      body: Buffer.concat([Buffer.of(0), str('x')]),
    });
  },
  run: (attacker, bytes) => attacker.flood(2, bytes),
};
