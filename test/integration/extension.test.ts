import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { TransportError } from '../../src/protocol/error/transport-error.ts';
import { StatusError } from '../../src/protocol/error/status-error.ts';
import { defineAction } from '../../src/protocol/action/define-action.ts';
import { initializeExtension, restExecuteOnExtension, updateSettings } from '../../src/protocol/action/extension/node-to-extension.ts';
import { rest } from '../../src/protocol/codec/primitives.ts';
import { V_2_19_0, V_3_9_0, V_LEGACY_7_9_99, versionId } from '../../src/protocol/wire/version.ts';
import type { Interceptor } from '../../src/transport/call/call.ts';
import type { ServerCallContext } from '../../src/transport/call/server-context.ts';
import type { Carrier } from '../../src/transport/carrier/link.ts';
import { memoryCarrier } from '../../src/transport/carrier/memory.ts';
import { tcp } from '../../src/transport/carrier/tcp.ts';
import { extension } from '../../src/extension/extension.ts';
import { response } from '../../src/extension/rest/response.ts';
import { WatchedExtension } from '../support/interop-extension.ts';
import { ScriptedNode } from '../support/interop-scripted-node.ts';

const V_2_19_6 = versionId(2, 19, 6);
const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const text = ({ value }: { value: { content: Uint8Array } }): string => Buffer.from(value.content).toString('utf8');

