import { afterEach, expect, test } from 'vitest';
import { devNode } from '../../src/devnode/dev-node.ts';
import type { DevNodeEvent, DevNodeOptions } from '../../src/devnode/dev-node-options.ts';
import { health } from '../../src/protocol/action/cluster/health.ts';
import {
  addSettingsUpdateConsumer,
  clusterState,
  dependencyInformation,
  environmentSettings,
  proxyAction,
  registerCustomSettings,
  registerRestActions,
  registerTransportActions,
  requestTransportAction,
} from '../../src/protocol/action/extension/extension.ts';
import {
  type ExtensionRestRequest,
  handleRemoteTransportAction,
  handleTransportAction,
} from '../../src/protocol/action/extension/node-to-extension.ts';
import { StatusError } from '../../src/protocol/error/status-error.ts';
import { createClient } from '../../src/transport/client/client.ts';
import { closeAll, initialise, open, rest, type ScriptedOptions, scriptedExtension } from '../support/devnode-extension.ts';

afterEach(closeAll);

async function start(options: DevNodeOptions = {}, scriptedOptions: ScriptedOptions = {}, uniqueId = 'raw') {
  const events: DevNodeEvent[] = [];
  const node = open(await devNode({ onEvent: (event) => events.push(event), ...options }));
  const seen = (type: DevNodeEvent['type']) => events.filter((event) => event.type === type);
  const add = async (id: string, how: ScriptedOptions = {}, members: object = {}) => {
    const scripted = await scriptedExtension(how);
    expect((await initialise(node, { port: scripted.port, uniqueId: id, ...members })).status).toBe(202);
    await scripted.initialised;
    return scripted;
  };
  const scripted = await add(uniqueId, scriptedOptions);
  const register = (restActions: string[], deprecatedRestActions: string[] = [], id: string | null = uniqueId) =>
    scripted.channel.call(registerRestActions, { uniqueId: id, restActions, deprecatedRestActions });
  return { node, seen, add, scripted, register };
}

test('registrations are refused in the words of a node, and leave what they leave there', async () => {
  const { node, seen, register } = await start();
  await expect(register([], [], 'nope')).rejects.toMatchObject({
    remoteType: 'illegal_state_exception',
    reason: 'Missing extension node for nope',
  });
  await expect(register([], [], null)).rejects.toMatchObject({ reason: 'Missing extension node for ' });
  await expect(register(['GET /x'])).rejects.toMatchObject({ remoteType: 'illegal_argument_exception', status: 400 });
  await expect(register(['GET /m cluster:monitor/main'])).rejects.toMatchObject({ reason: expect.stringContaining('already registered') });
  await expect(register([], ['GET /dep', ''])).rejects.toMatchObject({ reason: 'header value must contain only US ASCII text' });
  expect(await register([], ['GET /dep1', 'old', 'GET /odd'])).toEqual({ status: true });
  await expect(register([], ['GET /dep1', 'old'])).rejects.toMatchObject({
    reason: 'Cannot replace existing handler for [/_extensions/_raw/dep1] for method: GET',
  });
  await expect(register(['GET /a/{one} one', 'POST /a/{two} two'])).rejects.toMatchObject({
    reason: 'Trying to use conflicting wildcard names for same path: one and two',
  });
  await expect(register(['GET /b b'])).rejects.toMatchObject({
    reason: expect.stringContaining('as they both have the same name [raw:send_to_extension_action]'),
  });
  expect(await register([], ['GET /dep2', 'old'])).toEqual({ status: true });
  expect(node.extensions[0]?.routes).toEqual(['GET /dep1', 'GET /a/{one}', 'GET /dep2']);
  expect(seen('extensionRefused')).toHaveLength(8);
  expect(await rest(node, 'POST', '/_extensions/_raw/a/b')).toMatchObject({ status: 405 });
});

