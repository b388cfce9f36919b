import { afterEach, describe, expect, test } from 'vitest';
import { RemoteActionError } from '../../../../src/extension/node/remote-action.ts';
import { decodeJavaRequest, encodeJavaRequest } from '../../../../src/extension/actions/java-request.ts';
import type { ActionCaller } from '../../../../src/extension/actions/action-handler.ts';
import { defineAction } from '../../../../src/protocol/action/define-action.ts';
import { registerTransportActions, requestTransportAction } from '../../../../src/protocol/action/extension/extension-to-node.ts';
import { extensionClusterState, extensionDependencyInformation } from '../../../../src/protocol/action/extension/extension-info.ts';
import {
  handleRemoteTransportAction,
  handleTransportAction,
  initializeExtension,
} from '../../../../src/protocol/action/extension/node-to-extension.ts';
import { struct } from '../../../../src/protocol/codec/combinators.ts';
import { string } from '../../../../src/protocol/codec/primitives.ts';
import { StatusError } from '../../../../src/protocol/error/status-error.ts';
import { V_2_19_0 } from '../../../../src/protocol/wire/version.ts';
import { memoryCarrier } from '../../../../src/transport/carrier/memory.ts';
import { ownNode, randomNodeId } from '../../../../src/transport/channel/own-identity.ts';
import { Client } from '../../../../src/transport/client/client.ts';
import { WatchedExtension } from '../../../support/interop-extension.ts';

const greet = defineAction({ name: 'greet', request: struct({ name: string }), response: struct({ text: string }) });
const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** A client in the place of a node: it serves what the extension asks, and passes the extension's own calls back to it. */
async function connected(setUp: (watched: WatchedExtension) => void, { refused = [] as string[], timeoutMs = 100 } = {}) {
  const carrier = memoryCarrier();
  const watched = new WatchedExtension({ carrier, timeoutMs });
  setUp(watched);
  await watched.listen();
  open.push({ close: () => watched.ext.close({ drainMs: 0 }) });
  const node = new Client({ nodes: [`127.0.0.1:${watched.port}`], carrier });
  open.push({ close: () => node.close({ drainMs: 0 }) });
  const registered: string[] = [];
  node.handle(registerTransportActions, ({ transportActions }) => {
    registered.push(...transportActions);
    return { status: !transportActions.some((name) => refused.includes(name)) };
  });
  node.handle(requestTransportAction, ({ action, requestBytes }) => {
    if (action !== 'absent') return node.call(handleRemoteTransportAction, { action, requestBytes });
    return { success: false, responseBytes: Buffer.from('Request failed: action [absent] is not registered for any extension.') };
  });
  node.handle(extensionClusterState, ({ uniqueId }) => ({ clusterName: `cluster of ${uniqueId}`, state: Buffer.from('state') }));
  node.handle(extensionDependencyInformation, () => []);
  const address = { host: '127.0.0.1', port: 9300 };
  const identity = { nodeName: 'node', clusterName: 'c', nodeId: randomNodeId(), ephemeralId: randomNodeId(), version: V_2_19_0 };
  const sourceNode = ownNode(identity, address);
  const extension = { ...sourceNode, name: 'Hello', id: 'hello', minimumCompatibleVersionId: V_2_19_0 };
  await node.call(initializeExtension, { sourceNode, extension });
  await expect.poll(() => watched.events.at(-1)?.type).toMatch(/registered|rejected/);
  return { ext: watched.ext, events: watched.events, node, registered };
}

describe('names', () => {
  test.each(['', 'a b', 'internal:x', 'ü', 'x'.repeat(257), 1])('%j cannot be the name of an action', (name) => {
    const { ext } = new WatchedExtension();
    expect(() => ext.action(name as string, () => Buffer.alloc(0))).toThrow(/the name of an action must/);
  });

  test('an action has one handler', () => {
    const { ext } = new WatchedExtension();
    ext.action('a', (bytes) => bytes);
    expect(() => ext.action('a', (bytes) => bytes)).toThrow(expect.objectContaining({ code: 'ERR_DUPLICATE_ACTION' }));
    expect(() => ext.action('b', undefined as never)).toThrow('the handler of the action b must be a function, got undefined');
    expect(() => ext.action(greet, undefined as never)).toThrow('the handler of the action greet must be a function');
    expect(() => ext.action('b', (bytes) => bytes, { names: ['c'] })).toThrow("names can be given for the action '*' only");
  });
});

test('bytes go to an action and back, from extensions and plug-ins', async () => {
  const callers: ActionCaller[] = [];
  const { ext, node, registered } = await connected(({ ext }) =>
    ext
      .action('echo', (bytes, from) => {
        callers.push(from);
        return Buffer.concat([Buffer.from('got '), bytes]);
      })
      .action(greet, async ({ name }) => ({ text: `Hello, ${name}` }))
      .action('*', (_bytes, { action }) => Buffer.from(action), { names: ['other'] }),
  );
  expect(registered).toEqual(['echo', 'greet', 'other']);
  expect(String(await ext.remote('echo', Buffer.from('hi')))).toBe('got hi');
  expect(String((await node.call(handleTransportAction, { action: 'echo', requestBytes: Buffer.from('p') })).responseBytes)).toBe('got p');
  expect(callers.map(({ origin, action, node: from }) => [origin, action, from?.uniqueId])).toEqual([
    ['extension', 'echo', 'hello'],
    ['plugin', 'echo', 'hello'],
  ]);
  expect(await ext.remote(greet, { name: 'Ada' }, { node: ext.node })).toEqual({ text: 'Hello, Ada' });
  expect(String(await ext.remote('other', Buffer.alloc(0)))).toBe('other');
  await expect(ext.remote('greet', Buffer.from([9]))).rejects.toMatchObject({
    status: 400,
    reason: expect.stringContaining('cannot read the request of greet'),
  });
});

