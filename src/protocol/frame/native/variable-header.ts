import { DecodeError } from '../../error/transport-error.ts';
import type { StreamOutput } from '../../wire/stream-output.ts';
import type { HeaderNames } from './header-names.ts';
import { type HeaderPlace, type HeaderSource, headerSource } from './header-source.ts';
import { SeenStrings } from './seen-strings.ts';

/** Headers of a thread context by name. */
export type RequestHeaders = Readonly<Record<string, string>>;

/** Response headers of a thread context: each name has a set of values, in order. */
export type ResponseHeaders = Readonly<Record<string, readonly string[]>>;

/** Most strings in a list or in the maps of a header: names and values. Genuine nodes send a few dozen. */
const MAX_STRINGS = 10_000;

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
  /** For the channel: what it resolved the action to, kept as long as the header is cached. */
  slot: unknown;
  /** True if several messages may have this header: its maps and their lists are then frozen. Set before they are asked for. */
  shared: boolean;
  readonly #source: HeaderSource;
  readonly #seen: SeenStrings;
  readonly #responseAt: number;
  #requestHeaders: RequestHeaders | null;
  #responseHeaders: ResponseHeaders | null;

  /**
   * @internal
   * @param seen strings of earlier headers, which are used again
   * @throws ERR_DECODE if the bytes are not a variable header. Bytes behind it are ignored, as by a node (wire-format.md §3)
   */
  constructor(place: HeaderPlace, request: boolean, seen: SeenStrings) {
    const source = headerSource(place);
    const requestCount = source.count(2);
    let strings = 2 * requestCount;
    checkStrings(strings, source.at);
    for (let left = 2 * requestCount; left > 0; left--) source.skip();
    const responseAt = source.at;
    const responseCount = source.count(2);
    for (let names = responseCount; names > 0; names--) {
      source.skip();
      const count = source.count(1);
      strings += 1 + count;
      checkStrings(strings, source.at);
      for (let left = count; left > 0; left--) source.skip();
    }
    this.features = request ? readStrings(source) : NO_STRINGS;
    this.action = request ? source.action(place, seen) : '';
    this.slot = null;
    this.shared = false;
    this.#source = source;
    this.#seen = seen;
    this.#responseAt = responseAt;
    this.#requestHeaders = requestCount === 0 ? NO_HEADERS : null;
    this.#responseHeaders = responseCount === 0 ? NO_RESPONSE_HEADERS : null;
  }

  /** Request headers of the sender's thread context. A repeated name keeps its last value. */
  get requestHeaders(): RequestHeaders {
    this.#requestHeaders ??= this.#finish(this.#readRequestHeaders());
    return this.#requestHeaders;
  }

  /** Response headers of the sender's thread context. */
  get responseHeaders(): ResponseHeaders {
    this.#responseHeaders ??= this.#finish(this.#readResponseHeaders());
    return this.#responseHeaders;
  }

  // hot: frame/decode
  #readRequestHeaders(): RequestHeaders {
    const source = this.#source;
    const { names } = this.#seen;
    source.at = 0;
    const count = source.count(2);
    const headers = new Names<string>();
    let known = names.length === count;
    for (let place = 0; place < count; place++) {
      const found = source.string();
      const name = names[place];
      if (name === found) headers[name] = source.string();
      else {
        headers[found] = source.string();
        known = false;
      }
    }
    if (!known) this.#seen.see(headers, source.at);
    return headers;
  }

  #readResponseHeaders(): ResponseHeaders {
    const source = this.#source;
    source.at = this.#responseAt;
    const headers = new Names<readonly string[]>();
    for (let left = source.count(2); left > 0; left--) headers[source.string()] = this.#finish(readStrings(source));
    return headers;
  }

  /** Freezes maps that several messages share. */
  #finish<T extends object>(headers: T): T {
    return this.shared ? Object.freeze(headers) : headers;
  }
}

/** Throws when a header names more strings than it may hold: each of them is small, all together would be slow to read and large to keep. */
function checkStrings(count: number, offset: number): void {
  if (count <= MAX_STRINGS) return;
  throw new DecodeError('ERR_DECODE', { offset }, `expected at most ${MAX_STRINGS} strings in the maps of a header, got ${count}`);
}

function readStrings(source: HeaderSource): readonly string[] {
  const count = source.count(1);
  checkStrings(count, source.at);
  if (count === 0) return NO_STRINGS;
  const strings: string[] = [];
  for (let left = count; left > 0; left--) strings.push(source.string());
  return strings;
}

/** The header of a message before there is any. */
export const NO_HEADER: VariableHeader = new VariableHeader(
  { bytes: Buffer.alloc(2), words: new DataView(new ArrayBuffer(2)), base: 0, at: 0, size: 2 },
  false,
  new SeenStrings(),
);

/** The parts of a variable header. */
export interface VariableHeaderParts {
  readonly requestHeaders?: RequestHeaders;
  readonly responseHeaders?: ResponseHeaders;
  /** For requests only. */
  readonly features?: readonly string[];
  /** For requests only: makes it the header of a request. */
  readonly action?: string;
}

/** Writes a variable header. @see wire-format.md §3 */
// hot: frame/encode
export function writeVariableHeader(output: StreamOutput, parts: VariableHeaderParts): void {
  const { requestHeaders, responseHeaders, features, action } = parts;
  if (requestHeaders === undefined) output.writeByte(0);
  else writeRequestHeaders(output, requestHeaders);
  if (responseHeaders === undefined) output.writeByte(0);
  else writeResponseHeaders(output, responseHeaders);
  if (action === undefined) return;
  if (features === undefined) output.writeByte(0);
  else writeStrings(output, features);
  output.writeString(action);
}

/** Writes the request headers, with which a variable header begins. */
// hot: frame/encode
export function writeRequestHeaders(output: StreamOutput, headers: RequestHeaders, names: HeaderNames | null = null): void {
  output.writeVInt(ownNames(headers));
  let place = 0;
  // In a loop over an object's own names the engine reads values by place, not by name.
  for (const name in headers) {
    if (!Object.prototype.hasOwnProperty.call(headers, name)) continue;
    if (names === null) output.writeString(name);
    else names.write(output, place++, name);
    output.writeString(headers[name] as string);
  }
}

function writeResponseHeaders(output: StreamOutput, headers: ResponseHeaders): void {
  output.writeVInt(ownNames(headers));
  for (const name in headers) {
    if (!Object.prototype.hasOwnProperty.call(headers, name)) continue;
    output.writeString(name);
    writeStrings(output, headers[name] as readonly string[]);
  }
}

function ownNames(headers: object): number {
  let count = 0;
  for (const name in headers) if (Object.prototype.hasOwnProperty.call(headers, name)) count++;
  return count;
}

function writeStrings(output: StreamOutput, strings: readonly string[]): void {
  output.writeVInt(strings.length);
  for (const value of strings) output.writeString(value);
}
