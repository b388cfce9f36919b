import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { HTTP_METHODS, type HttpMethod } from '../../protocol/action/extension/node-to-extension.ts';
import { TransportError, UsageError } from '../../protocol/error/transport-error.ts';
import { errorResponse } from '../../protocol/rest/error-json.ts';
import { renderJson } from '../../protocol/rest/json.ts';
import type { Endpoint } from '../../transport/carrier/link.ts';
import { waitUntil } from '../../transport/util/deadline-wheel.ts';
import type { WrittenAnswer } from './answer-form.ts';
import { sendAnswer } from './http-answer.ts';
import type { HttpLimits } from './http-limits.ts';
import { malformedAnswer, overloaded, type ParserError, tooLongHeaders, tooLongLine } from './http-refusals.ts';
import type { RestController } from './rest-controller.ts';

/** A request that was answered. */
export interface AnsweredRequest {
  readonly method: HttpMethod;
  /** Path and query as they were sent. */
  readonly uri: string;
  readonly status: number;
  /** Time from its headers to its answer, in milliseconds. */
  readonly ms: number;
}

/** What a front needs. */
export interface HttpFrontOptions {
  readonly controller: RestController;
  readonly limits: HttpLimits;
  /** Headers of every answer. */
  readonly headers: Readonly<Record<string, string>>;
  readonly onAnswered: (request: AnsweredRequest) => void;
}

/** The address of a TCP server. */
type BoundAddress = Exclude<ReturnType<Server['address']>, string | null>;

/** Size of headers that Node.js itself refuses: beyond all that the front answers itself. */
const PARSER_HEADER_SIZE = 128 * 1024;
/** How often connections are checked for the deadlines of their requests. */
const CHECK_MS = 1000;
const KEEP_ALIVE_MS = 60_000;

const METHODS: ReadonlySet<string> = new Set(HTTP_METHODS);

/** The HTTP server of a node: reads requests within limits, hands them to the controller and sends the answers. */
export class HttpFront {
  readonly #server: Server;
  readonly #options: HttpFrontOptions;
  readonly #closing = new AbortController();
  #inFlight = 0;
  #inFlightBytes = 0;
  #onIdle: (() => void) | null = null;

