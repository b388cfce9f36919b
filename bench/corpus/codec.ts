import { deepStrictEqual } from 'node:assert/strict';
import { bytes as size } from '../figures/units.ts';
import { documents, FRESH, FRESH_ENCODED, type Message, messages, numberLists, RING, TEXTS } from './values.ts';

/** Operations after which every value of the longest ring has had its turn. */
export const ROUND = FRESH_ENCODED;

/** One operation on the ring's next value; `turn` counts them. What it returns goes into a sink, so that the engine cannot drop the work. */
export type Operation = (turn: number) => number;

/** Named cases; building one makes its inputs. */
export type Cases = Readonly<Record<string, () => Operation>>;

/** How a library turns one kind of value into bytes and back. */
export interface Coder<T> {
  /** Encodes as users of the library do. @returns the number of bytes */
  readonly encode: (value: T) => number;
  /** The bytes {@link encode} makes, owned. */
  readonly bytes: (value: T) => Uint8Array;
  /** Makes the operation that decodes the next of these values far enough to read the fields {@link encode} was given. */
  readonly decoding: (encoded: readonly Uint8Array[]) => Operation;
  /** The whole values again, by the same way: checked before anything is timed. */
  readonly values: (encoded: readonly Uint8Array[]) => readonly T[];
}

/** A message coder. A stream's also decodes what comes in chunks of any size. */
export interface MessageCoder extends Coder<Message> {
  /** Like {@link Coder.decoding}, with the messages one behind the other in chunks of so many bytes; 0 is a chunk for each message. */
  readonly decodingChunks?: (encoded: readonly Uint8Array[], chunkBytes: number) => Operation;
}

/** What a library can do; a missing coder leaves its cases out. */
export interface Coders {
  readonly message: MessageCoder;
  readonly text: Coder<string>;
  readonly numbers: Coder<readonly number[]>;
  readonly document?: Coder<Record<string, unknown>>;
}

/** A codec under test. */
export interface Library {
  readonly name: string;
  readonly packages: readonly string[];
  readonly cases: Cases;
}

/** A coder from the two functions most libraries have. */
export function coder<T>(encode: (value: T) => Uint8Array, decode: (bytes: Uint8Array) => T, touch: (value: T) => number): Coder<T> {
  return { encode: (value) => encode(value).length, bytes: encode, ...eachAlone(decode, touch) };
}

/** Decodes values that each have bytes of their own. */
export function eachAlone<T>(decode: (bytes: Uint8Array) => T, touch: (value: T) => number): Pick<Coder<T>, 'decoding' | 'values'> {
  return {
    decoding: (encoded) => {
      const mask = encoded.length - 1;
      return (turn) => touch(decode(encoded[turn & mask] as Uint8Array));
    },
    values: (encoded) => encoded.map(decode),
  };
}

/** Reads every part of a message. */
export function touchMessage({ id, action, headers, body }: Message): number {
  return id + action.length + body.length + touchHeaders(headers);
}

export function touchHeaders(headers: Message['headers']): number {
  let read = 0;
  for (const name in headers) read += (headers[name] as string).length;
  return read;
}

/** The cases all libraries share, on equal values. */
export function sharedCases({ message, text, numbers, document }: Coders): Cases {
  const cases: Record<string, () => Operation> = {};
  for (const headers of [0, 2, 8]) {
    for (const fresh of headers === 0 ? [false] : [false, true]) {
      const name = `${headers}-headers${fresh ? '/fresh' : headers === 0 ? '' : '/repeated'}`;
      const of = (count: number) => (): Message[] => messages(fresh ? count : RING, headers, fresh, 128);
      pair(cases, 'message', name, message, of(FRESH), of(FRESH_ENCODED));
    }
  }
  for (const bodyBytes of [4 * 1024, 64 * 1024]) {
    pair(cases, 'message', `2-headers/repeated/${size(bodyBytes).replace(' ', '-')}`, message, () => messages(RING, 2, false, bodyBytes));
  }
  if (message.decodingChunks !== undefined) chunked(cases, message, message.decodingChunks);
  for (const [name, values] of Object.entries(TEXTS)) pair(cases, 'text', name, text, values);
  pair(cases, 'numbers', '16-vints', numbers, numberLists);
  if (document !== undefined) pair(cases, 'document', 'generic', document, documents);
  return cases;
}

/** An encode and a decode case. @param makeEncoded what is decoded, unless it is what is encoded */
export function pair<T>(
  cases: Record<string, () => Operation>,
  kind: string,
  name: string,
  { encode, bytes, decoding, values }: Coder<T>,
  make: () => readonly T[],
  makeEncoded: () => readonly T[] = make,
): void {
  cases[`${kind}/encode/${name}`] = () => {
    const given = make();
    const mask = given.length - 1;
    return (turn) => encode(given[turn & mask] as T);
  };
  cases[`${kind}/decode/${name}`] = () => {
    const given = makeEncoded();
    const encoded = given.map((one) => Buffer.from(bytes(one)));
    deepStrictEqual(values(encoded).map(plain), given.map(plain));
    return decoding(encoded);
  };
}

/** What the way the bytes come in costs: a chunk for each message, full reads, chunks that cut every message. */
const CHUNKS = { 'a-chunk-each': 0, '64-KiB-chunks': 64 * 1024, '100-B-chunks': 100 } as const;

function chunked(
  cases: Record<string, () => Operation>,
  { bytes }: MessageCoder,
  decoding: NonNullable<MessageCoder['decodingChunks']>,
): void {
  for (const [name, chunkBytes] of Object.entries(CHUNKS)) {
    cases[`message/decode/2-headers/repeated/${name}`] = () => {
      const encoded = messages(RING, 2, false, 128).map((one) => Buffer.from(bytes(one)));
      return decoding(encoded, chunkBytes);
    };
  }
}

/** The same value without the classes a library gives its messages and bytes. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.keys(value).map((key) => [key, plain((value as Record<string, unknown>)[key])]));
}
