import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';

/** Milliseconds one answer may take: longer than a node waits for an extension. */
const DEADLINE_MS = 30_000;

/** What goes with a request. */
export interface HttpInit {
  readonly body?: string | Uint8Array | undefined;
  /** Sent in exactly this case. */
  readonly headers?: OutgoingHttpHeaders;
}

/** What came back. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Every value of a header in the order it came, by name in lower case. */
  readonly headerValues: (name: string) => string[];
  readonly body: Buffer;
  /** The body as UTF-8. */
  readonly text: string;
  /** The body as JSON. @throws SyntaxError */
  readonly json: () => unknown;
}

/** An HTTP client that changes nothing: neither the path, nor the case of headers. */
export class Http {
  readonly #root: string;
  readonly #agent = new Agent({ keepAlive: true });

  /** @param root for example `http://127.0.0.1:9200` */
  constructor(root: string) {
    this.#root = root;
  }

  /** @param line for example `PUT /notes/_doc/1` */
  send(line: string, { body, headers = {} }: HttpInit = {}): Promise<HttpAnswer> {
    const [method = 'GET', path = '/'] = line.split(' ');
    const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
    return new Promise((resolve, reject) => {
      const outgoing = request(this.#root, { method, path, agent: this.#agent, timeout: DEADLINE_MS, headers: { ...length, ...headers } });
      outgoing.on('timeout', () => outgoing.destroy(new Error(`${line} was not answered within ${DEADLINE_MS} ms`)));
      outgoing.on('error', reject);
      outgoing.on('response', (incoming) => {
        const pieces: Buffer[] = [];
        incoming.on('data', (piece: Buffer) => pieces.push(piece));
        incoming.on('error', reject);
        incoming.on('end', () => resolve(answerOf(incoming.statusCode ?? 0, incoming, Buffer.concat(pieces))));
      });
      outgoing.end(body);
    });
  }

  /** Sends a JSON value. */
  sendJson(line: string, value: unknown, headers: OutgoingHttpHeaders = {}): Promise<HttpAnswer> {
    return this.send(line, { body: JSON.stringify(value), headers: { 'Content-Type': 'application/json', ...headers } });
  }

  close(): void {
    this.#agent.destroy();
  }
}

interface Headers {
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
}

function answerOf(status: number, { headers, rawHeaders }: Headers, body: Buffer): HttpAnswer {
  return {
    status,
    headers,
    headerValues: (name) => rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name),
    body,
    text: body.toString('utf8'),
    json: () => JSON.parse(body.toString('utf8')),
  };
}