test.each(['2.19.6', '3.9.0'])('a node of %s answers the questions of extensions', async (version) => {
  const { scripted, add } = await start({ version, clusterName: 'c' });
  await add('dependent', {}, { dependencies: [{ uniqueId: 'raw', version }] });
  await add('stranger', {}, { dependencies: [{ uniqueId: 'raw', version: '2.19.0' }] });
  const { channel } = scripted;
  expect(await channel.call(environmentSettings, { uniqueId: 'raw' })).toMatchObject({ 'cluster.name': 'c', 'http.type': 'netty4' });
  expect(await channel.call(dependencyInformation, { uniqueId: 'raw' })).toMatchObject([{ id: 'dependent' }]);
  expect(await channel.call(dependencyInformation, {})).toEqual([]);
  expect((await channel.call(clusterState, { uniqueId: 'raw' })).state.length).toBeGreaterThan(300);
  await expect(channel.call(clusterState, { uniqueId: 'raw', requestType: 'GET_SETTINGS' })).rejects.toMatchObject({
    remoteType: 'illegal_argument_exception',
    reason: 'Handler not present for the provided request',
  });
  expect(await channel.call(health, {})).toMatchObject({ clusterName: 'c' });
  const setting = { type: 'Integer', key: 'custom.count', default: 5, properties: ['Dynamic', 'NodeScope'] } as const;
  expect(await channel.call(registerCustomSettings, { uniqueId: 'raw', settings: [setting] })).toEqual({ status: true });
  const extensionNode = scripted.request?.extension;
  if (extensionNode === undefined) throw new Error('not initialised');
  const unknown = { ...setting, key: 'custom.unknown' };
  expect(await channel.call(addSettingsUpdateConsumer, { extensionNode, settings: [setting] })).toEqual({
    status: version.startsWith('3'),
  });
  expect(await channel.call(addSettingsUpdateConsumer, { extensionNode, settings: [unknown] })).toEqual({ status: false });
  await expect(channel.call(registerCustomSettings, { uniqueId: 'raw', settings: [setting] })).rejects.toMatchObject({
    remoteType: 'settings_exception',
    reason: 'Could not register setting:custom.count',
  });
});

test('extensions call each other through the node', async () => {
  const { node, scripted, add } = await start({ extensionTimeoutMs: 200 });
  const other = await add('other');
  other.server.handle(handleRemoteTransportAction, async ({ action, requestBytes }) => {
    if (action === 'silent') return new Promise<never>(() => undefined);
    if (action === 'failing') throw new StatusError(409, 'note_conflict_exception', 'already there');
    return { success: action !== 'unwilling', responseBytes: requestBytes };
  });
  other.server.handle(handleTransportAction, ({ requestBytes }) => ({ responseBytes: requestBytes }));
  const actions = { uniqueId: 'other', transportActions: ['greet', 'silent', 'failing', 'unwilling'] };
  expect(await other.channel.call(registerTransportActions, actions)).toEqual({ status: true });
  expect(await scripted.channel.call(registerTransportActions, actions)).toEqual({ status: false });
  await scripted.channel.call(registerTransportActions, { uniqueId: 'nobody', transportActions: ['orphan'] });
  const call = async (action: string) => {
    const answer = await scripted.channel.call(requestTransportAction, { uniqueId: 'raw', action, requestBytes: Buffer.from('hi') });
    return { ...answer, responseBytes: answer.responseBytes.toString() };
  };
  expect(await call('greet')).toEqual({ success: true, responseBytes: 'hi' });
  expect(await call('unwilling')).toEqual({ success: false, responseBytes: 'hi' });
  expect(await call('nope')).toEqual({
    success: false,
    responseBytes: 'Request failed: action [nope] is not registered for any extension.',
  });
  expect(await call('orphan')).toEqual({ success: false, responseBytes: 'Request failed: extension [nobody] can not be reached.' });
  await expect(call('failing')).rejects.toMatchObject({ status: 409, remoteType: 'note_conflict_exception' });
  await expect(call('silent')).rejects.toMatchObject({ remoteType: 'runtime_exception', reason: 'java.util.concurrent.TimeoutException' });
  const client = open(createClient(node.address));
  expect((await client.call(proxyAction, { action: 'greet', requestBytes: Buffer.from('yo') })).responseBytes.toString()).toBe('yo');
  await expect(client.call(proxyAction, { action: 'nope', requestBytes: Buffer.from('') })).rejects.toMatchObject({
    code: 'ERR_UNKNOWN_ACTION',
  });
  other.server.abort();
  await expect.poll(() => node.extensions[1]?.isConnected).toBe(false);
  await expect(call('greet')).rejects.toMatchObject({ remoteType: 'node_not_connected_exception' });
});

async function answered(request: ExtensionRestRequest) {
  const content = Buffer.from(
    JSON.stringify({ path: request.path, params: request.params, headers: request.headers, type: request.mediaType }),
  );
  const usual = { status: 'OK', contentType: 'application/json', content, consumedParams: Object.keys(request.params) } as const;
  switch (request.path) {
    case '/late':
      return new Promise<never>(() => undefined);
    case '/unread':
      return { ...usual, consumedParams: [] };
    case '/thrown':
      throw new StatusError(404, 'note_missing_exception', 'no such note');
    case '/lines':
      return { ...usual, status: 'CREATED', headers: { 'X-Line': ['a', 'b'], 'Content-Type': ['text/csv'] } } as const;
    default:
      return usual;
  }
}

