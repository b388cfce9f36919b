import { DeadlineError, DialError, type TransportError } from '../../protocol/error/transport-error.ts';
import { limited } from '../node/limited.ts';
import { reasonOfUnreachable } from '../node/unreachable.ts';

/** Longest answer that is read, in bytes; the rest is dropped. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** Milliseconds for one REST request: a node answers each of them at once. */
const REQUEST_MS = 10_000;

/** Where the REST API of a node is, and what every request carries. */
export interface NodeRestOptions {
  /** For example `http://127.0.0.1:9200`, without a slash at the end. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** An answer of a node. */
export interface NodeAnswer {
  readonly status: number;
  readonly text: string;
}

/** The few requests to a node's REST API that the initialisation of an extension needs. No connection stays open. */
export class NodeRest {
  readonly url: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor({ url, headers }: NodeRestOptions) {
    this.url = url;
    // A connection that is kept open would outlive the extension.
    this.#headers = { ...headers, connection: 'close' };
  }

  /** @throws as {@link postJson} */
  get(path: string, signal: AbortSignal): Promise<NodeAnswer> {
    return this.#ask('GET', path, undefined, signal);
  }

  /** @throws ERR_DIAL if the node cannot be reached, ERR_DEADLINE, and the reason of the signal */
  postJson(path: string, value: unknown, signal: AbortSignal): Promise<NodeAnswer> {
    return this.#ask('POST', path, JSON.stringify(value), signal);
  }

  #ask(method: string, path: string, body: string | undefined, signal: AbortSignal): Promise<NodeAnswer> {
    const late = () => new DeadlineError('answer', {}, `the node at ${this.url} did not answer ${method} ${path} within ${REQUEST_MS} ms`);
    return limited((over) => this.#fetch(method, path, body, over), { signals: [signal], timeoutMs: REQUEST_MS, late });
  }

  async #fetch(method: string, path: string, body: string | undefined, signal: AbortSignal): Promise<NodeAnswer> {
    const headers = body === undefined ? this.#headers : { ...this.#headers, 'content-type': 'application/json' };
    try {
      const answer = await fetch(this.url + path, { method, headers, signal, redirect: 'manual', ...(body !== undefined && { body }) });
      return { status: answer.status, text: await readText(answer) };
    } catch (error) {
      signal.throwIfAborted();
      throw this.#unreachable(error);
    }
  }

  #unreachable(error: unknown): TransportError {
    const { cause, reason } = reasonOfUnreachable(error);
    const hint = this.url.startsWith('https:')
      ? 'check that the node runs and has TLS on its REST port; Node.js trusts an authority of your own through NODE_EXTRA_CA_CERTS'
      : 'check that the node runs, and that this is its REST port (usually 9200); a node with the security plug-in expects https://';
    return new DialError('ERR_DIAL', { cause }, `cannot reach the node at ${this.url}: ${reason}; ${hint}`);
  }
}

/** Reads the beginning of an answer. */
async function readText({ body }: Response): Promise<string> {
  if (body === null) return '';
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  const reader = body.getReader();
  while (bytes < MAX_ANSWER_BYTES) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value as Uint8Array);
    bytes += (value as Uint8Array).length;
  }
  await reader.cancel();
  return Buffer.concat(pieces).subarray(0, MAX_ANSWER_BYTES).toString('utf8');
}
