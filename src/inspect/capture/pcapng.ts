import type { ByteSource } from './byte-source.ts';
import { BIG_ENDIAN, brokenCapture, LITTLE_ENDIAN, MAX_PACKET_BYTES, type Numbers, type Packet } from './packet.ts';

const BLOCK = { section: 0x0a0d0d0a, interface: 1, packet: 2, simplePacket: 3, enhancedPacket: 6 } as const;
const OPTION = { end: 0, timeResolution: 9, timeOffset: 14 } as const;

/** Type and length in front of a block, the length again behind it. */
const FRAME_BYTES = 12;
const MAX_INTERFACES = 10_000;
const NANOS = 1_000_000_000n;

interface Interface {
  readonly linkType: number;
  /** 0 for no limit. */
  readonly snapLength: number;
  /** Units of a timestamp per second. */
  readonly unitsPerSecond: bigint;
  /** Seconds to add to every timestamp. */
  readonly offsetSeconds: bigint;
}

interface Section {
  readonly numbers: Numbers;
  readonly interfaces: Interface[];
}

/** Whether a file begins like a pcapng. */
export function isPcapng(head: Buffer): boolean {
  return head.length >= 4 && head.readUInt32BE(0) === BLOCK.section;
}

/**
 * The packets of a pcapng file: sections of either byte order, interfaces with their own link types and clocks, packets in enhanced, simple and
 * the old form. Other blocks are passed over; a last block that is cut off ends it.
 *
 * @throws ERR_USAGE when it is broken
 * @see https://ietf-opsawg-wg.github.io/draft-ietf-opsawg-pcap/draft-ietf-opsawg-pcapng.html
 */
export async function* readPcapng(source: ByteSource): AsyncGenerator<Packet[], void, undefined> {
  const reader = new BlockReader();
  for (let wanted = HEAD_BYTES; ; wanted = reader.wanted) {
    const held = await source.fill(wanted);
    const packets = reader.read(held);
    if (packets.length > 0) yield packets;
    if (reader.failure !== null) throw reader.failure;
    if (held.length < wanted) return;
    await source.skip(reader.consumed);
  }
}

/** Type and length of a block, and the byte order of a section. */
const HEAD_BYTES = 12;

/** Reads the blocks of a pcapng file one after the other. */
class BlockReader {
  /** Bytes that the last call is done with; may be more than it was given. */
  consumed: number;
  /** Bytes to come for the next block. */
  wanted: number;
  /** Why the file cannot be read further. */
  failure: Error | null;
  #section: Section | null;

  constructor() {
    this.consumed = 0;
    this.wanted = HEAD_BYTES;
    this.failure = null;
    this.#section = null;
  }

  /** Returns the packets of the whole blocks in the bytes. @param held from the beginning of a block on */
  read(held: Buffer): Packet[] {
    const packets: Packet[] = [];
    this.consumed = 0;
    this.wanted = HEAD_BYTES;
    try {
      while (held.length - this.consumed >= this.wanted) this.#readBlock(held, packets);
    } catch (error) {
      this.failure = error as Error;
    }
    return packets;
  }

  #readBlock(held: Buffer, packets: Packet[]): void {
    const at = this.consumed;
    if (held.readUInt32BE(at) === BLOCK.section) this.#section = { numbers: byteOrder(held.subarray(at)), interfaces: [] };
    const section = this.#section;
    if (section === null) throw brokenCapture('it does not begin with a section');
    const type = section.numbers.u32(held, at);
    const length = section.numbers.u32(held, at + 4);
    if (length < FRAME_BYTES || length % 4 !== 0) throw brokenCapture(`a block of ${length} bytes`);
    if (!isRead(type)) {
      this.consumed += length;
      return;
    }
    if (length > MAX_PACKET_BYTES) throw brokenCapture(`a block of ${length} bytes`);
    this.wanted = length;
    if (held.length - at < length) return;
    const packet = readBlock(section, type, held.subarray(at + 8, at + length - 4));
    if (packet !== null) packets.push(packet);
    this.consumed += length;
    this.wanted = HEAD_BYTES;
  }
}

