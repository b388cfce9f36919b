import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { TokenClient } from '../../../../src/extension/tokens/token-client.ts';

const TOKEN = 'Bearer very-secret';
const servers: Server[] = [];

afterEach(() => {
  vi.useRealTimers();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const clientOf = (url: string, token: string | null = TOKEN): TokenClient => new TokenClient(() => Promise.resolve({ url, token }));

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}

/** Answers with what it was asked. */
const echo: RequestListener = (request, response) => {
  const { method, url, headers } = request;
  response.setHeader('Content-Type', 'application/json; charset=UTF-8');
  void bodyOf(request).then((text) => response.end(JSON.stringify({ method, url, headers, text })));
};

interface Echoed {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

describe('a request', () => {
  test('carries token, query, headers and body', async () => {
    const rest = clientOf(`${await serving(echo)}/prefix/`);
    const query = { a: 'x y', n: 1, flag: true, none: undefined };
    const { status, headers, body } = await rest.request<Echoed>(
      'POST',
      '/notes/_doc?routing=r',
      { text: 'hé' },
      { query, headers: { 'X-Opaque-Id': 'me' } },
    );
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json; charset=UTF-8');
    expect(body).toMatchObject({
      method: 'POST',
      url: '/prefix/notes/_doc?routing=r&a=x+y&n=1&flag=true',
      headers: { authorization: TOKEN, 'x-opaque-id': 'me', 'content-type': 'application/json' },
      text: '{"text":"hé"}',
    });
  });

  test('sends strings and bytes as they are, under a given type', async () => {
    const rest = clientOf(await serving(echo));
    const headers = { 'content-type': 'application/x-ndjson' };
    expect((await rest.request<Echoed>('POST', '/_bulk', '{}\n', { headers })).body).toMatchObject({ text: '{}\n', headers });
    expect((await rest.request<Echoed>('PUT', '/a', Buffer.from('[1]'))).body).toMatchObject({ text: '[1]' });
  });

  test.each([null, '', 'noopToken'])('carries no Authorization for the token %j', async (token) => {
    const { body } = await clientOf(await serving(echo), token).request<Echoed>('GET', '/');
    expect(body.headers).not.toHaveProperty('authorization');
  });

  test('stays on its host', async () => {
    const url = await serving(echo);
    expect((await clientOf(url).request<Echoed>('GET', '//evil.example/x')).body.url).toBe('//evil.example/x');
    const elsewhere = await serving((_request, response) => void response.writeHead(307, { Location: `${url}/stolen` }).end());
    expect(await clientOf(elsewhere).request('GET', '/')).toMatchObject({
      status: 307,
      headers: { location: `${url}/stolen` },
      body: null,
    });
  });

  test.each<[what: string, args: unknown[], text: RegExp]>([
    ['a path without a slash', ['GET', 'x'], /must start with a slash and have no #, got .*x/],
    ['a fragment', ['GET', '/x#y'], /have no #/],
    ['an unknown method', ['get', '/'], /must be GET, HEAD, .* got .*get/],
    ['a GET with a body', ['GET', '/_search', {}], /GET \/_search must not have a body: use POST/],
    ['a body without JSON', ['POST', '/', () => undefined], /must be a string, bytes or a value that JSON can express/],
    ['a BigInt', ['POST', '/', { n: 1n }], /JSON can express: .*BigInt/],
    ['a token of its own', ['GET', '/', undefined, { headers: { Authorization: 'x' } }], /without Authorization/],
    ['a header with a line end', ['GET', '/', undefined, { headers: { a: 'x\r\ny' } }], /headers must be an object of texts/],
    ['a query of objects', ['GET', '/', undefined, { query: { a: {} } }], /query must be an object of texts/],
    ['a bad limit', ['GET', '/', undefined, { maxBytes: 0 }], /maxBytes/],
  ])('refuses %s', async (_what, args, text) => {
    const rest = clientOf('http://127.0.0.1:1');
    await expect(rest.request(...(args as ['GET', '/']))).rejects.toMatchObject({
      code: expect.stringMatching(/ERR_USAGE|ERR_CONFIG/) as string,
      message: expect.stringMatching(text) as string,
    });
  });
});

describe('an answer', () => {
  const answering = async (type: string | null, body: string | Buffer, status = 200) => {
    const url = await serving(
      (_request, response) => void response.writeHead(status, type === null ? {} : { 'Content-Type': type }).end(body),
    );
    return clientOf(url).request('GET', '/');
  };

  test('is a value, bytes or text by its type', async () => {
    expect((await answering('application/json', '{"a":[1]}')).body).toEqual({ a: [1] });
    expect((await answering('application/cbor', Buffer.of(0xa0))).body).toEqual(Buffer.of(0xa0));
    expect((await answering('text/plain; charset=UTF-8', 'hé')).body).toBe('hé');
    expect((await answering(null, '{}')).body).toBe('{}');
    expect((await answering('application/json', '')).body).toBeNull();
  });

  test('with the status of an error is an answer', async () => {
    expect(await answering('application/json', '{"error":"no"}', 404)).toMatchObject({ status: 404, body: { error: 'no' } });
  });

  test('that is not the JSON it claims to be is refused', async () => {
    await expect(answering('application/json', '{')).rejects.toMatchObject({ code: 'ERR_DECODE', delivery: 'answered' });
  });

  test('is bounded, also if it never ends', async () => {
    const url = await serving((_request, response) => {
      const more = (): unknown => response.destroyed || setImmediate(() => response.write(Buffer.alloc(10_000), more));
      response.on('error', () => undefined);
      more();
    });
    await expect(clientOf(url).request('GET', '/', undefined, { maxBytes: 50_000 })).rejects.toMatchObject({
      code: 'ERR_PAYLOAD_LIMIT',
      message: 'the answer to GET / has more than 50000 bytes; ask for less, or set maxBytes higher',
    });
  });
});

describe('a failure', () => {
  test('does not show the token', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const gone = clientOf(`http://127.0.0.1:${port}`);
    const error: unknown = await gone.request('GET', '/').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'ERR_DIAL', delivery: 'not-sent', message: expect.stringContaining('ECONNREFUSED') as string });
    const bad: unknown = await clientOf('http://127.0.0.1:1', 'very-secret\n')
      .request('GET', '/')
      .catch((thrown: unknown) => thrown);
    expect(bad).toMatchObject({ code: 'ERR_CONFIG' });
    expect(inspect([error, bad, gone], { depth: 20, showHidden: true }) + JSON.stringify([error, bad])).not.toContain('very-secret');
  });

  test('of a connection says that the request may have been executed', async () => {
    const url = await serving((request) => request.socket.destroy());
    await expect(clientOf(url).request('POST', '/', {})).rejects.toMatchObject({ code: 'ERR_CONNECTION_LOST', delivery: 'maybe-sent' });
  });

  test('of a silent node ends in time, and leaves no listener', async () => {
    const url = await serving(() => undefined);
    const stop = new AbortController();
    const [added, removed] = [vi.spyOn(stop.signal, 'addEventListener'), vi.spyOn(stop.signal, 'removeEventListener')];
    const options = { timeoutMs: 30, signal: stop.signal };
    await expect(clientOf(url).request('GET', '/', undefined, options)).rejects.toMatchObject({
      code: 'ERR_DEADLINE',
      message: 'the node did not answer GET / within 30 ms',
    });
    expect([added.mock.calls.length, removed.mock.calls.length]).toEqual([1, 1]);
  });

  test('by the signal of the caller keeps its reason', async () => {
    const stop = new AbortController();
    const url = await serving(() => stop.abort('enough'));
    const { signal } = stop;
    await expect(clientOf(url).request('GET', '/', undefined, { signal })).rejects.toMatchObject({
      code: 'ERR_CANCELLED',
      cause: 'enough',
    });
    await expect(clientOf(url).request('GET', '/', undefined, { signal })).rejects.toMatchObject({ code: 'ERR_CANCELLED' });
  });
});

describe('the official client', () => {
  test('sends the token, and does not show it', async () => {
    const seen: (string | undefined)[] = [];
    const url = await serving((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(404, { 'Content-Type': 'application/json' }).end('{"error":{"type":"index_not_found_exception"},"status":404}');
    });
    const client = await clientOf(url).client();
    const error: unknown = await client.get({ index: 'none', id: '1' }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'ResponseError', statusCode: 404 });
    expect(seen).toEqual([TOKEN]);
    expect(inspect([error, client], { depth: 20, showHidden: true }) + JSON.stringify(error)).not.toContain('very-secret');
    await client.close();
    const bare = await clientOf(url, 'noopToken').client();
    await bare.get({ index: 'none', id: '1' }).catch(() => undefined);
    expect(seen).toEqual([TOKEN, undefined]);
    await bare.close();
  });
});
