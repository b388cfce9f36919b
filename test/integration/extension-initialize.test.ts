import { afterEach, describe, expect, test } from 'vitest';
import { extension } from '../../src/extension/extension.ts';
import type { ExtensionOptions } from '../../src/extension/extension-options.ts';
import { StatusError } from '../../src/protocol/error/status-error.ts';
import { WatchedExtension } from '../support/interop-extension.ts';
import { type RestNodeScript, ScriptedRestNode } from '../support/scripted-rest-node.ts';

const HELLO = { name: 'name of hello', uniqueId: 'hello' } as const;
const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function restNode(script: RestNodeScript = {}): Promise<ScriptedRestNode> {
  const node = await new ScriptedRestNode(script).start();
  open.push(node);
  return node;
}

async function listening(options: Partial<ExtensionOptions> = {}): Promise<WatchedExtension> {
  const watched = new WatchedExtension(options);
  open.push({ close: () => watched.ext.close({ drainMs: 0 }) });
  watched.ext.get('/hello', () => 'hello there');
  await watched.listen();
  return watched;
}

const types = (watched: WatchedExtension): string[] => watched.events.map(({ type }) => type);
const failure = (code: string, message: RegExp) => ({ code, message: expect.stringMatching(message) as string });

describe('initialize()', () => {
  test('resolves when the node has initialised the extension and acknowledged its routes', async () => {
    const [node, watched] = [await restNode(), await listening()];
    await watched.ext.initialize(node.url, { ...HELLO, dependencies: [{ uniqueId: 'other', version: '1.0.0' }] });
    expect(types(watched)).toEqual(['initialized', 'registered']);
    expect(node.bodies).toEqual([
      {
        ...HELLO,
        hostAddress: '127.0.0.1',
        port: String(watched.port),
        version: '1.0.0',
        opensearchVersion: '2.19.0',
        minimumCompatibleVersion: '2.9.0',
        dependencies: [{ uniqueId: 'other', version: '1.0.0' }],
      },
    ]);
    expect((await node.node('hello').execute('hello', 'GET /hello')).value.status).toBe('OK');
  });

  test('asks a node once, however often and by whatever URL it is called', async () => {
    const [node, watched] = [await restNode(), await listening()];
    const urls = [node.url, node.url.replace('127.0.0.1', 'localhost'), `${node.url}/`];
    await Promise.all([watched.ext.initialize(urls, HELLO), watched.ext.initialize(node.url, HELLO)]);
    await watched.ext.initialize(node.url, HELLO);
    expect(node.bodies).toHaveLength(1);
  });

  test('several nodes may know the extension by the same unique id', async () => {
    const nodes = [await restNode({ nodeId: 'one', name: 'n' }), await restNode({ nodeId: 'two', name: 'n' })];
    const watched = await listening();
    await watched.ext.initialize(
      nodes.map(({ url }) => url),
      HELLO,
    );
    expect(watched.ext.nodes.map(({ nodeId }) => nodeId).sort()).toEqual(['one', 'two']);
  });

  test('sends headers and the user of the URL', async () => {
    const [node, watched] = [await restNode(), await listening()];
    await watched.ext.initialize(node.url.replace('//', '//admin:p%40ss@'), { ...HELLO, headers: { 'X-Opaque-Id': 'me' } });
    for (const headers of node.headers) {
      expect(headers).toMatchObject({ authorization: `Basic ${btoa('admin:p@ss')}`, 'x-opaque-id': 'me' });
    }
  });

  test.each<[what: string, script: RestNodeScript, code: string, message: RegExp]>([
    [
      'a duplicate id',
      { answers: { 'POST /_extensions/initialize': [500, 'Duplicate uniqueId [hello]. Did'] } },
      'ERR_REMOTE',
      /refused the extension 'hello': Duplicate uniqueId \[hello\]\. Did; a node knows a unique id until it restarts/,
    ],
    [
      'a version that is refused',
      { answers: { 'POST /_extensions/initialize': [500, 'Extension minimumCompatibleVersion: 3.0.0 is greater'] } },
      'ERR_REMOTE',
      /minimumCompatibleVersion: 3\.0\.0 is greater$/,
    ],
    [
      'the flag that is off',
      {
        answers: {
          'POST /_extensions/initialize': [400, '{"error":"no handler found for uri [/_extensions/initialize] and method [POST]"}'],
        },
      },
      'ERR_REMOTE',
      /switched off: start it with the setting opensearch\.experimental/,
    ],
    [
      'a user without permission',
      { answers: { 'GET /': [401, 'Unauthorized'] } },
      'ERR_REMOTE',
      /answered GET \/ with status 401: Unauthorized; pass `auth`/,
    ],
    [
      'a server that is no node',
      { answers: { 'GET /': [200, '<html>'] } },
      'ERR_HANDSHAKE',
      /not the REST API of an OpenSearch node: GET \/ answered <html>/,
    ],
    ['an old release', { version: '2.8.0' }, 'ERR_VERSION', /has version 2\.8\.0, expected 2\.9 to 3\.x/],
    [
      'release 4',
      { version: '4.0.0-SNAPSHOT' },
      'ERR_VERSION',
      /has version 4\.0\.0-SNAPSHOT, expected 2\.9 to 3\.x: extensions are to be removed/,
    ],
    ['Elasticsearch', { version: '7.10.2' }, 'ERR_VERSION', /override_main_response_version/],
    [
      'routes that are refused',
      { verdict: new StatusError(400, 'illegal_argument_exception', 'route [GET /hello] already registered') },
      'ERR_REMOTE',
      /did not accept what the extension 'hello' registers: .*already registered/,
    ],
    [
      'a node that cannot connect',
      { afterwards: 'nothing' },
      'ERR_DEADLINE',
      /did not connect to the extension 'hello' at 127\.0\.0\.1:\d+ within 400 ms; check that hostAddress and port/,
    ],
    [
      'a node that connects only',
      { afterwards: 'connect' },
      'ERR_DEADLINE',
      /did not initialise the extension 'hello' within 400 ms, although connections came/,
    ],
    [
      'a node that acknowledges nothing',
      { verdict: 'ignore' },
      'ERR_DEADLINE',
      /initialised the extension 'hello', but did not acknowledge its registration within 400 ms/,
    ],
    [
      'a REST API that does not answer',
      { answers: { 'GET /': null } },
      'ERR_DEADLINE',
      /REST API of the node at .* did not answer within 400 ms/,
    ],
  ])('explains %s', async (_what, script, code, message) => {
    const [node, watched] = [await restNode(script), await listening({ onEvent: () => undefined })];
    await expect(watched.ext.initialize(node.url, { ...HELLO, timeoutMs: 400 })).rejects.toMatchObject(failure(code, message));
  });

  test('explains a node that is not there, and names all of several that failed', async () => {
    const [node, watched] = [await restNode({ nodeId: 'good' }), await listening()];
    const gone = await restNode();
    await gone.close();
    const bad = await restNode({ version: '1.3.0' });
    const words = /^cannot reach the node at http:\/\/127\.0\.0\.1:\d+: connect ECONNREFUSED .*; check that the node runs/;
    await expect(watched.ext.initialize(gone.url, HELLO)).rejects.toMatchObject(failure('ERR_DIAL', words));
    await expect(watched.ext.initialize([node.url, gone.url, bad.url], HELLO)).rejects.toMatchObject(
      failure('ERR_DIAL', /^2 of 3 nodes did not initialise the extension: cannot reach .*; the node at .* has version 1\.3\.0/),
    );
    expect(watched.ext.node.nodeId).toBe('good');
  });

  test('a node that does not tell its id is known by its name', async () => {
    const [node, watched] = [await restNode({ answers: { 'GET /_nodes/_local': [403, '{}'] } }), await listening()];
    await watched.ext.initialize(node.url, HELLO);
    await watched.ext.initialize(node.url, HELLO);
    expect(node.bodies).toHaveLength(1);
  });

  test('ends with close(), and with its signal', async () => {
    const [node, watched] = [await restNode({ afterwards: 'nothing' }), await listening()];
    const cancelled = new AbortController();
    const first = watched.ext.initialize(node.url, { ...HELLO, signal: cancelled.signal });
    setTimeout(() => cancelled.abort(new Error('enough')), 50);
    await expect(first).rejects.toMatchObject({ code: 'ERR_CANCELLED', cause: { message: 'enough' } });
    await expect(watched.ext.initialize(node.url, { ...HELLO, signal: cancelled.signal })).rejects.toMatchObject({ code: 'ERR_CANCELLED' });
    const second = watched.ext.initialize(node.url, { ...HELLO, uniqueId: 'b' });
    setTimeout(() => watched.ext.abort(), 50);
    await expect(second).rejects.toMatchObject({ code: 'ERR_CLOSED' });
    await expect(watched.ext.initialize(node.url, HELLO)).rejects.toMatchObject({ code: 'ERR_CLOSED' });
  });

  test('refuses wrong arguments before it asks anybody', async () => {
    const [node, watched] = [await restNode(), await listening({ host: '0.0.0.0' })];
    const ask = (urls: unknown, options: object = HELLO) => watched.ext.initialize(urls as string, options as typeof HELLO);
    await expect(ask('127.0.0.1:9200')).rejects.toMatchObject(failure('ERR_USAGE', /must be that of a node's REST API/));
    await expect(ask([])).rejects.toMatchObject({ code: 'ERR_USAGE' });
    await expect(ask(node.url, { name: 'x' })).rejects.toMatchObject(failure('ERR_CONFIG', /^uniqueId is missing/));
    await expect(ask(node.url, { ...HELLO, id: 'x' })).rejects.toMatchObject({ code: 'ERR_CONFIG' });
    await expect(ask('http://192.0.2.1:9200')).rejects.toMatchObject(
      failure('ERR_USAGE', /^hostAddress is missing: the extension listens on every/),
    );
    const silent = extension({ port: 0 });
    await expect(silent.initialize(node.url, HELLO)).rejects.toMatchObject(failure('ERR_USAGE', /call listen\(\) before initialize\(\)/));
    expect(node.requests).toEqual([]);
    await ask(node.url);
    expect(node.bodies).toMatchObject([{ hostAddress: '127.0.0.1' }]);
  });
});

describe('a node that restarts', () => {
  test('is asked again by itself, and served', async () => {
    const [node, watched] = [await restNode(), await listening()];
    await watched.ext.initialize(node.url, HELLO);
    await node.close();
    await expect.poll(() => types(watched), { timeout: 15_000 }).toContain('reinitializationFailed');
    expect(watched.ext.nodes).toEqual([]);
    expect(watched.events.find(({ type }) => type === 'reinitializationFailed')).toMatchObject({
      url: node.url,
      uniqueId: 'hello',
      error: { code: 'ERR_DIAL' },
    });
    await node.start();
    await expect.poll(() => types(watched).filter((type) => type === 'registered'), { timeout: 15_000 }).toHaveLength(2);
    expect((await node.node('hello').execute('hello', 'GET /hello')).value.status).toBe('OK');
  }, 40_000);

  test('is not asked again after close(), nor after the signal', async () => {
    const [node, watched] = [await restNode(), await listening()];
    const enough = new AbortController();
    await watched.ext.initialize(node.url, { ...HELLO, signal: enough.signal });
    await node.close();
    await expect.poll(() => types(watched), { timeout: 15_000 }).toContain('reinitializationFailed');
    enough.abort();
    watched.events.length = 0;
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(types(watched)).toEqual([]);
  }, 40_000);
});

describe('a node that does not come', () => {
  test('is missed with an event, or a warning that says what to check', async () => {
    const watched = await listening({ nodeWaitMs: 50 });
    await expect
      .poll(() => watched.events)
      .toMatchObject([{ type: 'noNode', waitMs: 50, connections: 0, endpoint: { port: watched.port } }]);
    const warned: string[] = [];
    const onWarning = ({ message }: Error): void => void warned.push(message);
    process.on('warning', onWarning);
    const bare = extension({ port: 0, nodeWaitMs: 30 });
    open.push(bare);
    const { port } = await bare.listen();
    await expect.poll(() => warned).toHaveLength(1);
    process.off('warning', onWarning);
    expect(warned[0]).toContain('no node has initialised the extension within 30 ms (no connection came)');
    for (const hint of ['extensions.enabled: true', `port ${port}`, 'firewall', 'ostp doctor']) expect(warned[0]).toContain(hint);
  });

  test('is not missed when one came, nor after close()', async () => {
    const [node, watched] = [await restNode(), await listening({ nodeWaitMs: 1_000 })];
    await watched.ext.initialize(node.url, HELLO);
    const closed = await listening({ nodeWaitMs: 100 });
    await closed.ext.close({ drainMs: 0 });
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect([...types(watched), ...types(closed)]).toEqual(['initialized', 'registered']);
  });
});