describe.each([
  ['memory', () => memoryCarrier({ chunkBytes: 7 })],
  ['tcp', () => tcp()],
] as const)('an extension over %s', (_name, createCarrier) => {
  async function setUp(options: ConstructorParameters<typeof WatchedExtension>[0] = {}) {
    const carrier = createCarrier();
    const watched = new WatchedExtension({ carrier, timeoutMs: 200, ...options });
    open.push({ close: () => watched.ext.close({ drainMs: 0 }) });
    watched.ext.get('/hello/{name}', ({ params, query, opaqueId, contentType }) => ({ name: params.name, query, opaqueId, contentType }));
    watched.ext.post('/echo', ({ body }) => response({ body: body.bytes, status: 201, headers: { 'X-Size': String(body.bytes.length) } }));
    watched.ext.get('/soon', () => sleep(60, 'made it'));
    watched.ext.get('/never', ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve('too late'))));
    watched.ext.get('/thrown', () => {
      throw new StatusError(409, 'note_conflict_exception', 'already there');
    });
    watched.ext.deprecated('GET', '/old', 'use /hello', () => 'old');
    await watched.listen();
    const dial = async (how: Parameters<typeof ScriptedNode.dial>[2] = {}) => {
      const node = await ScriptedNode.dial(carrier, watched.port, how);
      open.push(node);
      return node;
    };
    return { watched, dial };
  }

  async function initialised(options: ConstructorParameters<typeof WatchedExtension>[0] = {}) {
    const { watched, dial } = await setUp(options);
    const node = await dial();
    await node.shakeHands(V_2_19_0);
    await node.initialise('hello');
    await expect.poll(() => watched.events.map(({ type }) => type)).toEqual(['initialized', 'registered']);
    return { watched, node, dial };
  }

  test('whoever claims to be many nodes is remembered as a few of them, and forgotten when the connection ends', async () => {
    const { watched, dial } = await setUp();
    const node = await dial();
    await node.shakeHands(V_2_19_0);
    for (let i = 0; i < 8; i++) await node.initialise(`node${i}`);
    await expect(node.initialise('node8')).rejects.toMatchObject({
      status: 429,
      message: expect.stringContaining('at most 8 unique ids'),
    });
    await node.initialise('node7');
    expect(watched.ext.nodes.map(({ uniqueId }) => uniqueId)).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((i) => `node${i}`));
    node.close();
    await expect.poll(() => watched.ext.nodes).toEqual([]);
  });

  test('long ids are refused, and of the long name of a node the beginning is kept', async () => {
    const { watched, dial } = await setUp();
    const node = await dial({ name: 'n'.repeat(1024 * 1024) });
    await node.shakeHands(V_2_19_0);
    await expect(node.initialise('i'.repeat(257))).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('got 257'),
    });
    await node.initialise('hello');
    expect(watched.ext.nodes.map(({ name }) => name)).toEqual([`${'n'.repeat(256)}…`]);
  });

  test('a node that answers no registration is sent one, however often it initialises', async () => {
    const { dial } = await setUp();
    const node = await dial({ verdict: 'ignore' });
    await node.shakeHands(V_2_19_0);
    for (let i = 0; i < 20; i++) await node.initialise('hello');
    expect(node.registrations).toHaveLength(1);
  });

  test('aborting ends everything at once, and may be done twice', async () => {
    const { watched, node } = await initialised();
    void node.execute('hello', 'GET /never').catch(() => undefined);
    await sleep(20);
    const began = performance.now();
    watched.ext.abort();
    watched.ext.abort();
    await watched.ext.close();
    expect(performance.now() - began).toBeLessThan(150);
  });

  test.each([
    ['2.19.6', V_2_19_6, V_LEGACY_7_9_99],
    ['2.19.0', V_2_19_0, V_2_19_0],
    ['3.9.0', V_3_9_0, V_2_19_0],
  ])('a node of %s is answered as 2.19.0, in the version of its own header', async (_release, version, header) => {
    const { watched, dial } = await setUp();
    const node = await dial({ version });
    const shaken = await node.shakeHands(header);
    expect(shaken.tcp).toMatchObject({ value: { version: V_2_19_0 }, message: { version: header, handshake: true, compressed: false } });
    expect(shaken.transport).toMatchObject({
      value: { version: V_2_19_0, discoveryNode: { roles: [] } },
      message: { version: V_2_19_0, handshake: false },
    });

    const { value, message } = await node.initialise('hello');
    expect(value).toEqual({ name: 'name of hello', implementedInterfaces: ['Extension', 'ActionExtension'] });
    expect(message).toMatchObject({ version: V_2_19_0, compressed: false });
    await node.until(() => node.registrations.length > 0);
    expect(node.registrations).toEqual([
      {
        socket: 0,
        request: {
          uniqueId: 'hello',
          restActions: [
            'GET /hello/{name} hello:get/hello/*',
            'POST /echo hello:post/echo',
            'GET /soon hello:get/soon',
            'GET /never hello:get/never',
            'GET /thrown hello:get/thrown',
          ],
          deprecatedRestActions: ['GET /old', 'use /hello'],
        },
      },
    ]);
    expect(node.received[0]?.find(({ request }) => request)).toMatchObject({ version: V_2_19_0, compressed: false });
    const release = version === V_3_9_0 ? '3.9.0' : version === V_2_19_6 ? '2.19.6' : '2.19.0';
    const host = { name: 'scripted', version: release, nodeId: node.nodeId, extensionName: 'name of hello', uniqueId: 'hello' };
    await expect
      .poll(() => watched.events)
      .toMatchObject([
        { type: 'initialized', node: host },
        { type: 'registered', node: host, routes: 6 },
      ]);
    expect(watched.ext.nodes).toMatchObject([host]);
    expect(watched.ext.node).toBe(watched.ext.nodes[0]);
    expect(JSON.stringify(watched.ext.node)).not.toContain('noopToken');
  });

  test('the initialisation may come by any socket, and the registration goes back by it', async () => {
    const { dial } = await setUp();
    const node = await dial({ sockets: 13 });
    await node.shakeHands(V_2_19_0);
    await node.initialise('hello', { socket: 11 });
    await node.until(() => node.registrations.length > 0);
    expect(node.registrations.map(({ socket }) => socket)).toEqual([11]);
    for (let socket = 0; socket < 13; socket++) {
      const answer = await node.execute('hello', `GET /hello/${socket}`, {}, { socket });
      expect(JSON.parse(text(answer))).toMatchObject({ name: String(socket) });
    }
  });

  test.each([
    [
      'with an error',
      new StatusError(400, 'illegal_argument_exception', 'route [GET /x] already registered'),
      'route [GET /x] already registered',
    ],
    ['without a word', 'deny', 'did not acknowledge'],
  ] as const)('routes may be refused %s', async (_how, verdict, words) => {
    const { watched, dial } = await setUp();
    const node = await dial({ verdict });
    await node.shakeHands(V_2_19_0);
    await node.initialise('hello');
    await expect.poll(() => watched.events.at(-1)?.type).toBe('rejected');
    expect(watched.events.at(-1)).toMatchObject({
      node: { uniqueId: 'hello' },
      error: { message: expect.stringContaining(words) as string },
    });
    expect((await node.execute('hello', 'GET /hello/x')).value.status).toBe('OK');
  });

  test('routes are executed: parameters, bodies, statuses, headers', async () => {
    const { node } = await initialised();
    const got = await node.execute(
      'hello',
      'GET /hello/a%2Fb%20%F0%9F%98%80?x=1+2&name=lost',
      {},
      { requestHeaders: { 'X-Opaque-Id': 'seen' } },
    );
    expect(JSON.parse(text(got))).toEqual({ name: 'a/b 😀', query: { x: '1 2' }, opaqueId: 'seen', contentType: null });
    expect(got.value).toMatchObject({
      status: 'OK',
      contentType: 'application/json; charset=UTF-8',
      consumedParams: ['x', 'name'],
      contentConsumed: true,
    });

    for (const size of [0, 1, 16_385, 2 ** 20]) {
      const content = Buffer.alloc(size, 'ü😀');
      const echoed = await node.execute('hello', 'POST /echo', { content, mediaType: 'application/json; charset=UTF-8' });
      expect(Buffer.from(echoed.value.content).equals(content)).toBe(true);
      expect(echoed.value).toMatchObject({ status: 'CREATED', headers: { 'X-Size': [String(size)] } });
    }

    expect((await node.execute('hello', 'GET /old')).value.status).toBe('OK');
    expect((await node.execute('hello', 'GET /nowhere?a=1')).value).toMatchObject({ status: 'BAD_REQUEST', consumedParams: ['a'] });
    expect((await node.execute('hello', 'DELETE /echo')).value).toMatchObject({
      status: 'METHOD_NOT_ALLOWED',
      headers: { Allow: ['POST'] },
    });
    const thrown = await node.execute('hello', 'GET /thrown?b=2');
    expect(thrown.value).toMatchObject({ status: 'CONFLICT', consumedParams: ['b'] });
    expect(JSON.parse(text(thrown))).toMatchObject({ error: { type: 'note_conflict_exception', reason: 'already there' }, status: 409 });
    const slow = await node.execute('hello', 'GET /never');
    expect(slow.value.status).toBe('GATEWAY_TIMEOUT');
  });

  test('a handler that runs into its deadline raises an event with its route, and so does what it throws afterwards', async () => {
    const { watched, dial } = await setUp();
    const mistake = new TypeError('too late');
    watched.ext.get('/late/{id}', async () => {
      await sleep(260);
      throw mistake;
    });
    watched.ext.get('/obedient', ({ signal }) => sleep(5_000, 'x', { signal }));
    watched.ext.get('/strict', async ({ signal }) => {
      await sleep(260);
      signal.throwIfAborted();
    });
    const node = await dial();
    await node.shakeHands(V_2_19_0);
    await node.initialise('hello');
    await expect.poll(() => watched.events.length).toBe(2);
    watched.events.length = 0;
    for (const path of ['/late/7', '/obedient', '/strict']) {
      expect((await node.execute('hello', `GET ${path}`)).value.status).toBe('GATEWAY_TIMEOUT');
    }
    const late = { method: 'GET', path: '/late/7', route: '/late/{id}' };
    await sleep(150);
    expect(watched.events.filter(({ type }) => type === 'handlerFailed')).toEqual([
      { type: 'handlerFailed', ...late, error: mistake, isLate: true },
    ]);
    expect(watched.events.filter(({ type }) => type === 'handlerTimedOut')).toEqual([
      { type: 'handlerTimedOut', ...late, timeoutMs: 200 },
      { type: 'handlerTimedOut', method: 'GET', path: '/obedient', route: '/obedient', timeoutMs: 200 },
      { type: 'handlerTimedOut', method: 'GET', path: '/strict', route: '/strict', timeoutMs: 200 },
    ]);
  });

  test('whatever a handler throws, in time or too late, the node is answered and a warning says so', async () => {
    const carrier = createCarrier();
    const ext = extension({ port: 0, carrier, timeoutMs: 100 });
    open.push({ close: () => ext.close({ drainMs: 0 }) });
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const [name, thrown] of [['bare', Object.create(null)] as const, ['revoked', proxy] as const]) {
      ext.get(`/now/${name}`, () => Promise.reject(thrown as Error));
      ext.get(`/late/${name}`, () => sleep(120).then(() => Promise.reject(thrown as Error)));
    }
    const warned: string[] = [];
    const onWarning = ({ message }: Error): void => void warned.push(message);
    process.on('warning', onWarning);
    const node = await ScriptedNode.dial(carrier, (await ext.listen()).port);
    open.push(node);
    await node.shakeHands(V_2_19_0);
    await node.initialise('hello');
    for (const name of ['bare', 'revoked']) {
      expect((await node.execute('hello', `GET /now/${name}`)).value.status).toBe('INTERNAL_SERVER_ERROR');
      expect((await node.execute('hello', `GET /late/${name}`)).value.status).toBe('GATEWAY_TIMEOUT');
    }
    await expect.poll(() => warned.filter((text) => text.includes('after its client was answered 504')).length).toBe(2);
    expect(warned).toContain('GET /now/bare failed: a value that has no text');
    process.off('warning', onWarning);
  });

  test('a thenable of a handler that does not answer in time runs once', async () => {
    const { watched, dial } = await setUp({ timeoutMs: 50 });
    let runs = 0;
    watched.ext.get('/lazy', () => ({
      // oxlint-disable-next-line unicorn/no-thenable -- it is what is tested
      then: () => void runs++,
    }));
    const node = await dial();
    await node.shakeHands(V_2_19_0);
    await node.initialise('hello');
    expect((await node.execute('hello', 'GET /lazy')).value.status).toBe('GATEWAY_TIMEOUT');
    await sleep(10);
    expect(runs).toBe(1);
  });

  test('a node that left before an interceptor let its initialisation pass is not remembered', async () => {
    let passed = 0;
    const slow: Interceptor<ServerCallContext> = (next) => async (call) => {
      if (call.action.name !== initializeExtension.name) return next(call);
      await sleep(100);
      passed++;
      return next(call);
    };
    const { watched, dial } = await setUp({ interceptors: [slow] });
    const node = await dial();
    await node.shakeHands(V_2_19_0);
    void node.initialise('hello').catch(() => undefined);
    await sleep(30);
    node.close();
    await expect.poll(() => passed).toBe(1);
    await sleep(10);
    expect([watched.ext.nodes, watched.events]).toEqual([[], []]);
  });

  test('an interceptor that fails, and an answer that cannot be written, raise an event', async () => {
    const mistake = new TypeError('a mistake');
    const failing: Interceptor<ServerCallContext> = (next) => (call) => {
      if ((call.request as { path?: string }).path === '/mistake') throw mistake;
      return next(call);
    };
    const { watched, dial } = await setUp({ interceptors: [failing], limits: { maxFrameBytes: 20_000 } });
    watched.ext.get('/large', () => 'x'.repeat(30_000));
    const node = await dial();
    await node.shakeHands(V_2_19_0);
    await node.initialise('hello');
    await expect(node.execute('hello', 'GET /mistake')).rejects.toThrow();
    await expect(node.execute('hello', 'GET /large')).rejects.toThrow();
    const action = restExecuteOnExtension.name;
    expect(watched.events.filter(({ type }) => type === 'requestFailed')).toMatchObject([
      { type: 'requestFailed', action, error: mistake },
      { type: 'requestFailed', action, error: { code: 'ERR_MESSAGE_TOO_LARGE' } },
    ]);
  });

  test('a connection that fails before it can be used raises an event', async () => {
    const inner = createCarrier();
    const error = new TransportError('ERR_TLS', {}, 'a handshake of the test failed');
    const remote = { host: '127.0.0.9', port: 9 };
    const carrier: Carrier = {
      name: 'refusing',
      dial: (...all) => inner.dial(...all),
      listen: async (options, accept, onError) => {
        const listener = await inner.listen(options, accept, onError);
        onError?.(error, remote);
        return listener;
      },
    };
    const { watched } = await setUp({ carrier });
    expect(watched.events).toEqual([{ type: 'channelRefused', remote, error }]);
  });

  test('a node whose connection ends is gone, with an event; one that initialised anew on another connection stays', async () => {
    const { watched, dial } = await setUp();
    const [first, second] = [await dial({ name: 'first', nodeId: 'n' }), await dial({ name: 'second', nodeId: 'n' })];
    for (const node of [first, second]) await node.shakeHands(V_2_19_0);
    await first.initialise('a');
    await first.initialise('b');
    await second.initialise('b');
    const [a] = watched.ext.nodes;
    expect(a).toMatchObject({ uniqueId: 'a', isConnected: true });
    first.close();
    await expect
      .poll(() => watched.events.filter(({ type }) => type === 'disconnected'))
      .toMatchObject([{ node: { name: 'first', uniqueId: 'a' } }]);
    expect(a).toMatchObject({ isConnected: false });
    expect(watched.ext.nodes).toMatchObject([{ name: 'second', uniqueId: 'b' }]);
    second.close();
    await expect.poll(() => watched.ext.nodes).toEqual([]);
    expect(() => watched.ext.node).toThrow(expect.objectContaining({ code: 'ERR_NO_NODE' }));
  });

  test('a listener that throws changes nothing for the node', async () => {
    const { watched, dial } = await setUp();
    const warned: string[] = [];
    const onWarning = ({ message }: Error): void => void warned.push(message);
    process.on('warning', onWarning);
    for (const type of ['initialized', 'registered', 'handlerFailed'] as const) {
      watched.ext.on(type, () => {
        throw new Error('a listener of the test');
      });
    }
    watched.ext.get('/mistake', () => {
      throw new TypeError('a mistake');
    });
    const node = await dial();
    await node.shakeHands(V_2_19_0);
    await node.initialise('hello');
    expect((await node.execute('hello', 'GET /mistake')).value.status).toBe('INTERNAL_SERVER_ERROR');
    expect((await node.execute('hello', 'GET /hello/x')).value.status).toBe('OK');
    await expect.poll(() => warned.length).toBe(3);
    process.off('warning', onWarning);
    expect(warned).toContain("a listener of the extension event 'handlerFailed' failed: a listener of the test");
  });

  test('what is asked compressed is answered compressed, and the other way', async () => {
    const { node } = await initialised();
    const content = Buffer.alloc(300_000, 'opensearch');
    for (const compressed of [true, false, true]) {
      const { value, message } = await node.execute('hello', 'POST /echo', { content }, { compressed });
      expect(Buffer.from(value.content).equals(content)).toBe(true);
      expect(message.compressed).toBe(compressed);
    }
    // A small one, too.
    const again = await node.initialise('again', { compressed: true });
    expect(again.message.compressed).toBe(true);
  });

  test('requests of all sockets are served at once, each answer by the socket of its question', async () => {
    const { node } = await initialised({ timeoutMs: 5_000 });
    const asked = Array.from({ length: 300 }, (_, n) => {
      const line = n % 10 === 0 ? 'GET /soon' : `GET /hello/${n}`;
      return node.execute('hello', line, {}, { socket: n % 3, compressed: n % 2 === 0 });
    });
    const answers = (await Promise.all(asked)).map(text);
    expect(answers.filter((answer) => answer === 'made it')).toHaveLength(30);
    for (const [n, answer] of answers.entries()) if (n % 10 !== 0) expect(JSON.parse(answer)).toMatchObject({ name: String(n) });
  });

  test('pings are answered by the socket they came by, between requests and in the middle of one', async () => {
    const { node } = await initialised();
    const soon = node.execute('hello', 'GET /soon', {}, { socket: 1 });
    node.ping(1);
    node.ping(1);
    node.ping(2);
    await node.until(() => node.pings[1] === 2 && node.pings[2] === 1);
    expect(text(await soon)).toBe('made it');
    expect(node.pings).toEqual([0, 2, 1]);
  });

  test('an action nobody serves and a body that cannot be read are errors of the request alone', async () => {
    const { node } = await initialised();
    const raw = (name: string) => defineAction({ name, request: rest, response: rest });
    for (const name of ['internal:nonsense', updateSettings.name]) {
      await expect(node.ask(raw(name), Buffer.alloc(50_000, 1))).rejects.toMatchObject({
        code: 'ERR_UNKNOWN_ACTION',
        reason: `No handler for action [${name}]`,
      });
    }
    const broken = raw('internal:extensions/restexecuteonextensiontaction');
    await expect(node.ask(broken, Buffer.of(0xff, 0xff))).rejects.toMatchObject({ code: 'ERR_REMOTE' });
    expect((await node.execute('hello', 'GET /hello/x')).value.status).toBe('OK');
    expect(node.ended).toEqual([]);
  });

  test('two nodes may know it by different ids, or by the same', async () => {
    const { watched, dial } = await setUp();
    const [one, two, three] = await Promise.all(['one', 'two', 'three'].map((name) => dial({ name })));
    const nodes = [
      [one, 'a'],
      [two, 'a-b'],
      [three, 'a'],
    ] as [ScriptedNode, string][];
    for (const [node, id] of nodes) {
      await node.shakeHands(V_2_19_0);
      expect((await node.initialise(id)).value.name).toBe(`name of ${id}`);
    }
    await expect.poll(() => watched.events.filter(({ type }) => type === 'registered')).toHaveLength(3);
    for (const [node, id] of nodes) {
      expect(node.registrations).toMatchObject([
        { request: { uniqueId: id, restActions: expect.arrayContaining([`POST /echo ${id.replace('-', '_')}:post/echo`]) as string[] } },
      ]);
      expect(JSON.parse(text(await node.execute(id, 'GET /hello/x')))).toMatchObject({ name: 'x' });
    }
    expect(watched.ext.nodes.map(({ name, uniqueId }) => `${name} ${uniqueId}`)).toEqual(['one a', 'two a-b', 'three a']);
    one?.close();
    await expect.poll(() => watched.ext.nodes.map(({ name }) => name)).toEqual(['two', 'three']);
    expect((await (three as ScriptedNode).execute('a', 'GET /hello/x')).value.status).toBe('OK');
    expect((await (two as ScriptedNode).execute('a-b', 'GET /hello/x')).value.status).toBe('OK');
  });

  test('closing answers what is under way before any socket ends: a node that loses one gives up all', async () => {
    const { watched, node } = await initialised({ timeoutMs: 5_000 });
    const soon = node.execute('hello', 'GET /soon', {}, { socket: 1 });
    await sleep(20);
    const closing = watched.ext.close();
    expect(text(await soon)).toBe('made it');
    expect(node.ended).toEqual([]);
    await closing;
    await node.until(() => node.ended.length === 3);
  });

  test('closing ends every socket when its time is up', async () => {
    const { watched, node } = await initialised({ timeoutMs: 5_000 });
    const never = node.execute('hello', 'GET /never', {}, { socket: 1 });
    const lost = expect(never).rejects.toThrow('socket 1 ended');
    await sleep(20);
    const began = performance.now();
    await watched.ext.close({ drainMs: 50 });
    await node.until(() => node.ended.length === 3);
    expect(performance.now() - began).toBeLessThan(2_000);
    await lost;
  });
});

