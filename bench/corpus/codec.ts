import { deepStrictEqual } from 'node:assert/strict';
import { bytes as size } from '../figures/units.ts';
import { documents, type Message, messages, numberLists, RING, TEXTS } from './values.ts';

/** Index of a ring's value from a counter. */
export const RING_MASK = RING - 1;

/** One operation on one of the ring's values. What it returns goes into a sink, so that the engine cannot drop the work. */
export type Operation = (at: number) => number;

/** Named cases; building one makes its inputs. */
export type Cases = Readonly<Record<string, () => Operation>>;

/** How a library turns one kind of value into bytes and back. */
export interface Coder<T> {
  /** Encodes as users of the library do. @returns the number of bytes */
  readonly encode: (value: T) => number;
  /** The bytes {@link encode} makes, owned. */
  readonly bytes: (value: T) => Uint8Array;
  /** Decodes far enough to read the fields {@link encode} was given. @returns something of what was read */
  readonly decode: (bytes: Uint8Array) => number;
  /** The whole value again: checked before anything is timed. */
  readonly value: (bytes: Uint8Array) => T;
}

/** What a library can do; a missing coder leaves its cases out. */
export interface Coders {
  readonly message: Coder<Message>;
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
  return { encode: (value) => encode(value).length, bytes: encode, decode: (bytes) => touch(decode(bytes)), value: decode };
}

/** Reads every part of a message. */
export function touchMessage({ id, action, headers, body }: Message): number {
  let read = id + action.length + body.length;
  for (const name in headers) read += (headers[name] as string).length;
  return read;
}

/** The cases all libraries share, on equal values. */
export function sharedCases({ message, text, numbers, document }: Coders): Cases {
  const cases: Record<string, () => Operation> = {};
  for (const headers of [0, 2, 8]) {
    for (const fresh of headers === 0 ? [false] : [false, true]) {
      const name = `${headers}-headers${fresh ? '/fresh' : headers === 0 ? '' : '/repeated'}`;
      pair(cases, 'message', name, message, () => messages(headers, fresh, 128));
    }
  }
  for (const bodyBytes of [4 * 1024, 64 * 1024]) {
    pair(cases, 'message', `2-headers/fresh/${size(bodyBytes).replace(' ', '-')}`, message, () => messages(2, true, bodyBytes));
  }
  for (const [name, values] of Object.entries(TEXTS)) pair(cases, 'text', name, text, values);
  pair(cases, 'numbers', '16-vints', numbers, numberLists);
  if (document !== undefined) pair(cases, 'document', 'generic', document, documents);
  return cases;
}

/** An encode and a decode case. */
export function pair<T>(
  cases: Record<string, () => Operation>,
  kind: string,
  name: string,
  { encode, bytes, decode, value }: Coder<T>,
  make: () => readonly T[],
): void {
  cases[`${kind}/encode/${name}`] = () => {
    const values = make();
    return (at) => encode(values[at] as T);
  };
  cases[`${kind}/decode/${name}`] = () => {
    const values = make();
    const encoded = values.map((one) => Buffer.from(bytes(one)));
    for (let at = 0; at < RING; at++) deepStrictEqual(plain(value(encoded[at] as Uint8Array)), plain(values[at]));
    return (at) => decode(encoded[at] as Uint8Array);
  };
}

/** The same value without the classes a library gives its messages and bytes. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.keys(value).map((key) => [key, plain((value as Record<string, unknown>)[key])]));
}
