import { describe, expect, test } from 'vitest';
import { parseVersion, versionText } from '../../../../src/protocol/wire/version.ts';
import { checkFrameVersion, checkPeerVersion, CLIENT_VERSIONS } from '../../../../src/transport/channel/version-policy.ts';

const MASK = 0x0800_0000;

const LINES = ['2.19.6', '3.9.0'] as const;

/** What live nodes of both lines did with the header version of a handshake: conformance runs and `test/vectors`. */
const handshakes: readonly (readonly [string, number, boolean, boolean])[] = [
  ['0', 0, false, false],
  ['-1', -1, false, false],
  ['the bare mask', MASK, false, false],
  ['ES 5.6.0', 0x004d_3603, false, false],
  ['ES 6.5.0', 6_050_099, false, false],
  ['ES 6.7.99', 6_079_999, true, false],
  ['ES 6.8.0', 6_080_099, true, false],
  ['ES 7.5.0', 7_050_099, true, false],
  ['ES 7.6.0', 7_060_099, true, false],
  ['ES 7.9.99', 7_099_999, true, true],
  ['ES 7.10.0', 0x006c_56c3, true, false],
  ['ES 7.17.0', 0x006d_6833, true, false],
  ['ES 8.0.0', 8_000_099, false, false],
  ['1.0.0', 135_217_827, true, true],
  ['1.3.0', 0x080f_b7d3, true, true],
  ['2.0.0', 0x081e_84e3, true, true],
  ['2.11.0', 136_327_827, true, true],
  ['2.19.6', 136_408_427, true, true],
  ['3.0.0', 137_217_827, false, true],
  ['3.9.0', 0x082f_26b3, false, true],
  ['4.0.0', 0x083d_0963, false, false],
  ['masked 5.0.0', 5_000_099 ^ MASK, false, false],
  ['masked 7.9.99', 0x086c_565f, true, false],
  ['masked 9.0.0', 0x0889_54a3, false, false],
];

describe.each(handshakes)('a handshake of version %s', (_name, version, ...byLine) => {
  test.each(LINES.map((line, at) => [line, byLine[at] as boolean] as const))('is read by a %s as by a node: %s', (line, isRead) => {
    const refused = checkFrameVersion(version, true, false, parseVersion(line));
    expect(refused === null).toBe(isRead);
    if (refused !== null) expect(refused).toMatchObject({ code: 'ERR_VERSION', message: expect.stringMatching(/unsupported version/i) });
  });

  test('is read as an answer when a node of either line takes it', () => {
    const own = parseVersion('3.9.0');
    expect(checkFrameVersion(version, true, true, own) === null).toBe(byLine.includes(true));
  });
});

/** Header versions of other frames: those whose layouts we know. */
test.each<[number, boolean]>([
  [0, false],
  [-1, false],
  [-(2 ** 31), false],
  [2 ** 31 - 1, false],
  [MASK, false],
  [7_099_999, false],
  [0x080f_b7d3, false],
  [0x081e_84e3, true],
  [136_408_427, true],
  [137_307_827, true],
  [0x083d_0963, false],
  [0x086c_565f, false],
])('another frame of version id %d is read: %s', (version, isRead) => {
  const refused = checkFrameVersion(version, false);
  expect(refused === null).toBe(isRead);
  if (refused !== null) {
    expect(refused.message).toMatch(/^Received message from unsupported version: \[.*\] minimal compatible version is: \[2\.0\.0\]$/);
  }
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