test('actions that are added later are registered at once, each once', async () => {
  const { ext, events, registered } = await connected(({ ext }) => ext.action('early', (bytes) => bytes), { refused: ['taken'] });
  ext.action('late', () => Buffer.from('late')).action('*', (bytes) => bytes, { names: ['more', 'early'] });
  await expect.poll(() => events.filter(({ type }) => type === 'registered')).toHaveLength(3);
  expect(registered).toEqual(['early', 'late', 'more']);
  expect(String(await ext.remote('late', Buffer.alloc(0)))).toBe('late');
  ext.action('taken', (bytes) => bytes);
  await expect
    .poll(() => events.at(-1))
    .toMatchObject({ type: 'rejected', error: { message: expect.stringContaining("refused the action 'taken'") as string } });
});

test('an action that is added during the registration goes with it', async () => {
  const { registered } = await connected(({ ext }) => {
    ext.on('initialized', () => void ext.action('meanwhile', (bytes) => bytes)).action('early', (bytes) => bytes);
  });
  await expect.poll(() => registered).toEqual(['early', 'meanwhile']);
});

test('failures of actions reach the caller and the listeners', async () => {
  const { ext, node, events } = await connected(({ ext }) =>
    ext
      .action('status', () => {
        throw new StatusError(409, 'conflict_exception', 'taken');
      })
      .action('broken', () => Promise.reject(new RangeError('boom')))
      .action('null', () => {
        throw null; // oxlint-disable-line typescript/only-throw-error -- what users may do
      })
      .action('text', () => 'text' as never)
      .action(
        'silent',
        (_bytes, { signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('late')))),
      ),
  );
  const call = (name: string) => ext.remote(name, Buffer.alloc(0));
  await expect(call('status')).rejects.toMatchObject({ status: 409, remoteType: 'conflict_exception', reason: 'taken' });
  expect(events.some(({ type }) => type === 'actionFailed')).toBe(false);
  await expect(call('broken')).rejects.toMatchObject({ remoteType: 'range_error', reason: 'boom' });
  await expect(call('null')).rejects.toMatchObject({ status: 500 });
  await expect(call('text')).rejects.toMatchObject({ reason: 'the handler of text must return bytes, got a string' });
  await expect(call('silent')).rejects.toMatchObject({ status: 504, reason: 'the extension did not answer within 100 ms' });
  const failed = () => events.flatMap((event) => (event.type === 'actionFailed' ? [[event.action, event.isLate]] : []));
  await expect.poll(failed).toEqual([
    ['broken', false],
    ['null', false],
    ['text', false],
    ['silent', false],
    ['silent', true],
  ]);
  const absent = await call('absent').catch((error: unknown) => error);
  expect(absent).toBeInstanceOf(RemoteActionError);
  expect(absent).toMatchObject({ failure: 'unknown-action', code: 'ERR_UNKNOWN_ACTION', delivery: 'not-sent' });
  await expect(call('nothing')).rejects.toMatchObject({ failure: 'refused', message: expect.stringContaining('has no action nothing') });
  await expect(node.call(handleTransportAction, { action: 'nothing', requestBytes: Buffer.alloc(0) })).rejects.toMatchObject({
    status: 404,
  });
});

test('a node that refuses an action rejects the registration', async () => {
  const { events, registered } = await connected(({ ext }) => ext.action('a', (bytes) => bytes).action('b', (bytes) => bytes), {
    refused: ['b'],
  });
  expect(registered).toEqual(['a', 'b']);
  expect(events.at(-1)).toMatchObject({
    type: 'rejected',
    error: { message: expect.stringContaining("refused the action 'b': an extension has") },
  });
});

test('a node is asked for its state and for dependent extensions', async () => {
  const { ext } = await connected(({ ext }) => ext.action('a', (bytes) => bytes));
  expect(await ext.node.clusterState()).toEqual({ clusterName: 'cluster of hello', state: Buffer.from('state') });
  expect(await ext.node.dependencies()).toEqual([]);
  const stop = new AbortController();
  stop.abort(new Error('enough'));
  await expect(ext.remote('a', Buffer.alloc(0), { signal: stop.signal })).rejects.toMatchObject({ code: 'ERR_CANCELLED' });
});

test('requests in the convention of the Java SDK', () => {
  const bytes = encodeJavaRequest('org.example.Greet', Buffer.from([1, 0x1f, 2]));
  expect(bytes.toString('latin1')).toBe('org.example.Greet\x1f\x01\x1f\x02');
  expect(decodeJavaRequest(bytes)).toEqual({ className: 'org.example.Greet', request: Buffer.from([1, 0x1f, 2]) });
  expect(() => encodeJavaRequest('', Buffer.alloc(0))).toThrow('className must not be empty');
  expect(() => decodeJavaRequest(Buffer.from('text'))).toThrow('expected a class name, one byte 0x1F');
});
