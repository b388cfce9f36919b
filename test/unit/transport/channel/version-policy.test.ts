import { describe, expect, test } from 'vitest';
import { parseVersion, versionText } from '../../../../src/protocol/wire/version.ts';
import { checkFrameVersion, checkPeerVersion, CLIENT_VERSIONS } from '../../../../src/transport/channel/version-policy.ts';

const MASK = 0x0800_0000;

/** Version ids as they stand in wire-format.md §6.1, and whether a frame of a handshake, and any other, is read. */
const rows: readonly (readonly [string, number, boolean, boolean])[] = [
  ['0', 0, false, false],
  ['ES 5.6.0', 0x004d_3603, false, false],
  ['legacy 6.7.99', 6_079_999, true, false],
  ['legacy 6.8.0', 6_080_099, false, false],
  ['legacy 7.9.99', 7_099_999, true, false],
  ['legacy 7.10.0', 7_100_099, false, false],
  ['masked 0', MASK, true, false],
  ['1.0.0', 135_217_827, true, false],
  ['1.3.0', 0x080f_b7d3, true, false],
  ['2.0.0', 0x081e_84e3, true, true],
  ['2.11.0', 136_327_827, true, true],
  ['2.19.6', 136_408_427, true, true],
  ['3.0.0', 137_217_827, true, true],
  ['3.9.0', 137_307_827, true, true],
  ['masked 7.9.99', 0x086c_565f, false, false],
  ['9.0.0', 0x0889_54a3, false, false],
  ['-1', -1, false, false],
  ['-2^31', -(2 ** 31), false, false],
  ['2^31 - 1', 2 ** 31 - 1, false, false],
];

describe.each(rows)('a frame of version %s', (_name, version, handshake, other) => {
  test('is read or ends the channel', () => {
    expect([checkFrameVersion(version, true) === null, checkFrameVersion(version, false) === null]).toEqual([handshake, other]);
    if (!other) {
      expect(checkFrameVersion(version, false)).toMatchObject({
        code: 'ERR_VERSION',
        message: expect.stringMatching(/^Received message from unsupported version: \[.*\] minimal compatible version is: \[2\.0\.0\]$/),
      });
    }
  });
});

test.each([
  ['2.10.0', false],
  ['2.11.0', true],
  ['2.19.6', true],
  ['3.0.0', true],
  ['3.9.0', true],
  ['4.0.0', false],
  ['1.3.0', false],
])('a client and a peer of %s: %s', (text, accepted) => {
  const refused = checkPeerVersion(parseVersion(text), CLIENT_VERSIONS, '[there]');
  expect(refused === null).toBe(accepted);
  if (!accepted) expect(refused?.message).toBe(`[there] runs ${text}, we speak 3.9.0 and accept 2.11.0 up to but not including 4.0.0`);
});

test.each([0, 7_099_999, -1])('version id %d of a peer is refused', (version) => {
  expect(checkPeerVersion(version, CLIENT_VERSIONS, '[there]')).toMatchObject({
    code: 'ERR_VERSION',
    message: expect.stringContaining(versionText(version)),
  });
});
