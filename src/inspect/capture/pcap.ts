import type { ByteSource } from './byte-source.ts';
import { BIG_ENDIAN, brokenCapture, LITTLE_ENDIAN, MAX_PACKET_BYTES, type Numbers, type Packet } from './packet.ts';

const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;
const NANOS = 1_000_000_000n;

interface Flavour {
  readonly numbers: Numbers;
  /** Nanoseconds of one unit of the fraction. */
  readonly unitNs: bigint;
}

/** By the first four bytes of the file, as hex. */
const FLAVOURS: Readonly<Record<string, Flavour>> = {
  a1b2c3d4: { numbers: BIG_ENDIAN, unitNs: 1000n },
  d4c3b2a1: { numbers: LITTLE_ENDIAN, unitNs: 1000n },
  a1b23c4d: { numbers: BIG_ENDIAN, unitNs: 1n },
  '4d3cb2a1': { numbers: LITTLE_ENDIAN, unitNs: 1n },
};

/** Whether a file begins like a pcap. */
export function isPcap(head: Buffer): boolean {
  return FLAVOURS[magicOf(head)] !== undefined;
}

/**
 * Reads the packets of a pcap file, in batches: of either byte order, with microseconds or nanoseconds. A last packet that is cut off ends it.
 *
 * File header: magic, 2 × u16 version, 8 unused bytes, u32 snapshot length, u32 link type (lower 16 bits); then records of u32 seconds, u32
 * fraction, u32 captured length, u32 original length, bytes.
 *
 * @throws ERR_USAGE when it is broken
 * @see https://ietf-opsawg-wg.github.io/draft-ietf-opsawg-pcap/draft-ietf-opsawg-pcap.html
 */
export async function* readPcap(source: ByteSource): AsyncGenerator<Packet[], void, undefined> {
  const header = await source.take(FILE_HEADER_BYTES);
  const flavour = FLAVOURS[magicOf(header)];
  if (flavour === undefined || header.length < FILE_HEADER_BYTES) throw brokenCapture('the header of the file is cut off');
  const { numbers, unitNs } = flavour;
  const linkType = numbers.u32(header, 20) & 0xffff;
  let wanted = RECORD_HEADER_BYTES;
  for (;;) {
    const asked = wanted;
    const held = await source.fill(asked);
    const packets: Packet[] = [];
    let at = 0;
    wanted = RECORD_HEADER_BYTES;
    while (held.length - at >= wanted) {
      const captured = numbers.u32(held, at + 8);
      if (captured > MAX_PACKET_BYTES) {
        // What stands before it comes first.
        if (packets.length > 0) break;
        throw brokenCapture(`a packet of ${captured} bytes`);
      }
      wanted = RECORD_HEADER_BYTES + captured;
      if (held.length - at < wanted) break;
      const timeNs = BigInt(numbers.u32(held, at)) * NANOS + BigInt(numbers.u32(held, at + 4)) * unitNs;
      packets.push({ timeNs, linkType, bytes: held.subarray(at + RECORD_HEADER_BYTES, at + wanted) });
      at += wanted;
      wanted = RECORD_HEADER_BYTES;
    }
    if (packets.length === 0 && held.length < asked) return;
    await source.skip(at);
    if (packets.length > 0) yield packets;
  }
}

function magicOf(head: Buffer): string {
  return head.subarray(0, 4).toString('hex');
}
