import { describe, expect, test } from 'vitest';
import { ByteSource } from '../../../../src/inspect/capture/byte-source.ts';
import type { Packet } from '../../../../src/inspect/capture/packet.ts';
import { isPcap, readPcap } from '../../../../src/inspect/capture/pcap.ts';
import { isPcapng, readPcapng } from '../../../../src/inspect/capture/pcapng.ts';

const packets = [Buffer.from('first'), Buffer.from('second!!')];

/** Writes numbers in one byte order. */
function writer(big: boolean) {
  const u16 = (value: number): Buffer => {
    const bytes = Buffer.alloc(2);
    if (big) bytes.writeUInt16BE(value);
    else bytes.writeUInt16LE(value);
    return bytes;
  };
  const u32 = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    if (big) bytes.writeUInt32BE(value >>> 0);
    else bytes.writeUInt32LE(value >>> 0);
    return bytes;
  };
  const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
  const block = (type: number, ...parts: Buffer[]): Buffer => {
    const body = Buffer.concat(parts);
    return Buffer.concat([u32(type), u32(body.length + 12), body, u32(body.length + 12)]);
  };
  const option = (code: number, value: Buffer): Buffer => Buffer.concat([u16(code), u16(value.length), padded(value)]);
  return { u16, u32, padded, block, option };
}

async function* chunked(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function all(batches: AsyncIterable<Packet[]>): Promise<Packet[]> {
  const found: Packet[] = [];
  for await (const packets of batches) found.push(...packets);
  return found;
}

describe('pcap', () => {
  const file = (magic: number, big: boolean): Buffer => {
    const { u16, u32 } = writer(big);
    const records = packets.flatMap((bytes, i) => [u32(1_700_000_000 + i), u32(123_456), u32(bytes.length), u32(bytes.length + 1), bytes]);
    return Buffer.concat([u32(magic), u16(2), u16(4), u32(0), u32(0), u32(65_535), u32(113), ...records]);
  };

  test.each([
    ['microseconds, big-endian', 0xa1b2c3d4, true, 123_456_000n],
    ['microseconds, little-endian', 0xa1b2c3d4, false, 123_456_000n],
    ['nanoseconds, big-endian', 0xa1b23c4d, true, 123_456n],
    ['nanoseconds, little-endian', 0xa1b23c4d, false, 123_456n],
  ])('%s, whole and in pieces of any size', async (_, magic, big, fraction) => {
    const bytes = file(magic, big);
    expect(isPcap(bytes)).toBe(true);
    for (const size of [1, 7, bytes.length]) {
      expect(await all(readPcap(new ByteSource(chunked(bytes, size))))).toEqual([
        { timeNs: 1_700_000_000_000_000_000n + fraction, linkType: 113, bytes: packets[0] },
        { timeNs: 1_700_000_001_000_000_000n + fraction, linkType: 113, bytes: packets[1] },
      ]);
    }
  });

  test('a packet that is cut off ends it', async () => {
    const bytes = file(0xa1b2c3d4, true);
    expect(await all(readPcap(new ByteSource(chunked(bytes.subarray(0, -1), 16))))).toHaveLength(1);
  });

  test('a packet that cannot be that long is refused before it is read', async () => {
    const { u32 } = writer(true);
    const bytes = Buffer.concat([file(0xa1b2c3d4, true), u32(0), u32(0), u32(0x7fff_ffff), u32(0)]);
    await expect(all(readPcap(new ByteSource(chunked(bytes, 100))))).rejects.toThrow('the capture is broken: a packet of 2147483647 bytes');
  });
});

describe('pcapng', () => {
  const file = (big: boolean): Buffer => {
    const { u16, u32, padded, block, option } = writer(big);
    const offset = Buffer.alloc(8);
    if (big) offset.writeBigInt64BE(100n);
    else offset.writeBigInt64LE(100n);
    const [first, second] = packets as [Buffer, Buffer];
    const section = block(
      0x0a0d0d0a,
      u32(0x1a2b3c4d),
      u16(1),
      u16(0),
      u32(0xffff_ffff),
      u32(0xffff_ffff),
      option(2, Buffer.from('machine')),
    );
    return Buffer.concat([
      section,
      block(1, u16(113), u16(0), u32(0)),
      block(1, u16(101), u16(0), u32(4), option(9, Buffer.from([9])), option(14, offset), option(0, Buffer.alloc(0))),
      block(1, u16(1), u16(0), u32(0), option(9, Buffer.from([0x80 | 10]))),
      block(4, Buffer.alloc(40)),
      block(6, u32(0), u32(0), u32(5_000_001), u32(first.length), u32(first.length), padded(first), option(1, Buffer.from('note'))),
      block(6, u32(1), u32(1), u32(2), u32(second.length), u32(second.length), padded(second)),
      block(6, u32(2), u32(0), u32(512), u32(0), u32(0)),
      block(2, u16(1), u16(0), u32(0), u32(3), u32(first.length), u32(first.length), padded(first)),
      block(3, u32(first.length), padded(first)),
    ]);
  };
  const expected = [
    { timeNs: 5_000_001_000n, linkType: 113, bytes: packets[0] },
    { timeNs: 100_000_000_000n + 2n ** 32n + 2n, linkType: 101, bytes: packets[1] },
    { timeNs: 500_000_000n, linkType: 1, bytes: Buffer.alloc(0) },
    { timeNs: 100_000_000_003n, linkType: 101, bytes: packets[0] },
    { timeNs: null, linkType: 113, bytes: packets[0] },
  ];

  test.each([true, false])('every kind of packet block, big-endian %s', async (big) => {
    const bytes = file(big);
    expect(isPcapng(bytes)).toBe(true);
    for (const size of [1, 13, bytes.length]) expect(await all(readPcapng(new ByteSource(chunked(bytes, size))))).toEqual(expected);
  });

  test('two sections of different byte order in one file', async () => {
    expect(await all(readPcapng(new ByteSource(chunked(Buffer.concat([file(true), file(false)]), 64))))).toEqual([
      ...expected,
      ...expected,
    ]);
  });

  test('a block that is cut off ends it', async () => {
    expect(await all(readPcapng(new ByteSource(chunked(file(true).subarray(0, -1), 64))))).toHaveLength(4);
  });

  test.each([
    ['a block shorter than itself', (w: ReturnType<typeof writer>) => Buffer.concat([w.u32(6), w.u32(8), w.u32(8)]), 'a block of 8 bytes'],
    [
      'a packet of no interface',
      (w: ReturnType<typeof writer>) => w.block(6, w.u32(9), Buffer.alloc(16)),
      'a packet of interface 9, which is not described',
    ],
    [
      'a packet longer than its block',
      (w: ReturnType<typeof writer>) => w.block(6, w.u32(0), w.u32(0), w.u32(0), w.u32(99), w.u32(99)),
      'a packet of 99 bytes in a block of 20',
    ],
  ])('%s is refused', async (_, broken, message) => {
    const bytes = Buffer.concat([file(true), broken(writer(true))]);
    await expect(all(readPcapng(new ByteSource(chunked(bytes, 64))))).rejects.toThrow(`the capture is broken: ${message}`);
  });
});
