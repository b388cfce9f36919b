import { describe, expect, test } from 'vitest';
import { AddressTexts } from '../../../../src/inspect/capture/address-texts.ts';
import { type Segment, toSegment } from '../../../../src/inspect/capture/segment.ts';
import { ipv4Bytes, tcpBytes } from './packets.ts';

const tcp = tcpBytes({ sequence: 7, acknowledged: 9, payload: Buffer.from('hello') });
const ipv4 = ipv4Bytes(tcp);
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** `next` is the first header behind the fixed one. */
function ipv6(next: number, extensions: Buffer, payload: Buffer = tcp): Buffer {
  const header = Buffer.alloc(40);
  header[0] = 0x60;
  header.writeUInt16BE(extensions.length + payload.length, 4);
  header[6] = next;
  header.write('20010db8000000000000000000000001', 8, 'hex');
  header.write('00000000000000000000000000000001', 24, 'hex');
  return Buffer.concat([header, extensions, payload]);
}

const read = (linkType: number, ...parts: Buffer[]): Segment | string =>
  toSegment({ timeNs: 5n, linkType, bytes: Buffer.concat(parts) }, new AddressTexts());
const macs = Buffer.alloc(12);

describe('a segment is found', () => {
  test.each<[string, number, Buffer[]]>([
    ['Ethernet', 1, [macs, hex('0800'), ipv4]],
    ['Ethernet with padding behind the packet', 1, [macs, hex('0800'), ipv4, Buffer.alloc(6)]],
    ['Ethernet with two VLAN tags', 1, [macs, hex('88a8 0001 8100 0002 0800'), ipv4]],
    ['Linux cooked v1', 113, [Buffer.alloc(14), hex('0800'), ipv4]],
    ['Linux cooked v2', 276, [hex('0800'), Buffer.alloc(18), ipv4]],
    ['raw IP', 101, [ipv4]],
    ['raw IPv4', 228, [ipv4]],
    ['null', 0, [hex('02000000'), ipv4]],
    ['loopback', 108, [hex('00000002'), ipv4]],
  ])('under %s', (_, linkType, parts) => {
    expect(read(linkType, ...parts)).toMatchObject({
      timeNs: 5n,
      from: '10.0.0.1:4000',
      to: '10.0.0.2:9300',
      fromPort: 4000,
      toPort: 9300,
      sequence: 7,
      acknowledged: 9,
      payload: Buffer.from('hello'),
      cutOff: 0,
    });
  });

  test.each<[string, number, Buffer]>([
    ['without extensions', 6, Buffer.alloc(0)],
    ['with hop-by-hop options', 0, hex('0600 000000000000')],
    ['with two extensions', 60, hex('2b00 000000000000 0601 00000000000000000000000000 00')],
    ['with an authentication header', 51, hex('0604 0000 0000000000000000 0000000000000000 00000000')],
    ['whole in a fragment header', 44, hex('0600 0000 00000001')],
  ])('in IPv6 %s', (_, next, extensions) => {
    expect(read(101, ipv6(next, extensions))).toMatchObject({
      from: '[2001:db8::1]:4000',
      to: '[::1]:9300',
      payload: Buffer.from('hello'),
    });
  });

  test('though the capture cut it off', () => {
    expect(read(101, ipv4.subarray(0, -3))).toMatchObject({ payload: Buffer.from('he'), cutOff: 3 });
  });

  test('in a packet whose length the network card was to fill in', () => {
    const offloaded = Buffer.from(ipv4);
    offloaded.writeUInt16BE(0, 2);
    expect(read(101, offloaded)).toMatchObject({ payload: Buffer.from('hello') });
  });
});

describe('no segment is found', () => {
  const udp = Buffer.from(ipv4);
  udp[9] = 17;
  const fragment = Buffer.from(ipv4);
  fragment.writeUInt16BE(0x2000, 6);
  const short = Buffer.from(ipv4);
  short[32] = 0x10;

  test.each<[string, string, number, Buffer]>([
    ['other', 'UDP', 101, udp],
    ['fragment', 'a fragment', 101, fragment],
    ['fragment', 'a fragment of IPv6', 101, ipv6(44, hex('0600 0009 00000001'))],
    ['other', 'ARP', 1, Buffer.concat([macs, hex('0806'), Buffer.alloc(28)])],
    ['linkType', 'Wi-Fi', 105, ipv4],
    ['other', 'a TCP header that is too short', 101, short],
    ['other', 'nothing', 101, Buffer.alloc(0)],
  ])('%s: %s', (reason, _, linkType, bytes) => {
    expect(read(linkType, bytes)).toBe(reason);
  });

  test.each<[string, number, Buffer]>([
    ['IPv4', 101, ipv4],
    ['IPv6', 101, ipv6(0, hex('0600 000000000000'))],
    ['Ethernet', 1, Buffer.concat([macs, hex('8100 0001 0800'), ipv4])],
    ['cooked', 113, Buffer.concat([Buffer.alloc(14), hex('0800'), ipv4])],
  ])('%s cut at any place gives a segment or a reason, never an exception', (_, linkType, bytes) => {
    for (let end = 0; end < bytes.length; end++) expect(['string', 'object']).toContain(typeof read(linkType, bytes.subarray(0, end)));
  });
});