describe('the worked examples', () => {
  // Recorded from genuine nodes; see extensions.md §2.9.
  test.each([
    [
      '2.19.6',
      '455300000031000000000000007e08006c565f0000001a00000016696e7465726e616c3a7463702f68616e647368616b650004ebda8541',
      '455300000017000000000000007e09006c565f00000002000093d68541',
    ],
    [
      '3.6.0',
      '45530000003100000000000000010808216b130000001a00000016696e7465726e616c3a7463702f68616e647368616b65000483e3ba41',
      '45530000001700000000000000010908216b1300000002000093d68541',
    ],
  ])('the handshake of %s is answered byte by byte', async (_release, asked, answered) => {
    const carrier = memoryCarrier();
    await using watched = new WatchedExtension({ carrier });
    await watched.listen();
    const got: Buffer[] = [];
    const link = await carrier.dial({ host: '127.0.0.1', port: watched.port }, () => ({
      onBytes: (chunk) => got.push(Buffer.from(chunk)),
      readTarget: () => null,
      onFilled: () => undefined,
      onDrain: () => undefined,
      onClose: () => undefined,
    }));
    link.write(Buffer.from(asked, 'hex'));
    await expect.poll(() => Buffer.concat(got).toString('hex')).toBe(answered);
    link.abort();
  });
});
