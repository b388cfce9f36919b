import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { type DevNode, devNode } from '../../src/devnode/dev-node.ts';
import { type Extension, extension } from '../../src/extension/extension.ts';
import type { ExtensionOptions } from '../../src/extension/extension-options.ts';
import { health } from '../../src/protocol/action/cluster/health.ts';
import { get } from '../../src/protocol/action/docs/get.ts';
import { StatusError } from '../../src/protocol/error/status-error.ts';
import { closeAll, open, rest } from '../support/devnode-extension.ts';

afterEach(closeAll);

const HI = Buffer.from('hi');

async function started(node: DevNode, uniqueId: string, setUp: (ext: Extension) => void, options: Partial<ExtensionOptions> = {}) {
  const ext = open(extension({ port: 0, ...options, onEvent: () => undefined }));
  setUp(ext);
  await ext.listen();
  await ext.initialize(node.httpUrl, { name: uniqueId, uniqueId });
  return ext;
}

async function pair(version: string) {
  const node = open(await devNode({ version, extensionTimeoutMs: 300 }));
  const setUp = (ext: Extension): void => {
    ext
      .action('greet', (bytes, { origin, node: from }) => Buffer.from(`${origin} ${from?.uniqueId} ${bytes.toString()}`))
      .action('failing', () => {
        throw new StatusError(409, 'conflict_exception', 'already there');
      })
      .action('silent', () => new Promise<never>(() => undefined));
  };
  const target = await started(node, 'target', setUp, { timeoutMs: Number.POSITIVE_INFINITY });
  const caller = await started(node, 'caller', (ext) => {
    ext.action('own', (bytes) => bytes);
    ext.get('/me', async ({ asCaller }) => {
      const { status, body } = await asCaller().request<{ status: string }>('GET', '/_cluster/health');
      return `${status} ${body.status}`;
    });
  });
  return { node, target, caller };
}

describe.each(['2.19.6', '3.9.0'])('on a development node of %s', (version) => {
  test('extensions call each other, and failures are told in plain words', async () => {
    const { target, caller } = await pair(version);
    expect(String(await caller.remote('greet', HI))).toMatch(/^extension .* hi$/);
    expect(String(await target.remote('own', HI))).toBe('hi');
    target.action('late', () => Buffer.from('late'));
    await expect.poll(() => caller.remote('late', HI).then(String, () => 'absent')).toBe('late');
    await expect(caller.remote('absent', HI)).rejects.toMatchObject({ failure: 'unknown-action', code: 'ERR_UNKNOWN_ACTION' });
    await expect(caller.remote('failing', HI)).rejects.toMatchObject({ status: 409, remoteType: 'conflict_exception' });
    await expect(caller.remote('silent', HI)).rejects.toMatchObject({ failure: 'timed-out', code: 'ERR_DEADLINE' });
    target.abort();
    const failed = () => caller.remote('greet', HI).catch((error: unknown) => error);
    await expect.poll(failed).toMatchObject({ failure: 'gone' });
  });

  test('the node serves its own actions, and its REST API to service and caller', async () => {
    const { node, caller } = await pair(version);
    expect((await caller.node.call(health, {})).status).toMatch(/GREEN|YELLOW/);
    const service = caller.asService();
    const put = await service.request('PUT', '/notes/_doc/1', { text: 'first' }, { query: { refresh: true } });
    expect(put).toMatchObject({ status: 201, body: { _id: '1', result: 'created' } });
    expect(await caller.node.call(get, { index: 'notes', id: '1' })).toMatchObject({ exists: true });
    expect(await service.request('GET', '/notes/_doc/2')).toMatchObject({ status: 404, body: { found: false } });
    expect(await rest(node, 'GET', '/_extensions/_caller/me')).toMatchObject({
      status: 200,
      text: expect.stringMatching(/^200 (green|yellow)$/) as string,
    });
    const client = await service.client();
    expect((await client.get({ index: 'notes', id: '1' })).body).toMatchObject({ _source: { text: 'first' } });
    await client.close();
    expect((await caller.node.clusterState()).state.length).toBeGreaterThan(100);
    expect(await caller.node.dependencies()).toEqual([]);
    expect(await caller.node.environment()).toMatchObject({ 'http.type': 'netty4' });
  });
});

test('deadlines, cancelled calls and lost connections leave no listener behind', async () => {
  const { node, caller } = await pair('3.9.0');
  const { ended } = caller.node.channel;
  const stop = new AbortController();
  const listeners = () => [getEventListeners(ended, 'abort').length, getEventListeners(stop.signal, 'abort').length];
  const before = listeners();
  const call = (options: object) => caller.remote('silent', HI, options);
  const late = Array.from({ length: 20 }, () =>
    expect(call({ timeoutMs: 20, signal: stop.signal })).rejects.toMatchObject({ code: 'ERR_DEADLINE' }),
  );
  await Promise.all(late);
  // The calls share one listener, which stays for a second in case another call comes.
  await expect.poll(listeners, { timeout: 10_000 }).toEqual(before);
  const cancelled = Array.from({ length: 20 }, () =>
    expect(call({ signal: stop.signal })).rejects.toMatchObject({ code: 'ERR_CANCELLED' }),
  );
  stop.abort();
  await Promise.all(cancelled);
  await expect.poll(listeners, { timeout: 10_000 }).toEqual(before);
  const other = new AbortController();
  const lost = expect(call({ signal: other.signal })).rejects.toMatchObject({ code: 'ERR_CONNECTION_LOST' });
  await node.close();
  await lost;
  await expect.poll(() => getEventListeners(other.signal, 'abort'), { timeout: 10_000 }).toEqual([]);
  await expect.poll(() => caller.nodes).toEqual([]);
});
