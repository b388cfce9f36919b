import { shortened } from '../../protocol/error/shortened.ts';
import {
  CancelledError,
  ConnectionLostError,
  DeadlineError,
  DialError,
  TransportError,
  UsageError,
} from '../../protocol/error/transport-error.ts';
import {
  checkOptions,
  describe,
  isCount,
  isSignal,
  isTimerFrom,
  isValueOr,
  must,
  type OptionChecks,
} from '../../transport/util/check-options.ts';
import { limited } from '../node/limited.ts';
import { reasonOfUnreachable } from '../node/unreachable.ts';
import type { OfficialClient, RestClient, RestClientAnswer, RestRequestOptions } from '../rest/rest-client.ts';
import { officialClient } from './official-client.ts';
import { contentOf, readBounded, valueOf } from './rest-body.ts';

/** The token of nodes without a security plug-in. @see extensions.md §1.3 */
const NO_TOKEN = 'noopToken';

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

/** Codes of errors before the first byte of a request was sent. */
const NOT_SENT: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

const CHECKS: OptionChecks<RestRequestOptions> = {
  signal: isSignal,
  headers: must(
    'an object of texts without Authorization: the client sends its token',
    (value) => isObject(value) && Object.entries(value).every(([name, text]) => isHeader(name, text)),
  ),
  query: must('an object of texts, numbers and booleans', (value) => isObject(value) && Object.values(value).every(isParameter)),
  timeoutMs: isValueOr(Number.POSITIVE_INFINITY, isTimerFrom(1)),
  maxBytes: isCount(1),
};

/** Where requests go, and in whose name. */
export interface RestTarget {
  /** URL of the REST API, for example `http://127.0.0.1:9200`. */
  readonly url: string;
  readonly token: string | null;
}

/** A {@link RestClient} that sends one token. */
export class TokenClient implements RestClient {
  readonly #targetOf: (signal: AbortSignal) => Promise<RestTarget>;

  /** @internal @param targetOf finds the node, for each request anew */
  constructor(targetOf: (signal: AbortSignal) => Promise<RestTarget>) {
    this.#targetOf = targetOf;
  }

  async request<Body = unknown>(
    method: string,
    path: string,
    body?: unknown,
    options: RestRequestOptions = {},
  ): Promise<RestClientAnswer<Body>> {
    checkOptions('a REST request', options, CHECKS);
    checkLine(method, path, body);
    const { signal, timeoutMs = DEFAULT_TIMEOUT_MS, maxBytes = DEFAULT_MAX_BYTES } = options;
    const name = `${method} ${shortened(path)}`;
    const content = contentOf(body, { ...options.headers }, name);
    const late = () => new DeadlineError('answer', { delivery: 'maybe-sent' }, `the node did not answer ${name} within ${timeoutMs} ms`);
    const work = async (over: AbortSignal): Promise<RestClientAnswer<Body>> => {
      const { url, token } = await this.#targetOf(over);
      const headers = { ...content.headers, ...authorization(token) };
      const answer = await send(urlOf(url, path, options.query), { ...content, method, headers, signal: over }, name);
      const bytes = await readBounded(answer, maxBytes, name).catch((error: unknown) => {
        throw error instanceof TransportError ? error : lost(name, error);
      });
      const value = valueOf(answer.headers.get('content-type'), bytes, name) as Body;
      return { status: answer.status, headers: Object.fromEntries(answer.headers), body: value };
    };
    try {
      return await limited(work, { signals: signal === undefined ? [] : [signal], timeoutMs, late });
    } catch (error) {
      if (error instanceof TransportError) throw error;
      throw new CancelledError('ERR_CANCELLED', { cause: error, delivery: 'maybe-sent' }, `${name} was cancelled by its signal`);
    }
  }

  async client(): Promise<OfficialClient> {
    const { url, token } = await this.#targetOf(AbortSignal.timeout(DEFAULT_TIMEOUT_MS));
    return officialClient(url, authorization(token).authorization ?? null);
  }
}

/** Nodes give tokens as the value of the header. A bad one is not shown, as `fetch` would. */
function authorization(token: string | null): { readonly authorization?: string } {
  if (token === null || token === '' || token === NO_TOKEN) return {};
  if (/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/u.test(token)) return { authorization: token };
  throw new UsageError('ERR_CONFIG', {}, 'the token of the node cannot be sent: it has characters that HTTP headers cannot have');
}

function checkLine(method: string, path: string, body: unknown): void {
  if (!/^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/u.test(method)) {
    const text = `the method of a REST request must be GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS, got ${describe(method)}`;
    throw new UsageError('ERR_USAGE', {}, text);
  }
  if (typeof path !== 'string' || !path.startsWith('/') || path.includes('#')) {
    throw new UsageError('ERR_USAGE', {}, `the path of a REST request must start with a slash and have no #, got ${describe(path)}`);
  }
  if (body === undefined || (method !== 'GET' && method !== 'HEAD')) return;
  throw new UsageError('ERR_USAGE', {}, `${method} ${shortened(path)} must not have a body: use POST, for example POST /_search`);
}

/** Parts are joined as text: a path that begins with two slashes would name another host otherwise. */
function urlOf(root: string, path: string, query: RestRequestOptions['query'] = {}): URL {
  const url = new URL(`${root.replace(/\/+$/u, '')}${path}`);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.append(name, String(value));
  return url;
}

async function send(url: URL, init: RequestInit, name: string): Promise<Response> {
  try {
    return await fetch(url, { ...init, redirect: 'manual' });
  } catch (error) {
    throw lost(name, error);
  }
}

/** `fetch` hides the reason in the cause of its error. */
function lost(name: string, error: unknown): TransportError {
  const { reason, code } = reasonOfUnreachable(error);
  if (NOT_SENT.has(code)) return new DialError('ERR_DIAL', { cause: error }, `cannot send ${name}: ${reason}; check that the node runs`);
  const text = `the connection of ${name} has ended before its answer: ${reason}`;
  return new ConnectionLostError('ERR_CONNECTION_LOST', { cause: error, delivery: 'maybe-sent', scope: 'call' }, text);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What `fetch` refuses is refused here, because it shows the value. */
function isHeader(name: string, text: unknown): boolean {
  return (
    /^[\w!#$%&'*+.^`|~-]+$/u.test(name) &&
    !/^authorization$/iu.test(name) &&
    typeof text === 'string' &&
    /^[\t\x20-\x7e\x80-\xff]*$/u.test(text)
  );
}

function isParameter(value: unknown): boolean {
  return ['string', 'number', 'boolean', 'undefined'].includes(typeof value);
}
