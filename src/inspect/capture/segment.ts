import type { AddressTexts } from './address-texts.ts';
import type { Packet } from './packet.ts';

/** One TCP segment. */
export interface Segment {
  readonly timeNs: bigint | null;
  /** `host:port` of the sender, IPv6 hosts in brackets. */
  readonly from: string;
  readonly to: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly sequence: number;
  /** Null without the ACK flag. */
  readonly acknowledged: number | null;
  readonly syn: boolean;
  readonly fin: boolean;
  readonly rst: boolean;
  readonly payload: Buffer;
  /** Bytes of the payload that the capture cut off. */
  readonly cutOff: number;
}

/** Why a packet has no TCP segment to give. */
export type NoSegment = 'other' | 'fragment' | 'linkType';

const ETHERTYPE = { ipv4: 0x0800, ipv6: 0x86dd } as const;
const VLAN_TAGS: readonly number[] = [0x8100, 0x88a8, 0x9100];
const TCP = 6;

interface Payload {
  readonly bytes: Buffer;
  /** Bytes the packet really had. */
  readonly length: number;
}

interface IpPayload extends Payload {
  /** The packet of the network layer, which holds the addresses. */
  readonly packet: Buffer;
  readonly isIpv6: boolean;
}

/**
 * Finds the TCP segment of a packet: Ethernet (with VLAN tags), Linux cooked v1 and v2, raw IP, null and loopback; IPv4, IPv6 with extension
 * headers. Fragments of IP are not put together.
 *
 * @param addresses texts of addresses, remembered between segments
 * @memory the payload is a view of the packet
 * @see https://www.tcpdump.org/linktypes.html, RFC 791, RFC 8200, RFC 9293
 */
export function toSegment(packet: Packet, addresses: AddressTexts): Segment | NoSegment {
  const network = networkLayer(packet.linkType, packet.bytes);
  if (network === 'linkType') return network;
  const ip = network === null ? 'other' : ipPayload(network);
  return typeof ip === 'string' ? ip : (tcpSegment(packet, ip, addresses) ?? 'other');
}

/** Returns the packet behind the header of the link; null when it is not IP. */
function networkLayer(linkType: number, bytes: Buffer): Buffer | 'linkType' | null {
  switch (linkType) {
    case 1:
      return ethernet(bytes);
    case 0:
    case 108:
      return bytes.length < 4 ? null : bytes.subarray(4);
    // Raw IP has several numbers, of which 12 and 14 are those of single systems.
    case 12:
    case 14:
    case 101:
    case 228:
    case 229:
      return bytes;
    case 113:
      return byEtherType(bytes, 14, 16);
    case 276:
      return byEtherType(bytes, 0, 20);
    default:
      return 'linkType';
  }
}

function ethernet(bytes: Buffer): Buffer | null {
  let at = 12;
  while (at + 6 <= bytes.length && VLAN_TAGS.includes(bytes.readUInt16BE(at))) at += 4;
  return byEtherType(bytes, at, at + 2);
}

function byEtherType(bytes: Buffer, typeAt: number, payloadAt: number): Buffer | null {
  if (bytes.length < payloadAt) return null;
  const type = bytes.readUInt16BE(typeAt);
  return type === ETHERTYPE.ipv4 || type === ETHERTYPE.ipv6 ? bytes.subarray(payloadAt) : null;
}

function ipPayload(bytes: Buffer): IpPayload | 'other' | 'fragment' {
  const version = (bytes[0] ?? 0) >> 4;
  if (version === 4) return ipv4(bytes);
  return version === 6 ? ipv6(bytes) : 'other';
}

