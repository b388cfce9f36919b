import { expect, test } from 'vitest';
import { addressText, ipHex, toTransportAddress } from '../../../../src/protocol/codec/ip-address.ts';
import { UsageError } from '../../../../src/protocol/error/transport-error.ts';

test.each([
  ['127.0.0.1', '7f000001'],
  ['255.255.255.255', 'ffffffff'],
  ['::', '0'.repeat(32)],
  ['::1', `${'0'.repeat(31)}1`],
  ['2001:db8::8:800:200c:417a', '20010db80000000000080800200c417a'],
  ['fe80::1%eth0', 'fe800000000000000000000000000001'],
  ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
  ['1::', `0001${'0'.repeat(28)}`],
])('%s has the bytes %s', (text, hex) => expect(ipHex(text)).toBe(hex));

test.each(['', 'localhost', '256.0.0.1', '1.2.3', ':::', '1:2', '::1]/', '[::1]'])("'%s' is no IP address", (text) => {
  expect(ipHex(text)).toBeUndefined();
});

test('an address is what a socket says of its end', () => {
  expect(toTransportAddress({ host: '::ffff:10.0.0.7', port: 9300 })).toEqual({ ip: '0a000007', host: '10.0.0.7', port: 9300 });
  expect(toTransportAddress({ host: 'node-1', port: 0 })).toEqual({ ip: '7f000001', host: 'node-1', port: 0 });
  expect(['10.0.0.7', '::ffff:10.0.0.7', '::1', 'a'].map((host) => addressText({ host, port: 1 }))).toEqual([
    '10.0.0.7:1',
    '10.0.0.7:1',
    '[::1]:1',
    'a:1',
  ]);
  for (const port of [-1, 65_536, 1.5]) expect(() => toTransportAddress({ host: '::1', port })).toThrow(UsageError);
});