  constructor(options: HttpFrontOptions) {
    this.#options = options;
    const { maxConnections, headersTimeoutMs, requestTimeoutMs } = options.limits;
    this.#server = createServer({
      maxHeaderSize: PARSER_HEADER_SIZE,
      requireHostHeader: false,
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: CHECK_MS,
    });
    this.#server.maxConnections = maxConnections;
    this.#server.on('request', (request, response) => void this.#serve(request, response));
    this.#server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
      if (!this.#isTooLarge(request)) response.writeContinue();
      void this.#serve(request, response);
    });
    this.#server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
      request.resume();
      response.sendDate = false;
      response.removeHeader('connection');
      response.writeHead(417, { 'content-length': 0 }).end();
    });
    this.#server.on('clientError', (error: ParserError, socket) => this.#malformed(error, socket));
  }

  /**
   * Binds an address.
   *
   * @throws ERR_ADDRESS_IN_USE, ERR_DIAL
   */
  async listen(host: string, port: number): Promise<Endpoint> {
    this.#server.listen({ host, port });
    try {
      await once(this.#server, 'listening');
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE')
        throw new UsageError(
          'ERR_ADDRESS_IN_USE',
          { cause },
          `httpPort ${port} of ${host} is in use; give another port, or 0 for a free one`,
        );
      throw new TransportError('ERR_DIAL', { cause }, `cannot listen on ${host}:${port}: ${message}`);
    }
    const { address, port: actual } = this.#server.address() as BoundAddress;
    return { host: address, port: actual };
  }

  /** Stops listening, waits for requests that are served, then closes every connection. @param drainMs the longest wait, in milliseconds */
  async close(drainMs: number): Promise<void> {
    const closed = this.#server.listening ? once(this.#server, 'close') : Promise.resolve();
    this.#server.close();
    if (this.#inFlight > 0 && drainMs > 0) await this.#idle(drainMs);
    this.#closing.abort(new TransportError('ERR_CLOSED', {}, 'the node is closed'));
    this.#server.closeAllConnections();
    await closed;
  }

  async #idle(drainMs: number): Promise<void> {
    const { promise, resolve } = withResolvers();
    this.#onIdle = resolve;
    const cancel = waitUntil(drainMs, resolve);
    await promise;
    cancel();
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAt = performance.now();
    response.sendDate = false;
    if (!METHODS.has(message.method ?? '')) {
      message.destroy();
      return;
    }
    const gone = new AbortController();
    // Set by the 'close' of the answer, which comes after its end as well.
    response.once('close', () => {
      if (!response.writableFinished) gone.abort(new TransportError('ERR_CANCELLED', {}, 'the client closed its connection'));
    });
    this.#inFlight++;
    const taken = { bytes: 0 };
    try {
      const answer = await this.#answer(message, AbortSignal.any([gone.signal, this.#closing.signal]), taken);
      if (answer === null) return;
      await this.#send(message, response, answer);
      const { method, url: uri = '' } = message;
      this.#options.onAnswered({ method: method as HttpMethod, uri, status: answer.status, ms: performance.now() - startedAt });
    } catch {
      response.destroy();
    } finally {
      this.#inFlight--;
      this.#inFlightBytes -= taken.bytes;
      if (this.#inFlight === 0) this.#onIdle?.();
    }
  }

  #send(message: IncomingMessage, response: ServerResponse, answer: WrittenAnswer): Promise<void> {
    const [opaqueId] = message.headersDistinct['x-opaque-id'] ?? [];
    return sendAnswer(response, answer, {
      isHead: message.method === 'HEAD',
      acceptEncoding: message.headers['accept-encoding'] as string | undefined,
      headers: answer === TOO_LARGE ? {} : { ...(opaqueId === undefined ? {} : { 'X-Opaque-Id': opaqueId }), ...this.#options.headers },
    });
  }

  /** Returns the answer to a request; null if its client went away while it sent the body. */
  async #answer(message: IncomingMessage, signal: AbortSignal, taken: { bytes: number }): Promise<WrittenAnswer | null> {
    const { controller, limits } = this.#options;
    const refusal = this.#headRefusal(message);
    if (refusal !== null) {
      message.resume();
      return { ...errorAnswer(refusal), headers: { connection: 'close' } };
    }
    if (this.#isTooLarge(message)) return discarded(message);
    const content = await this.#contentOf(message, taken);
    if (content === null) return signal.aborted || message.destroyed ? null : discarded(message);
    if (this.#inFlight > limits.maxInFlight) return errorAnswer(overloaded(`${limits.maxInFlight} requests are being served`));
    if (this.#inFlightBytes > limits.maxInFlightBytes)
      return errorAnswer(overloaded(`bodies of ${limits.maxInFlightBytes} bytes are being served`));
    const { method, url: uri = '', httpVersionMinor } = message;
    const httpVersion = httpVersionMinor === 0 ? 'HTTP_1_0' : 'HTTP_1_1';
    return controller.dispatch({ method: method as HttpMethod, uri, httpVersion, headers: headersOf(message), content, signal });
  }

  #headRefusal({ method = '', url = '', rawHeaders }: IncomingMessage): Error | null {
    const { maxInitialLine, maxHeaderSize } = this.#options.limits;
    if (method.length + url.length + ' / HTTP/1.1'.length - 1 > maxInitialLine) return tooLongLine(maxInitialLine);
    const size = rawHeaders.reduce((sum, text) => sum + text.length + 1, 0);
    return size > maxHeaderSize ? tooLongHeaders(maxHeaderSize) : null;
  }

  #isTooLarge(message: IncomingMessage): boolean {
    return Number(message.headers['content-length'] ?? 0) > this.#options.limits.maxContentLength;
  }

  /** Reads the body; null if it is too large or does not end. */
  async #contentOf(message: IncomingMessage, taken: { bytes: number }): Promise<Uint8Array | null> {
    const chunks: Buffer[] = [];
    const { maxContentLength, maxInFlightBytes } = this.#options.limits;
    try {
      for await (const chunk of message as AsyncIterable<Buffer>) {
        taken.bytes += chunk.length;
        this.#inFlightBytes += chunk.length;
        if (taken.bytes > maxContentLength) return null;
        // Beyond the bound of all bodies the rest is read and dropped, so that the client gets its answer.
        if (this.#inFlightBytes <= maxInFlightBytes) chunks.push(chunk);
      }
    } catch {
      return null;
    }
    return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
  }

  #malformed(error: ParserError, socket: Duplex): void {
    const { limits, headers } = this.#options;
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    const answer = socket.writable ? malformedAnswer(error, limits, lines) : null;
    if (answer === null) socket.destroy();
    else socket.end(answer, () => socket.destroy());
  }
}

/** A body that is too large is answered without a word. */
const TOO_LARGE: WrittenAnswer = {
  status: 413,
  contentType: 'text/plain; charset=UTF-8',
  content: Buffer.alloc(0),
  headers: { connection: 'close' },
};

function discarded(message: IncomingMessage): WrittenAnswer {
  message.resume();
  return TOO_LARGE;
}

function errorAnswer(error: Error): WrittenAnswer {
  const { status, body } = errorResponse(error);
  return { status, contentType: 'application/json; charset=UTF-8', content: Buffer.from(renderJson(body), 'utf8'), headers: {} };
}

/** Returns the headers with their names as they were sent; of names that differ in case only, the first one. */
function headersOf({ rawHeaders }: IncomingMessage): Record<string, string[]> {
  const found = new Map<string, [name: string, values: string[]]>();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    const entry = found.get(name.toLowerCase());
    if (entry === undefined) found.set(name.toLowerCase(), [name, [value]]);
    else entry[1].push(value);
  }
  return Object.fromEntries(found.values());
}

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
