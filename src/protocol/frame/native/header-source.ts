import { DecodeError } from '../../error/transport-error.ts';
import type { FastBuffer } from '../../wire/fast-buffer.ts';
import { StreamInput } from '../../wire/stream-input.ts';
import { isAsciiView } from '../../wire/text.ts';
import type { SeenStrings } from './seen-strings.ts';

/** The position of a variable header in memory. @memory borrowed */
export interface HeaderPlace {
  readonly bytes: Buffer;
  /** A view over the whole memory of `bytes`. */
  readonly words: DataView;
  /** Where `bytes` begin in that memory. */
  readonly base: number;
  /** Where the header begins in `bytes`. */
  readonly at: number;
  readonly size: number;
}

/** Reads the counts and strings of a variable header, one after the other. @memory keeps nothing of the bytes */
export interface HeaderSource {
  /** Offset of the next one in the header. */
  at: number;
  /** Reads a vInt count of items that take at least so many bytes each. */
  count(minBytes: number): number;
  string(): string;
  skip(): void;
  /** Reads the next string, and returns one seen before if it is equal. */
  action(place: HeaderPlace, seen: SeenStrings): string;
}

export function headerSource({ bytes, words, base, at, size }: HeaderPlace): HeaderSource {
  // If all bytes are ASCII, every length is one byte, and one string made at once can be cut into all the others (performance.md L7).
  if (isAsciiView(words, base + at, base + at + size)) return new AsciiSource((bytes as FastBuffer).latin1Slice(at, at + size));
  return new ByteSource(Buffer.from(bytes.subarray(at, at + size)));
}

class AsciiSource implements HeaderSource {
  at: number;
  readonly #text: string;

  constructor(text: string) {
    this.at = 0;
    this.#text = text;
  }

  count(minBytes: number): number {
    const at = this.at;
    const count = this.#text.charCodeAt(at);
    // Not a number when the text has ended.
    if (!(count * minBytes < this.#text.length - at)) throw shortHeader(at, count * minBytes, this.#text.length - at - 1);
    this.at = at + 1;
    return count;
  }

  string(): string {
    const length = this.count(1);
    const at = this.at;
    this.at = at + length;
    return this.#text.substring(at, at + length);
  }

  skip(): void {
    const length = this.count(1);
    this.at += length;
  }

  action({ bytes, words, base, at: headerAt }: HeaderPlace, seen: SeenStrings): string {
    const length = this.count(1);
    const at = headerAt + this.at;
    this.at += length;
    return seen.action(bytes, words, base, at, length);
  }
}

function shortHeader(at: number, wanted: number, left: number): DecodeError {
  const text = `expected ${Number.isNaN(wanted) ? 1 : wanted} more bytes, got ${Math.max(left, 0)} (at byte ${at})`;
  return new DecodeError('ERR_DECODE', { offset: at }, text);
}

class ByteSource implements HeaderSource {
  readonly #input: StreamInput;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#input = new StreamInput(bytes);
  }

  get at(): number {
    return this.#input.offset;
  }

  set at(offset: number) {
    const { version } = this.#input;
    this.#input.reset(this.#bytes, 0, this.#bytes.length, version, version, true);
    this.#input.readBytes(offset);
  }

  count(minBytes: number): number {
    return this.#input.readCount(minBytes);
  }

  string(): string {
    return this.#input.readString();
  }

  skip(): void {
    this.#input.skipString();
  }

  action(): string {
    return this.#input.readString();
  }
}
