import type { RestExecuteOnExtensionResponseInit } from '../../protocol/action/extension/node-to-extension.ts';
import { type RestStatus, restStatusOf } from '../../protocol/codec/rest-status.ts';
import { reasonOf } from '../../protocol/error/reason-of.ts';
import { UsageError } from '../../protocol/error/transport-error.ts';
import { answerHeaders, type HeadersInit } from './response-headers.ts';

const JSON_TYPE = 'application/json; charset=UTF-8';
const TEXT_TYPE = 'text/plain; charset=UTF-8';
const BYTES_TYPE = 'application/octet-stream';

/** Status and headers of an answer. */
export interface ResponseOptions {
  /** HTTP status; a node can pass on neither 1xx nor 308. @default 200 */
  readonly status?: number;
  /** @default none */
  readonly headers?: HeadersInit;
}

/** An answer in full. */
export interface ResponseInit extends ResponseOptions {
  /** Text goes out as UTF-8. @default nothing */
  readonly body?: string | Uint8Array;
  /** A `Content-Type` among the headers wins. @default text/plain for text, application/octet-stream for bytes */
  readonly contentType?: string;
}

/** An answer of a handler. {@link response}, {@link json} and {@link text} make one. */
export class ExtensionResponse {
  readonly status: RestStatus;
  readonly contentType: string;
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, readonly string[]>>;

  /** @throws ERR_USAGE for a status or a header that a node cannot pass on */
  constructor({ status = 200, headers = {}, body = '', contentType }: ResponseInit) {
    const { contentType: fromHeaders, headers: others } = answerHeaders(headers);
    this.status = answerStatus(status);
    this.contentType = fromHeaders ?? contentType ?? (typeof body === 'string' ? TEXT_TYPE : BYTES_TYPE);
    this.body = typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
    this.headers = others;
  }
}

/**
 * A value that a handler may return:
 *
 * - text: 200, `text/plain` · bytes: 200, `application/octet-stream`
 * - objects, arrays, numbers and booleans: 200, JSON
 * - nothing or null: 204
 * - an answer of {@link response}, {@link json} or {@link text}: as it says
 */
export type HandlerResult = ExtensionResponse | string | Uint8Array | object | number | boolean | null | undefined | void;

/** Makes an answer in full. @throws ERR_USAGE for a status or a header that a node cannot pass on */
export function response(init: ResponseInit): ExtensionResponse {
  return new ExtensionResponse(init);
}

/** Makes a JSON answer. @throws ERR_USAGE for a value that JSON cannot hold, and as {@link response} */
export function json(value: unknown, options: ResponseOptions = {}): ExtensionResponse {
  return new ExtensionResponse({ ...options, body: jsonText(value), contentType: JSON_TYPE });
}

/** Makes a `text/plain` answer. @throws ERR_USAGE as {@link response} */
export function text(value: string, options: ResponseOptions = {}): ExtensionResponse {
  return new ExtensionResponse({ ...options, body: value, contentType: TEXT_TYPE });
}

function jsonText(value: unknown): string {
  let made: string | undefined;
  try {
    made = JSON.stringify(value);
  } catch (cause) {
    throw new UsageError('ERR_USAGE', { cause }, `cannot write the answer as JSON: ${reasonOf(cause)}`);
  }
  if (made === undefined) throw new UsageError('ERR_USAGE', {}, `cannot write the answer as JSON: it is a ${typeof value}`);
  return made;
}

function answerStatus(code: number): RestStatus {
  if (code === 308) throw new UsageError('ERR_USAGE', {}, 'cannot answer with status 308: a node has no name for it; use 307');
  if (code >= 100 && code < 200)
    throw new UsageError('ERR_USAGE', {}, `cannot answer with status ${code}: a node ends the client's connection on 1xx`);
  const status = restStatusOf(code);
  if (status === undefined) throw new UsageError('ERR_USAGE', {}, `status must be one that OpenSearch knows, got ${String(code)}`);
  return status;
}

/** Returns the answer for what a handler returned. @throws ERR_USAGE for a value that cannot be answered */
export function toExtensionResponse(result: unknown): ExtensionResponse {
  if (result instanceof ExtensionResponse) return result;
  if (result === undefined || result === null) return new ExtensionResponse({ status: 204 });
  if (typeof result === 'string' || result instanceof Uint8Array) return new ExtensionResponse({ body: result });
  if (typeof result === 'object' && (Symbol.asyncIterator in result || result instanceof ArrayBuffer)) {
    throw new UsageError('ERR_USAGE', {}, 'a handler returned a stream or an ArrayBuffer; an answer goes out whole, as a Uint8Array');
  }
  const kind = kindWithoutJson(result);
  if (kind !== null) {
    const text = `a handler returned a ${kind}, whose contents JSON leaves out; return text, a Uint8Array, a plain object or array, or response({…})`;
    throw new UsageError('ERR_USAGE', {}, text);
  }
  return json(result);
}

/** Returns the name of a kind of object that JSON shows as `{}` or as an object of its bytes, null for any other value. */
function kindWithoutJson(value: unknown): string | null {
  if (ArrayBuffer.isView(value)) return 'view of a buffer, but not a Uint8Array';
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return null;
  const kinds = { Map, Set, Error, Response, Blob };
  return Object.entries(kinds).find(([, kind]) => value instanceof kind)?.[0] ?? null;
}

/**
 * Returns the message that answers a node.
 *
 * @param consumedParams names of the parameters that the extension knows: for any other that was sent the node answers 400
 * @memory body bytes are given until the message is written
 * @see extensions.md §1.5
 */
export function answerMessage(
  { status, contentType, body, headers }: ExtensionResponse,
  consumedParams: readonly string[],
): RestExecuteOnExtensionResponseInit {
  return { status, contentType, content: body, headers, consumedParams: [...consumedParams], contentConsumed: true };
}
