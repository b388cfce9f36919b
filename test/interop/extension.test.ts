import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { json, response, text } from '../../src/extension/rest/response.ts';
import { StatusError } from '../../src/protocol/error/status-error.ts';
import type { RealNode } from '../../src/realnode/real-node.ts';
import { WatchedExtension } from '../support/interop-extension.ts';
import { Http } from '../support/interop-http.ts';
import { bootedNodes, COMPRESSING_AND_PINGING, describeReleases } from '../support/interop-node.ts';

const TEXT = 'Grüße, 世界 — 안녕 😀👩‍👩‍👧‍👦 \u0000\u0001\t"\\ \u{10ffff}\ufffd';
const MEBIBYTE = 2 ** 20;
const HELLO = '/_extensions/_hello';

/** The extension every suite asks: it says back what it was told. */
function hello(): WatchedExtension {
  const watched = new WatchedExtension({ timeoutMs: 400 });
  const { ext } = watched;
  ext.get('/hello/{name}', ({ params, query, path, uri, opaqueId }) => ({
    greeting: `Hello, ${params.name}`,
    params,
    query,
    path,
    uri,
    opaqueId,
  }));
  ext.get('/hello/{name}/in/{place}', ({ params }) => params);
  ext.get('/hello', () => 'hello there');
  ext.post('/echo', ({ body, contentType, headers }) =>
    response({ body: body.bytes, contentType: contentType ?? 'none/none', headers: { 'X-Given': headers['Content-Type'] ?? [] } }),
  );
  ext.post('/json', ({ body }) => ({ got: body.json() }));
  ext.get('/big', () => Buffer.alloc(MEBIBYTE, 'opensearch'));
  ext.get('/status/{code}', ({ params }) => json({ code: params.code }, { status: Number(params.code) }));
  ext.get('/headers', () => text('ü', { status: 203, headers: { 'X-One': 'a', 'X-Many': ['b', 'c, d', 'é'], 'Content-Length': '5' } }));
  ext.get('/thrown/{how}', ({ params }) => {
    if (params.how === 'status') throw new StatusError(409, 'note_conflict_exception', `no ${TEXT}`, { headers: { 'Retry-After': ['7'] } });
    if (params.how === 'rejected') return Promise.reject(new RangeError('later'));
    throw new TypeError('boom');
  });
  ext.get('/slow', ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve('too late'))));
  ext.get('/soon', async () => {
    await sleep(20);
    return { soon: true };
  });
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'] as const) {
    ext.route(method, '/method', ({ method: asked, body }) =>
      response({ body: `${asked} ${body.text()}`, headers: { 'X-Method': asked } }),
    );
  }
  ext.deprecated('GET', '/old', 'use /hello', () => 'old');
  return watched;
}