test('REST requests are passed on, and answers are what a node makes of them', async () => {
  const { node, register } = await start({ extensionTimeoutMs: 300 }, { answer: answered });
  await register(['late', 'unread', 'thrown', 'lines', 'plain', 'two/{a}'].map((path, i) => `GET /${path} name${i}`));
  const get = (path: string, init: RequestInit = {}) => rest(node, 'GET', `/_extensions/_raw${path}`, init);
  expect(await get('/late')).toMatchObject({ status: 408, text: 'No response from extension to request.' });
  expect(await get('/late?a=1')).toMatchObject({ status: 400, text: expect.stringContaining('contains unrecognized parameter: [a]') });
  expect(await get('/unread?a=1&b=2&pretty')).toMatchObject({ status: 400, text: expect.stringContaining('parameters: [a], [b]') });
  expect(await get('/thrown?a=1')).toMatchObject({ status: 404, text: expect.stringContaining('note_missing_exception') });
  const lines = await get('/lines');
  expect(lines).toMatchObject({ status: 201 });
  expect([lines.headers.get('x-line'), lines.headers.get('content-type')]).toEqual(['a, b', 'text/csv']);
  expect(JSON.parse((await get('/two/a%2Fb%20c?a=d&e')).text)).toEqual({
    path: '/two/a/b c',
    params: { a: 'a/b c', e: '' },
    headers: {},
    type: null,
  });
});

test('the connections to extensions can be disturbed', async () => {
  const { node, seen, register } = await start({ extensionTimeoutMs: 300 });
  await register(['GET /plain plain']);
  const get = () => rest(node, 'GET', '/_extensions/_raw/plain');
  expect(await get()).toMatchObject({ status: 200 });
  node.faults.set({ delayMs: 60 });
  const began = performance.now();
  expect(await get()).toMatchObject({ status: 200 });
  expect(performance.now() - began).toBeGreaterThan(110);
  node.faults.set({ bytesPerSecond: 2000 });
  expect(await get()).toMatchObject({ status: 200 });
  node.faults.set({ drop: true });
  expect(await get()).toMatchObject({ status: 408 });
  node.faults.set({});
  expect(await get()).toMatchObject({ status: 200 });
  node.faults.reset();
  expect(await get()).toMatchObject({ status: 500, text: expect.stringContaining('node_not_connected_exception') });
  await expect.poll(() => seen('extensionDisconnected')).toHaveLength(1);
  expect(() => node.faults.set({ delayMs: -1 })).toThrow('delayMs must be');
});

test('an extension that cannot be reached, is refused or has another name', async () => {
  const { node, seen, add } = await start();
  expect((await initialise(node, { port: 1, uniqueId: 'gone' })).status).toBe(202);
  await expect.poll(() => seen('extensionFailed')).toMatchObject([{ uniqueId: 'gone' }]);
  const old = await scriptedExtension({ version: '2.18.0' });
  await initialise(node, { port: old.port, uniqueId: 'old' });
  await expect.poll(() => seen('extensionFailed')).toHaveLength(2);
  expect(node.extensions.map(({ uniqueId }) => uniqueId)).toEqual(['raw']);
  await add('misnamed', { name: 'Other' });
  await expect.poll(() => seen('extensionFailed')).toHaveLength(3);
  expect(node.extensions).toMatchObject([{ uniqueId: 'raw' }, { uniqueId: 'misnamed', isInitialized: false, isConnected: true }]);
});

test('compressed requests and pings are understood', async () => {
  const { node, register, scripted } = await start({ compress: true, pingIntervalMs: 20 }, { answer: answered });
  await register(['GET /plain/{a} plain']);
  expect(await rest(node, 'GET', `/_extensions/_raw/plain/${'x'.repeat(3000)}`)).toMatchObject({ status: 200 });
  const env = await scripted.channel.call(environmentSettings, {});
  expect(env).toMatchObject({ 'transport.compress': 'true', 'transport.ping_schedule': '20ms' });
});

test('a pretty answer, a body of YAML, and refusals as text', async () => {
  const { node } = await start();
  expect(await initialise(node, { port: 1, uniqueId: 'p' }, '?pretty')).toMatchObject({
    status: 202,
    text: '{\n  "success" : "A request to initialize an extension has been sent."\n}\n',
  });
  const yaml = ['---', 'name: y', 'uniqueId: y', 'hostAddress: 127.0.0.1', 'port: 1', 'version: 1.0.0', 'opensearchVersion: 2.19.0'].join(
    '\n',
  );
  const refused = await rest(node, 'POST', '/_extensions/initialize', { headers: { 'Content-Type': 'application/yaml' }, body: yaml });
  expect(refused).toMatchObject({ status: 500, text: 'Extension is missing these required fields : [minimumCompatibleVersion]' });
  expect(refused.headers.get('content-type')).toBe('text/plain; charset=UTF-8');
  expect(await rest(node, 'GET', '/_extensions/initialize')).toMatchObject({ status: 405 });
  expect(await rest(node, 'POST', '/_extensions/initialize')).toMatchObject({
    status: 500,
    text: expect.stringContaining('null_pointer_exception'),
  });
});
