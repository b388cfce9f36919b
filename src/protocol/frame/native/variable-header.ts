import type { StreamOutput } from '../../wire/stream-output.ts';
import { StreamInput } from '../../wire/stream-input.ts';

/** Headers of a thread context by name. */
export type RequestHeaders = Readonly<Record<string, string>>;

/** Response headers of a thread context: each name has a set of values, in order. */
export type ResponseHeaders = Readonly<Record<string, readonly string[]>>;

const NO_HEADERS: RequestHeaders = Object.freeze({});
const NO_RESPONSE_HEADERS: ResponseHeaders = Object.freeze({});

/**
 * The variable header of one frame or of many alike. It is checked when it is made; the maps are parsed when first asked for.
 *
 * @memory owns its bytes; several messages may share one
 * @see wire-format.md §3
 */
export class VariableHeader {
  /** The action, empty in responses. */
  readonly action: string;
  readonly features: readonly string[];
  /** For the upper room: what it resolved the action to, kept as long as the header is cached. */
  slot: unknown;
  readonly #bytes: Buffer;
  readonly #responseAt: number;
  #requestHeaders: RequestHeaders | null;
  #responseHeaders: ResponseHeaders | null;

  /**
   * @param bytes given: must not change any more
   * @throws ERR_DECODE when the bytes are no variable header. What stands behind it is ignored, as by a node (conformance.md VAR-009, VAR-019)
   */
  constructor(bytes: Buffer, request: boolean) {
    const input = new StreamInput(bytes);
    const requestCount = input.readCount(2);
    for (let i = 0; i < requestCount; i++) {
      input.skipString();
      input.skipString();
    }
    const responseAt = input.offset;
    const responseCount = input.readCount(2);
    for (let i = 0; i < responseCount; i++) {
      input.skipString();
      for (let left = input.readCount(); left > 0; left--) input.skipString();
    }
    this.features = request ? readStrings(input) : [];
    this.action = request ? input.readString() : '';
    this.slot = null;
    this.#bytes = bytes;
    this.#responseAt = responseAt;
    this.#requestHeaders = requestCount === 0 ? NO_HEADERS : null;
    this.#responseHeaders = responseCount === 0 ? NO_RESPONSE_HEADERS : null;
  }

  /** Request headers of the sender's thread context. A repeated name keeps its last value. */
  get requestHeaders(): RequestHeaders {
    this.#requestHeaders ??= readHeaders(new StreamInput(this.#bytes), (input) => input.readString());
    return this.#requestHeaders;
  }

  /** Response headers of the sender's thread context. */
  get responseHeaders(): ResponseHeaders {
    this.#responseHeaders ??= readHeaders(new StreamInput(this.#bytes.subarray(this.#responseAt)), readStrings);
    return this.#responseHeaders;
  }
}

function readStrings(input: StreamInput): string[] {
  const strings: string[] = [];
  for (let left = input.readCount(); left > 0; left--) strings.push(input.readString());
  return strings;
}

function readHeaders<T>(input: StreamInput, readValue: (input: StreamInput) => T): Readonly<Record<string, T>> {
  const headers: Record<string, T> = Object.create(null) as Record<string, T>;
  for (let left = input.readCount(2); left > 0; left--) headers[input.readString()] = readValue(input);
  return headers;
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
