import { afterEach, describe, expect, test } from 'vitest';
import { devNode } from '../../src/devnode/dev-node.ts';
import type { DevNode } from '../../src/devnode/dev-node.ts';
import type { DevNodeEvent } from '../../src/devnode/dev-node-options.ts';
import { extension } from '../../src/extension/extension.ts';
import { json } from '../../src/extension/rest/response.ts';
import { StatusError } from '../../src/protocol/error/status-error.ts';
import { closeAll, initialise, open, rest, scriptedExtension } from '../support/devnode-extension.ts';

afterEach(closeAll);

async function startNode(version: string, options: object = {}) {
  const events: DevNodeEvent[] = [];
  const node = open(await devNode({ version, onEvent: (event) => events.push(event), ...options }));
  const seen = (type: DevNodeEvent['type']) => events.filter((event) => event.type === type);
  return { node, events, seen };
}

async function startSdk(node: DevNode) {
  const ext = open(extension({ port: 0, timeoutMs: 2000 }));
  ext.get('/hello', () => 'hello');
  ext.get('/hello/{name}', ({ params, query }) => json({ name: params.name, loud: query.text('loud') ?? null }));
  ext.post('/echo', ({ body, contentType, opaqueId }) => json({ size: body.bytes.length, contentType, opaqueId }));
  ext.get('/thrown', () => {
    throw new StatusError(409, 'note_conflict_exception', 'already there');
  });
  ext.deprecated('GET', '/old', 'use /hello', () => 'old');
  const { port } = await ext.listen();
  const registered = new Promise((resolve) => ext.on('registered', resolve));
  expect((await initialise(node, { port, uniqueId: 'sdk', name: 'Sdk' })).status).toBe(202);
  await registered;
  return ext;
}

describe.each(['2.19.6', '3.9.0'])('a development node of %s', (version) => {
  test('initialises the SDK and serves its routes', async () => {
    const { node, seen } = await startNode(version);
    await startSdk(node);
    await expect.poll(() => node.extensions).toMatchObject([{ uniqueId: 'sdk', name: 'Sdk', isConnected: true, isInitialized: true }]);
    expect(node.extensions[0]?.routes).toContain('GET /hello/{name}');
    expect(await rest(node, 'GET', '/_extensions/_sdk/hello')).toMatchObject({ status: 200, text: 'hello' });
    expect(await rest(node, 'GET', '/_extensions/_sdk/hello/a%2Fb?loud=1')).toMatchObject({
      status: 200,
      text: '{"name":"a/b","loud":"1"}',
    });
    const sent = { body: '{}', headers: { 'Content-Type': 'application/json', 'X-Opaque-Id': 'o1' } };
    expect(JSON.parse((await rest(node, 'POST', '/_extensions/_sdk/echo', sent)).text)).toMatchObject({ size: 2, opaqueId: 'o1' });
    expect(await rest(node, 'GET', '/_extensions/_sdk/thrown')).toMatchObject({
      status: 409,
      text: expect.stringContaining('note_conflict_exception'),
    });
    expect(await rest(node, 'GET', '/_extensions/_sdk/none')).toMatchObject({ status: 400 });
    expect(await rest(node, 'PUT', '/_extensions/_sdk/hello')).toMatchObject({ status: 405 });
    const warned = await rest(node, 'GET', '/_extensions/_sdk/old');
    expect(warned).toMatchObject({ status: 200, text: 'old' });
    expect(warned.headers.get('warning')).toContain('"use /hello"');
    expect((await rest(node, 'GET', '/_extensions/_sdk/old')).headers.get('warning')).toBeNull();
    expect(seen('deprecatedRouteUsed')).toMatchObject([{ uniqueId: 'sdk', message: 'use /hello' }]);
  });

  test('an extension that goes away is gone for good', async () => {
    const { node, seen } = await startNode(version);
    const ext = await startSdk(node);
    await ext.close({ drainMs: 0 });
    await expect.poll(() => seen('extensionDisconnected')).toHaveLength(1);
    const address = node.extensions[0]?.address;
    expect(JSON.parse((await rest(node, 'GET', '/_extensions/_sdk/hello')).text)).toMatchObject({
      error: { type: 'node_not_connected_exception', reason: `[Sdk][${String(address)}] Node not connected` },
      status: 500,
    });
    expect((await initialise(node, { port: 1, uniqueId: 'sdk' })).text).toMatch(
      /^Duplicate uniqueId \[sdk\]\. Did not load extension: Extension \[name=/,
    );
  });

  test('13 connections are opened, with the handshake of the release on one of them', async () => {
    const { node } = await startNode(version);
    const scripted = await scriptedExtension();
    await initialise(node, { port: scripted.port, uniqueId: 'raw' });
    await scripted.initialised;
    await expect.poll(() => scripted.server.connections).toBe(13);
    expect(scripted.request?.serviceAccountHeader).toBe('noopToken');
    expect(scripted.request?.extension).toMatchObject({ id: 'raw', name: 'Raw', minimumCompatibleVersionId: 136407827 });
  });
});
