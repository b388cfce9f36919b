import { afterAll, beforeAll, expect, test } from 'vitest';
import { health } from '../../src/protocol/action/cluster/health.ts';
import { get } from '../../src/protocol/action/docs/get.ts';
import { StatusError } from '../../src/protocol/error/status-error.ts';
import { WatchedExtension } from '../support/interop-extension.ts';
import { Http } from '../support/interop-http.ts';
import { bootedNodes, describeReleases } from '../support/interop-node.ts';

await describeReleases('transport actions', (version) => {
  const nodes = bootedNodes({ node: { version } });
  const made = {} as { http: Http; target: WatchedExtension; caller: WatchedExtension };
  const call = (action: string) => made.caller.ext.remote(action, Buffer.from('hi'));

  beforeAll(async () => {
    made.http = new Http(nodes.node.httpUrl);
    made.target = new WatchedExtension({ timeoutMs: Number.POSITIVE_INFINITY });
    made.target.ext
      .action('greet', (bytes, { origin, node }) => Buffer.from(`${origin} ${node?.uniqueId} ${bytes.toString()}`))
      .action('failing', () => {
        throw new StatusError(409, 'conflict_exception', 'already there');
      })
      .action('silent', () => new Promise<never>(() => undefined));
    made.caller = new WatchedExtension({ restUrl: nodes.node.httpUrl });
    made.caller.ext.action('own', (bytes) => bytes);
    made.caller.ext.get('/me', async ({ asCaller }) => String((await asCaller().request('GET', '/_cluster/health')).status));
    for (const [extension, id] of [
      [made.target, 'target'],
      [made.caller, 'caller'],
    ] as const) {
      await extension.listen();
      expect(await extension.initialise(made.http, id)).toMatchObject({ type: 'registered' });
    }
  });
  afterAll(async () => {
    made.http.close();
    made.caller.ext.abort();
    made.target.ext.abort();
    await Promise.all([made.caller.ext.close(), made.target.ext.close()]);
  });

  test('two extensions call each other through the node', async () => {
    expect(String(await call('greet'))).toMatch(/^extension .* hi$/);
    expect(String(await made.target.ext.remote('own', Buffer.from('back')))).toBe('back');
    const large = Buffer.alloc(200_000, 'a');
    expect((await made.caller.ext.remote('own', large)).equals(large)).toBe(true);
  });

  test('failures are told in plain words', async () => {
    await expect(call('absent')).rejects.toMatchObject({ failure: 'unknown-action', code: 'ERR_UNKNOWN_ACTION' });
    await expect(call('failing')).rejects.toMatchObject({ status: 409, remoteType: 'conflict_exception', reason: 'already there' });
  });

  test('a name that is taken rejects the registration', async () => {
    const second = new WatchedExtension();
    second.ext.action('greet', (bytes) => bytes);
    await second.listen();
    const event = await second.initialise(made.http, 'second');
    expect(event).toMatchObject({ type: 'rejected', error: { message: expect.stringContaining("refused the action 'greet'") } });
    second.ext.abort();
    await second.ext.close();
  });

  test('the node serves its own actions on its sockets', async () => {
    const { node } = made.caller.ext;
    expect((await node.call(health, {})).status).toMatch(/GREEN|YELLOW/);
    await made.http.sendJson('PUT /notes/_doc/1?refresh=true', { text: 'first' });
    const found = await node.call(get, { index: 'notes', id: '1' });
    expect(found).toMatchObject({ exists: true });
    const { clusterName, state } = await node.clusterState();
    expect(clusterName.length).toBeGreaterThan(0);
    expect(state.length).toBeGreaterThan(100);
    expect(await node.dependencies()).toEqual([]);
  });

  test('its REST API answers service and caller', async () => {
    // The node took a free port, which is not among its settings, and was not asked through initialize().
    await expect(made.target.ext.asService().request('GET', '/')).rejects.toMatchObject({
      code: 'ERR_CONFIG',
      message: expect.stringContaining('set the option restUrl of the extension') as string,
    });
    const service = made.caller.ext.asService();
    expect(await service.request('PUT', '/rest/_doc/1', { text: 'first' })).toMatchObject({ status: 201, body: { result: 'created' } });
    expect(await service.request('GET', '/rest/_doc/2')).toMatchObject({ status: 404, body: { found: false } });
    expect((await service.request('GET', '/_cat/indices', undefined, { query: { h: 'index' } })).body).toContain('rest\n');
    const cbor = await service.request('GET', '/', undefined, { query: { format: 'cbor' } });
    expect(cbor.body).toBeInstanceOf(Buffer);
    const client = await service.client();
    expect((await client.get({ index: 'rest', id: '1' })).body).toMatchObject({ _source: { text: 'first' } });
    await client.close();
    expect(await made.http.send('GET /_extensions/_caller/me')).toMatchObject({ status: 200, text: '200' });
  });

  test('an action may be added later', async () => {
    made.target.ext.action('late', () => Buffer.from('late'));
    await expect.poll(() => call('late').then(String, () => 'absent'), { timeout: 5_000 }).toBe('late');
  });

  test('a target that is silent, and one that has gone', { timeout: 30_000 }, async () => {
    await expect(call('silent')).rejects.toMatchObject({ failure: 'timed-out', code: 'ERR_DEADLINE' });
    made.target.ext.abort();
    await expect.poll(() => call('greet').catch((error: unknown) => error), { timeout: 5_000 }).toMatchObject({ failure: 'gone' });
  });
});