function ipv4(bytes: Buffer): IpPayload | 'other' | 'fragment' {
  const header = (bytes.readUInt8(0) & 0x0f) * 4;
  if (header < 20 || bytes.length < header || bytes.readUInt8(9) !== TCP) return 'other';
  if ((bytes.readUInt16BE(6) & 0x3fff) !== 0) return 'fragment';
  // Zero stands where the network card was going to cut the packet into pieces.
  const total = bytes.readUInt16BE(2) || bytes.length;
  if (total < header) return 'other';
  return {
    packet: bytes,
    isIpv6: false,
    bytes: bytes.subarray(header, total),
    length: total - header,
  };
}

const IPV6_HEADER_BYTES = 40;
/** Hop by hop, routing, destination, mobility, host identity, shim6. */
const IPV6_EXTENSIONS: readonly number[] = [0, 43, 60, 135, 139, 140];
const IPV6_FRAGMENT = 44;
const IPV6_AUTHENTICATION = 51;

function ipv6(bytes: Buffer): IpPayload | 'other' | 'fragment' {
  if (bytes.length < IPV6_HEADER_BYTES) return 'other';
  const payloadBytes = bytes.readUInt16BE(4);
  const end = payloadBytes === 0 ? bytes.length : IPV6_HEADER_BYTES + payloadBytes;
  let next = bytes.readUInt8(6);
  let at = IPV6_HEADER_BYTES;
  while (next !== TCP) {
    if (at + 8 > bytes.length) return 'other';
    if (next === IPV6_FRAGMENT) {
      if ((bytes.readUInt16BE(at + 2) & 0xfff9) !== 0) return 'fragment';
      next = bytes.readUInt8(at);
      at += 8;
    } else if (IPV6_EXTENSIONS.includes(next) || next === IPV6_AUTHENTICATION) {
      const size = next === IPV6_AUTHENTICATION ? (bytes.readUInt8(at + 1) + 2) * 4 : (bytes.readUInt8(at + 1) + 1) * 8;
      next = bytes.readUInt8(at);
      at += size;
    } else return 'other';
  }
  if (end < at) return 'other';
  return { packet: bytes, isIpv6: true, bytes: bytes.subarray(at, end), length: end - at };
}

/** RFC 5952: the longest run of zero groups becomes `::`. */
function ipv6Text(bytes: Buffer, at: number): string {
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(at + 2 * i).toString(16));
  let best = { at: -1, size: 1 };
  for (let i = 0; i < 8; i++) {
    let size = 0;
    while (groups[i + size] === '0') size++;
    if (size > best.size) best = { at: i, size };
  }
  if (best.at === -1) return groups.join(':');
  return `${groups.slice(0, best.at).join(':')}::${groups.slice(best.at + best.size).join(':')}`;
}

const FLAG = { fin: 0x01, syn: 0x02, rst: 0x04, ack: 0x10 } as const;

function tcpSegment({ timeNs }: Packet, ip: IpPayload, addresses: AddressTexts): Segment | null {
  const { bytes, length, packet, isIpv6 } = ip;
  if (bytes.length < 20) return null;
  const header = (bytes.readUInt8(12) >> 4) * 4;
  if (header < 20 || header > length) return null;
  const flags = bytes.readUInt8(13);
  const payload = bytes.subarray(header);
  const fromPort = bytes.readUInt16BE(0);
  const toPort = bytes.readUInt16BE(2);
  return {
    timeNs,
    from: isIpv6 ? `[${ipv6Text(packet, 8)}]:${fromPort}` : addresses.ipv4(packet, 12, fromPort),
    to: isIpv6 ? `[${ipv6Text(packet, 24)}]:${toPort}` : addresses.ipv4(packet, 16, toPort),
    fromPort,
    toPort,
    sequence: bytes.readUInt32BE(4),
    acknowledged: (flags & FLAG.ack) === 0 ? null : bytes.readUInt32BE(8),
    syn: (flags & FLAG.syn) !== 0,
    fin: (flags & FLAG.fin) !== 0,
    rst: (flags & FLAG.rst) !== 0,
    payload,
    cutOff: length - header - payload.length,
  };
}