function isRead(type: number): boolean {
  return type === BLOCK.interface || type === BLOCK.packet || type === BLOCK.simplePacket || type === BLOCK.enhancedPacket;
}

function byteOrder(head: Buffer): Numbers {
  switch (head.subarray(8, 12).toString('hex')) {
    case '1a2b3c4d':
      return BIG_ENDIAN;
    case '4d3c2b1a':
      return LITTLE_ENDIAN;
    default:
      throw brokenCapture('a section without a byte order');
  }
}

function readBlock({ numbers, interfaces }: Section, type: number, body: Buffer): Packet | null {
  switch (type) {
    case BLOCK.interface:
      if (interfaces.length >= MAX_INTERFACES) throw brokenCapture(`more than ${MAX_INTERFACES} interfaces`);
      interfaces.push(readInterface(numbers, body));
      return null;
    case BLOCK.simplePacket:
      return simplePacket(numbers, interfaceOf(interfaces, 0), body);
    default:
      return timedPacket(numbers, interfaces, type, body);
  }
}

/** u16 link type, u16 reserved, u32 snapshot length, options. */
function readInterface(numbers: Numbers, body: Buffer): Interface {
  if (body.length < 8) throw brokenCapture('an interface that is cut off');
  let unitsPerSecond = 1_000_000n;
  let offsetSeconds = 0n;
  for (const { code, value } of optionsOf(numbers, body.subarray(8))) {
    if (code === OPTION.timeResolution && value.length >= 1) unitsPerSecond = resolution(value.readUInt8(0));
    if (code === OPTION.timeOffset && value.length >= 8) offsetSeconds = numbers.i64(value, 0);
  }
  return { linkType: numbers.u16(body, 0), snapLength: numbers.u32(body, 4), unitsPerSecond, offsetSeconds };
}

/** A negative power of ten, or of two when the high bit is set. */
function resolution(byte: number): bigint {
  return byte < 0x80 ? 10n ** BigInt(byte) : 2n ** BigInt(byte & 0x7f);
}

/** u16 code, u16 length, value padded to 4 bytes. */
function* optionsOf(numbers: Numbers, bytes: Buffer): Generator<{ code: number; value: Buffer }> {
  let at = 0;
  while (at + 4 <= bytes.length) {
    const code = numbers.u16(bytes, at);
    const size = numbers.u16(bytes, at + 2);
    if (code === OPTION.end || at + 4 + size > bytes.length) return;
    yield { code, value: bytes.subarray(at + 4, at + 4 + size) };
    at += 4 + ((size + 3) & ~3);
  }
}

/** u32 original length, bytes; always of the first interface. */
function simplePacket(numbers: Numbers, { linkType, snapLength }: Interface, body: Buffer): Packet {
  if (body.length < 4) throw brokenCapture('a packet that is cut off');
  const original = numbers.u32(body, 0);
  const captured = Math.min(original, snapLength === 0 ? original : snapLength, body.length - 4);
  return { timeNs: null, linkType, bytes: body.subarray(4, 4 + captured) };
}

/** Enhanced: u32 interface; old: u16 interface, u16 drops. Then u32 × 2 timestamp, u32 captured length, u32 original length, bytes. */
function timedPacket(numbers: Numbers, interfaces: readonly Interface[], type: number, body: Buffer): Packet {
  if (body.length < 20) throw brokenCapture('a packet that is cut off');
  const from = interfaceOf(interfaces, type === BLOCK.packet ? numbers.u16(body, 0) : numbers.u32(body, 0));
  const captured = numbers.u32(body, 12);
  if (captured > body.length - 20) throw brokenCapture(`a packet of ${captured} bytes in a block of ${body.length}`);
  const units = (BigInt(numbers.u32(body, 4)) << 32n) | BigInt(numbers.u32(body, 8));
  const timeNs = from.offsetSeconds * NANOS + (units * NANOS) / from.unitsPerSecond;
  return { timeNs, linkType: from.linkType, bytes: body.subarray(20, 20 + captured) };
}

function interfaceOf(interfaces: readonly Interface[], id: number): Interface {
  const found = interfaces[id];
  if (found === undefined) throw brokenCapture(`a packet of interface ${id}, which is not described`);
  return found;
}
