import type { Packet } from '../../../../src/inspect/capture/packet.ts';

/** One TCP segment to be put into a packet. */
export interface SegmentInit {
  readonly from?: number;
  readonly to?: number;
  readonly sequence: number;
  readonly acknowledged?: number;
  /** `S`, `F`, `R` in any order. */
  readonly flags?: string;
  readonly payload?: Buffer;
}

/** A TCP segment from 10.0.0.1 to 10.0.0.2 (or back when `from` is 9300). */
export function tcpBytes({ from = 4000, to = 9300, sequence, acknowledged, flags = '', payload = Buffer.alloc(0) }: SegmentInit): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt16BE(from, 0);
  header.writeUInt16BE(to, 2);
  header.writeUInt32BE(sequence >>> 0, 4);
  header.writeUInt32BE((acknowledged ?? 0) >>> 0, 8);
  header[12] = 5 << 4;
  header[13] =
    (flags.includes('F') ? 1 : 0) | (flags.includes('S') ? 2 : 0) | (flags.includes('R') ? 4 : 0) | (acknowledged === undefined ? 0 : 16);
  return Buffer.concat([header, payload]);
}

/** An IPv4 packet around a TCP segment. */
export function ipv4Bytes(tcp: Buffer, from = '0a000001', to = '0a000002'): Buffer {
  const header = Buffer.alloc(20);
  header[0] = 0x45;
  header.writeUInt16BE(20 + tcp.length, 2);
  header[8] = 64;
  header[9] = 6;
  header.write(from, 12, 'hex');
  header.write(to, 16, 'hex');
  return Buffer.concat([header, tcp]);
}

/** A packet of raw IP. */
export function packet(segment: SegmentInit, timeNs: bigint | null = 0n): Packet {
  const back = segment.from === 9300;
  const ends = back ? (['0a000002', '0a000001'] as const) : (['0a000001', '0a000002'] as const);
  return { timeNs, linkType: 101, bytes: ipv4Bytes(tcpBytes(segment), ...ends) };
}

/** A packet the other way. */
export function answer(segment: SegmentInit, timeNs: bigint | null = 0n): Packet {
  return packet({ from: 9300, to: 4000, ...segment }, timeNs);
}

/** Packets as an iterable that reads like a capture. */
export async function* capture(...packets: readonly Packet[]): AsyncGenerator<readonly Packet[], void, undefined> {
  yield packets;
}