/** What is asked of the extension through every node. */
function served(node: () => RealNode): void {
  const made = {} as { http: Http; watched: WatchedExtension };
  beforeAll(async () => {
    made.http = new Http(node().httpUrl);
    made.watched = hello();
    await made.watched.listen();
    const event = await made.watched.initialise(made.http, 'hello');
    expect(event).toMatchObject({
      type: 'registered',
      routes: 17,
      node: { name: node().nodeName, version: node().version, extensionName: 'name of hello' },
    });
  });
  afterAll(async () => {
    made.http.close();
    await made.watched.ext.close({ drainMs: 0 });
  });

  test('parameters of path and query arrive decoded, each once', async () => {
    const uri = `${HELLO}/hello/${encodeURIComponent('a/b c+d 😀')}+e?x=1+2%2B3&%C3%BC=%F0%9F%98%80&empty=&bare&twice=1&twice=2`;
    const answer = await made.http.send(`GET ${uri}`, { headers: { 'X-Opaque-Id': 'seen' } });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json; charset=UTF-8');
    expect(answer.json()).toEqual({
      greeting: 'Hello, a/b c+d 😀+e',
      params: { name: 'a/b c+d 😀+e' },
      query: { x: '1 2+3', ü: '😀', empty: '', bare: '', twice: '2' },
      path: expect.any(String),
      uri,
      opaqueId: 'seen',
    });
    expect((await made.http.send(`GET ${HELLO}/hello/Ada/in/%E4%B8%96%E7%95%8C/`)).json()).toEqual({ name: 'Ada', place: '世界' });
    expect((await made.http.send(`GET ${HELLO}/hello/x?name=other`)).json()).toMatchObject({ params: { name: 'x' }, query: {} });
    expect((await made.http.send(`GET ${HELLO}/hello?pretty&human&filter_path=a`)).text).toBe('hello there');
    expect((await made.http.send(`GET ${HELLO}/old`)).text).toBe('old');
  });

  test('bodies go both ways, byte by byte', async () => {
    const value = { text: TEXT, list: [1, -2.5, true, null], deep: { '': '' } };
    expect((await made.http.sendJson(`POST ${HELLO}/json`, value)).json()).toEqual({ got: value });
    const bytes = Buffer.from([...Array(256).keys()]);
    for (const [contentType, body] of [
      ['application/json', Buffer.from(` {"a" : ${JSON.stringify(TEXT)} }\n`)],
      ['application/yaml', Buffer.from('a:\n  - ü\n')],
      ['application/cbor', bytes],
      ['application/smile', bytes],
      ['application/x-ndjson', Buffer.from('{}\n{}\n')],
      ['application/json; charset=UTF-8', Buffer.alloc(0)],
    ] as const) {
      const answer = await made.http.send(`POST ${HELLO}/echo`, { body, headers: { 'Content-Type': contentType } });
      expect([answer.status, answer.headers['x-given']]).toEqual([200, contentType]);
      expect(answer.body.equals(body), contentType).toBe(true);
    }
    const invalid = await made.http.send(`POST ${HELLO}/json`, { body: '{"a":', headers: { 'Content-Type': 'application/json' } });
    expect(invalid.json()).toMatchObject({ status: 400, error: { type: 'parse_exception' } });
    const yaml = await made.http.send(`POST ${HELLO}/json`, { body: 'a: 1', headers: { 'Content-Type': 'application/yaml' } });
    expect(yaml.status).toBe(415);
    const lower = await made.http.send(`POST ${HELLO}/json`, { body: '[1]', headers: { 'content-type': 'application/json' } });
    expect(lower.json()).toEqual({ got: [1] });
  });

  test('1 MiB goes both ways', async () => {
    const value = { text: TEXT.repeat(30_000).slice(0, MEBIBYTE / 2) };
    const sent = Buffer.from(JSON.stringify(value));
    expect(sent.length).toBeGreaterThan(MEBIBYTE);
    const echoed = await made.http.send(`POST ${HELLO}/echo`, { body: sent, headers: { 'Content-Type': 'application/json' } });
    expect(echoed.body.equals(sent)).toBe(true);
    const big = await made.http.send(`GET ${HELLO}/big`);
    expect(big.headers['content-type']).toBe('application/octet-stream');
    expect(big.body.equals(Buffer.alloc(MEBIBYTE, 'opensearch'))).toBe(true);
  });

  test('statuses and headers reach the client', async () => {
    for (const code of [200, 201, 202, 204, 301, 400, 403, 404, 409, 429, 500, 502, 503]) {
      const answer = await made.http.send(`GET ${HELLO}/status/${code}`);
      expect([answer.status, answer.text]).toEqual([code, code === 204 ? '' : `{"code":"${code}"}`]);
    }
    for (const code of [418, 308, 101]) {
      const answer = await made.http.send(`GET ${HELLO}/status/${code}`);
      expect(answer.status).toBe(500);
      expect(answer.text).toMatch(new RegExp(`status .*${code}`));
    }
    const answer = await made.http.send(`GET ${HELLO}/headers`);
    expect([answer.status, answer.text, answer.headers['content-length']]).toEqual([203, 'ü', '2']);
    expect([answer.headerValues('x-one'), answer.headerValues('x-many')]).toEqual([['a'], ['b', 'c, d', 'é']]);
  });

  test('what a handler throws is an error of OpenSearch', async () => {
    const status = await made.http.send(`GET ${HELLO}/thrown/status?unused=1`);
    const reason = `no ${TEXT}`;
    const type = 'note_conflict_exception';
    expect(status.json()).toEqual({ error: { root_cause: [{ type, reason }], type, reason }, status: 409 });
    expect(status.headers['retry-after']).toBe('7');
    for (const [how, message] of [
      ['error', 'boom'],
      ['rejected', 'later'],
    ] as const) {
      const thrown = await made.http.send(`GET ${HELLO}/thrown/${how}`);
      expect(thrown.json()).toMatchObject({ status: 500, error: { reason: message } });
      expect(made.watched.events.at(-1)).toMatchObject({ type: 'handlerFailed', method: 'GET', path: `/thrown/${how}` });
    }
  });

  test('other methods have their routes', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      const answer = await made.http.sendJson(`${method} ${HELLO}/method`, { ü: 1 });
      expect([answer.status, answer.text]).toEqual([200, `${method} {"ü":1}`]);
    }
    for (const method of ['OPTIONS', 'HEAD']) {
      const answer = await made.http.send(`${method} ${HELLO}/method`);
      expect([answer.status, answer.headers['x-method'], answer.text]).toEqual([200, method, method === 'HEAD' ? '' : 'OPTIONS ']);
    }
    expect((await made.http.send(`GET ${HELLO}/method`)).status).toBe(405);
    expect((await made.http.send(`GET ${HELLO}/nowhere`)).status).toBe(400);
  });

  test('a handler that is too slow is 504, long before the node gives up', async () => {
    const began = performance.now();
    const answer = await made.http.send(`GET ${HELLO}/slow?a=1`);
    expect(answer.json()).toMatchObject({ status: 504, error: { type: 'timeout_exception' } });
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  test('16 callers at once see no false time-out', async () => {
    const asked = Array.from({ length: 16 }, async (_, caller) => {
      for (let n = 0; n < 20; n++) {
        const answer = await made.http.send(n % 5 === 0 ? `GET ${HELLO}/soon` : `GET ${HELLO}/hello/${caller}?n=${n}`);
        const expected = n % 5 === 0 ? { soon: true } : { params: { name: String(caller) }, query: { n: String(n) } };
        expect(answer.json()).toMatchObject(expected);
      }
    });
    await Promise.all(asked);
  });

  test('after seconds of silence it is still there', async () => {
    await sleep(2_200);
    expect((await made.http.send(`GET ${HELLO}/hello`)).text).toBe('hello there');
    expect(made.watched.events.filter(({ type }) => type === 'initialized')).toHaveLength(1);
  });

  test('a name of a route that the node knows is refused, and told with the words of the node', async () => {
    await using _first = await registered('first', (ext) => ext.get('/a', () => 'a', { uniqueName: 'taken:name' }));
    await using second = new WatchedExtension();
    second.ext.get('/b', () => 'b', { uniqueName: 'taken:name' });
    await second.listen();
    expect(await second.initialise(made.http, 'second')).toMatchObject({
      type: 'rejected',
      node: { uniqueId: 'second' },
      error: { code: 'ERR_REMOTE', message: expect.stringContaining('already registered') },
    });
    expect((await made.http.send('GET /_extensions/_first/a')).text).toBe('a');
    expect((await made.http.send('GET /_extensions/_second/b')).status).toBe(400);
    expect((await made.http.send(`GET ${HELLO}/hello`)).text).toBe('hello there');
  });

  test('an extension that closes answers first what is under way', async () => {
    await using leaving = await registered('leaving', (ext) => ext.get('/soon', () => sleep(300, 'made it')));
    const soon = made.http.send('GET /_extensions/_leaving/soon');
    await sleep(150);
    await leaving.ext.close();
    expect((await soon).text).toBe('made it');
  });

  test('for an extension that is gone the node answers at once', async () => {
    await using gone = await registered('gone', (ext) => ext.get('/never', () => new Promise(() => undefined)));
    const never = made.http.send('GET /_extensions/_gone/never');
    await sleep(150);
    const began = performance.now();
    await gone.ext.close({ drainMs: 0 });
    const disconnected = expect.stringMatching(/node_(?:disconnected|not_connected)_exception/) as string;
    expect(await never).toMatchObject({ status: 500, text: disconnected });
    expect(await made.http.send('GET /_extensions/_gone/never')).toMatchObject({ status: 500, text: disconnected });
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  async function registered(uniqueId: string, routes: (ext: WatchedExtension['ext']) => void): Promise<WatchedExtension> {
    const watched = new WatchedExtension();
    routes(watched.ext);
    await watched.listen();
    expect(await watched.initialise(made.http, uniqueId)).toMatchObject({ type: 'registered', node: { uniqueId } });
    return watched;
  }
}

await describeReleases('an extension', (version) => {
  const nodes = bootedNodes({
    plain: { version, nodeName: 'plain' },
    busy: { version, nodeName: 'busy', clusterName: 'busy', settings: COMPRESSING_AND_PINGING },
  });

  describe('served by a node', () => served(() => nodes.plain));
  describe('served by a node that compresses and pings', () => served(() => nodes.busy));

  test('serves two nodes from one process, under one id or two', async () => {
    await using watched = new WatchedExtension();
    watched.ext.get('/who/{are}', ({ uri, params }) => ({ uri, are: params.are }));
    await watched.listen();
    const [plain, busy] = [new Http(nodes.plain.httpUrl), new Http(nodes.busy.httpUrl)];
    expect(await watched.initialise(plain, 'shared')).toMatchObject({ type: 'registered', node: { name: 'plain' } });
    expect(await watched.initialise(busy, 'shared')).toMatchObject({ type: 'registered', node: { name: 'busy' } });
    expect(await watched.initialise(busy, 'shared.too')).toMatchObject({ type: 'registered', node: { uniqueId: 'shared.too' } });
    await Promise.all(
      Array.from({ length: 30 }, async (_, n) => {
        const [http, id] = (
          [
            [plain, 'shared'],
            [busy, 'shared'],
            [busy, 'shared.too'],
          ] as const
        )[n % 3] as [Http, string];
        const uri = `/_extensions/_${id}/who/${n}`;
        expect((await http.send(`GET ${uri}`)).json()).toEqual({ uri, are: String(n) });
      }),
    );
    nodes.plain.abort();
    await nodes.plain.gone;
    expect((await busy.send('GET /_extensions/_shared/who/1')).status).toBe(200);
    plain.close();
    busy.close();
  });
});
