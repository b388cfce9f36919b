import { UsageError } from '../../protocol/error/transport-error.ts';

/** One packet of a capture. */
export interface Packet {
  /** Nanoseconds since 1970; null where the capture has no time. */
  readonly timeNs: bigint | null;
  /** What its first header is: a LINKTYPE number of the tcpdump group. */
  readonly linkType: number;
  /** As captured. @memory owned */
  readonly bytes: Buffer;
}

/** Largest packet or block of a capture that is read: what more there is comes from a broken or hostile file. */
export const MAX_PACKET_BYTES = 16 * 1024 * 1024;

/** Numbers of a capture file in the byte order of the machine that wrote it. */
export interface Numbers {
  u16(bytes: Buffer, at: number): number;
  u32(bytes: Buffer, at: number): number;
  i64(bytes: Buffer, at: number): bigint;
}

export const BIG_ENDIAN: Numbers = {
  u16: (bytes, at) => bytes.readUInt16BE(at),
  u32: (bytes, at) => bytes.readUInt32BE(at),
  i64: (bytes, at) => bytes.readBigInt64BE(at),
};

export const LITTLE_ENDIAN: Numbers = {
  u16: (bytes, at) => bytes.readUInt16LE(at),
  u32: (bytes, at) => bytes.readUInt32LE(at),
  i64: (bytes, at) => bytes.readBigInt64LE(at),
};

/** The error for a capture that is broken, with the place. */
export function brokenCapture(text: string): UsageError {
  return new UsageError('ERR_USAGE', {}, `the capture is broken: ${text}`);
}
