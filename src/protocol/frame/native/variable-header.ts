import { DecodeError } from '../../error/transport-error.ts';
import type { FastBuffer } from '../../wire/fast-buffer.ts';
import { StreamInput } from '../../wire/stream-input.ts';
import type { StreamOutput } from '../../wire/stream-output.ts';
import { isAscii } from '../../wire/text.ts';

/** Headers of a thread context by name. */
export type RequestHeaders = Readonly<Record<string, string>>;

/** Response headers of a thread context: each name has a set of values, in order. */
export type ResponseHeaders = Readonly<Record<string, readonly string[]>>;

const NO_STRINGS: readonly string[] = Object.freeze([]);

/** An object without inherited names (`headers.constructor` is undefined) that is as quick as a plain one; one with a null prototype is not. */
const Names = function () {} as unknown as new <T>() => Record<string, T>;
Names.prototype = Object.create(null) as object;

const NO_HEADERS: RequestHeaders = Object.freeze(new Names<string>());
const NO_RESPONSE_HEADERS: ResponseHeaders = Object.freeze(new Names<readonly string[]>());

/**
 * The variable header of one frame or of many alike. It is checked when it is made; the maps are parsed when first asked for.
 *
 * @memory keeps nothing of the bytes it is made from; several messages may share one
 * @see wire-format.md §3
 */
export class VariableHeader {
  /** The action, empty in responses. */
  readonly action: string;
  readonly features: readonly string[];
  /** For the upper room: what it resolved the action to, kept as long as the header is cached. */
  slot: unknown;
  readonly #source: Source;
  readonly #responseAt: number;
  #requestHeaders: RequestHeaders | null;
  #responseHeaders: ResponseHeaders | null;

  /**
   * @param bytes the header, or what it stands in from `start` to `end`. @memory borrowed
   * @throws ERR_DECODE when the bytes are no variable header. What stands behind it is ignored, as by a node (wire-format.md §3)
   */
  constructor(bytes: Buffer, request: boolean, start: number = 0, end: number = bytes.length) {
    const source = sourceOf(bytes, start, end);
    const requestCount = source.count(2);
    for (let left = 2 * requestCount; left > 0; left--) source.skip();
    const responseAt = source.at;
    const responseCount = source.count(2);
    for (let names = responseCount; names > 0; names--) {
      source.skip();
      for (let left = source.count(1); left > 0; left--) source.skip();
    }
    this.features = request ? readStrings(source) : NO_STRINGS;
    this.action = request ? source.string() : '';
    this.slot = null;
    this.#source = source;
    this.#responseAt = responseAt;
    this.#requestHeaders = requestCount === 0 ? NO_HEADERS : null;
    this.#responseHeaders = responseCount === 0 ? NO_RESPONSE_HEADERS : null;
  }

  /** Request headers of the sender's thread context. A repeated name keeps its last value. */
  get requestHeaders(): RequestHeaders {
    if (this.#requestHeaders === null) {
      const source = this.#source;
      source.at = 0;
      const headers = new Names<string>();
      for (let left = source.count(2); left > 0; left--) headers[source.string()] = source.string();
      // Requests with the same header share it.
      this.#requestHeaders = Object.freeze(headers);
    }
    return this.#requestHeaders;
  }

  /** Response headers of the sender's thread context. */
  get responseHeaders(): ResponseHeaders {
    if (this.#responseHeaders === null) {
      const source = this.#source;
      source.at = this.#responseAt;
      const headers = new Names<readonly string[]>();
      for (let left = source.count(2); left > 0; left--) headers[source.string()] = readStrings(source);
      this.#responseHeaders = Object.freeze(headers);
    }
    return this.#responseHeaders;
  }
}

/** Counts and strings one after the other. */
interface Source {
  /** Where the next one stands. */
  at: number;
  /** A vInt count of things that take at least so many bytes each. */
  count(minBytes: number): number;
  string(): string;
  skip(): void;
}

function sourceOf(bytes: Buffer, start: number, end: number): Source {
  // ASCII all over means that every length is one byte, and that one string made at once can be cut into all the others (performance.md L7).
  if (isAscii(bytes, start, end)) return new AsciiSource((bytes as FastBuffer).latin1Slice(start, end));
  return new ByteSource(Buffer.from(bytes.subarray(start, end)));
}

class AsciiSource implements Source {
  at = 0;
  readonly #text: string;

  constructor(text: string) {
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
}

function shortHeader(at: number, wanted: number, left: number): DecodeError {
  const text = `expected ${Number.isNaN(wanted) ? 1 : wanted} more bytes, found ${Math.max(left, 0)} (at byte ${at})`;
  return new DecodeError('ERR_DECODE', { offset: at }, text);
}

class ByteSource implements Source {
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
}

function readStrings(source: Source): readonly string[] {
  const count = source.count(1);
  if (count === 0) return NO_STRINGS;
  const strings: string[] = [];
  for (let left = count; left > 0; left--) strings.push(source.string());
  return strings;
}

/** What goes into a variable header. */
export interface VariableHeaderParts {
  readonly requestHeaders?: RequestHeaders;
  readonly responseHeaders?: ResponseHeaders;
  /** Requests only. */
  readonly features?: readonly string[];
  /** Present makes it the header of a request. */
  readonly action?: string;
}

/** Writes a variable header. @see wire-format.md §3 */
export function writeVariableHeader(output: StreamOutput, parts: VariableHeaderParts): void {
  const { requestHeaders = NO_HEADERS, responseHeaders = NO_RESPONSE_HEADERS, features = [], action } = parts;
  const names = Object.keys(requestHeaders);
  output.writeVInt(names.length);
  for (const name of names) {
    output.writeString(name);
    output.writeString(requestHeaders[name] as string);
  }
  const responseNames = Object.keys(responseHeaders);
  output.writeVInt(responseNames.length);
  for (const name of responseNames) {
    output.writeString(name);
    writeStrings(output, responseHeaders[name] as readonly string[]);
  }
  if (action === undefined) return;
  writeStrings(output, features);
  output.writeString(action);
}

function writeStrings(output: StreamOutput, strings: readonly string[]): void {
  output.writeVInt(strings.length);
  for (const value of strings) output.writeString(value);
}
