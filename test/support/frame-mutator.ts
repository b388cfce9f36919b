import { deflateBody } from '../../src/protocol/frame/native/compression.ts';
import { PING } from '../../src/protocol/frame/native/fixed-header.ts';
import { goldenVectors } from '../vectors/load.ts';
import { rawFrame, requestHeader } from './raw-frame.ts';

type Random = () => number;

/** Numbers that parsers trip over, as 32 bits. */
const NUMBERS = [
  0,
  1,
  2,
  12,
  16,
  18,
  19,
  23,
  127,
  128,
  255,
  256,
  16_383,
  16_384,
  65_535,
  65_536,
  2 ** 20,
  2 ** 27,
  2 ** 30,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 2,
  2 ** 32 - 1,
];

/** Bytes that mean something to a parser. */
const WORDS = [
  '4553',
  '45530000',
  '4553ffffffff',
  '44464c00',
  'ffffffff0f',
  'ffffffff07',
  '8080808000',
  '00',
  '01',
  'ff',
  '474554202f20',
  '160301',
];

/** Frames of genuine nodes of both lines. */
export const GENUINE: readonly Buffer[] = (['2.19.6', '3.9.0'] as const).flatMap((release) =>
  goldenVectors(release)
    .filter(({ kind }) => kind === 'frame')
    .map(({ hex }) => Buffer.from(hex, 'hex')),
);

/** One frame that is well formed, a request or an answer of one of these actions, or one that a genuine node wrote. */
export function someFrame(random: Random, actions: readonly string[]): Buffer {
  const kind = random();
  if (kind < 0.3) return pick(random, GENUINE);
  if (kind < 0.35) return PING;
  const size = random() < 0.05 ? 20_000 + whole(random, 60_000) : whole(random, 60);
  const plain = Buffer.concat([Buffer.of(0), randomBytes(random, size)]);
  const compressed = random() < 0.3;
  const body = compressed ? deflateBody(plain) : plain;
  const id = BigInt(whole(random, 40));
  const status = (compressed ? 4 : 0) | (random() < 0.1 ? 8 : 0);
  if (kind < 0.8) return rawFrame({ id, status, variable: requestHeader(pick(random, actions)), body });
  return rawFrame({ id, status: status | (random() < 0.4 ? 3 : 1), body });
}

/** The bytes after one to four accidents. */
export function mutate(random: Random, frame: Buffer, others: readonly Buffer[]): Buffer {
  let bytes = Buffer.from(frame);
  for (let left = 1 + whole(random, 4); left > 0; left--) bytes = pick(random, ACCIDENTS)(random, bytes, others);
  return bytes;
}

type Accident = (random: Random, bytes: Buffer, others: readonly Buffer[]) => Buffer<ArrayBuffer>;

const ACCIDENTS: readonly Accident[] = [
  function flipBit(random, bytes) {
    const copy = Buffer.from(bytes);
    const at = whole(random, copy.length);
    if (at < copy.length) copy[at] = (copy[at] as number) ^ (1 << whole(random, 8));
    return copy;
  },
  function flipEarlyBit(random, bytes) {
    const copy = Buffer.from(bytes);
    const at = whole(random, Math.min(60, copy.length));
    if (at < copy.length) copy[at] = (copy[at] as number) ^ (1 << whole(random, 8));
    return copy;
  },
  function truncate(random, bytes) {
    return Buffer.from(bytes.subarray(0, whole(random, bytes.length)));
  },
  function splice(random, bytes, others) {
    const other = pick(random, others);
    return Buffer.concat([bytes.subarray(0, whole(random, bytes.length)), other.subarray(whole(random, other.length))]);
  },
  function append(random, bytes, others) {
    return Buffer.concat([bytes, pick(random, others)]);
  },
  function interleave(random, bytes, others) {
    const at = whole(random, bytes.length);
    return Buffer.concat([bytes.subarray(0, at), pick(random, others), bytes.subarray(at)]);
  },
  function duplicateSpan(random, bytes) {
    const at = whole(random, bytes.length);
    const span = bytes.subarray(at, at + whole(random, 40));
    return Buffer.concat([bytes.subarray(0, at), span, bytes.subarray(at)]);
  },
  function dropSpan(random, bytes) {
    const at = whole(random, bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + whole(random, 10))]);
  },
  function overwriteNumber(random, bytes) {
    const copy = Buffer.from(bytes);
    if (copy.length >= 4) copy.writeUInt32BE(pick(random, NUMBERS), whole(random, copy.length - 3));
    return copy;
  },
  function editLength(random, bytes) {
    const copy = Buffer.from(bytes);
    const offset = random() < 0.5 ? 2 : 19;
    if (copy.length >= offset + 4) copy.writeInt32BE((copy.readInt32BE(offset) + whole(random, 9) - 4) | 0, offset);
    return copy;
  },
  function overwriteWord(random, bytes) {
    const word = Buffer.from(pick(random, WORDS), 'hex');
    const copy = Buffer.from(bytes);
    if (copy.length > 0) word.copy(copy, whole(random, copy.length));
    return copy;
  },
  function insertNoise(random, bytes) {
    const at = whole(random, bytes.length);
    return Buffer.concat([bytes.subarray(0, at), randomBytes(random, 1 + whole(random, 12)), bytes.subarray(at)]);
  },
];

/** An integer from 0 up to but not including `below`; 0 when there is none. */
export function whole(random: Random, below: number): number {
  return Math.floor(random() * below);
}

function pick<T>(random: Random, from: readonly T[]): T {
  return from[whole(random, from.length)] as T;
}

function randomBytes(random: Random, size: number): Buffer<ArrayBuffer> {
  return Buffer.from(Uint8Array.from({ length: size }, () => whole(random, 256)));
}
