import { afterEach, describe, expect, test } from 'vitest';
import { StatusError } from '../../src/protocol/error/status-error.ts';
import { V_2_19_0, V_3_9_0 } from '../../src/protocol/wire/version.ts';
import { tcp } from '../../src/transport/carrier/tcp.ts';
import type { ExtensionOptions } from '../../src/extension/extension-options.ts';
import { WatchedExtension } from '../support/interop-extension.ts';
import { ScriptedNode } from '../support/interop-scripted-node.ts';
import { SupervisedFile } from '../support/supervised-node.ts';

const SOCKETS = 13;
const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function listening(options: Partial<ExtensionOptions> = { answerOn: 'responsive-socket' }): Promise<WatchedExtension> {
  const watched = new WatchedExtension(options);
  open.push({ close: () => watched.ext.close({ drainMs: 0 }) });
  watched.ext.get('/hello', () => 'good morning');
  watched.ext.get('/conflict', () => {
    throw new StatusError(409, 'conflict_exception', 'no');
  });
  await watched.listen();
  return watched;
}

async function dial(watched: WatchedExtension, uniqueId = 'hello', version = V_3_9_0): Promise<ScriptedNode> {
  const node = await ScriptedNode.dial(tcp(), watched.port, { sockets: SOCKETS, version });
  open.push(node);
  await node.shakeHands(V_2_19_0);
  return initialised(watched, node, uniqueId);
}

async function initialised(watched: WatchedExtension, node: ScriptedNode, uniqueId: string): Promise<ScriptedNode> {
  const registeredCount = () => watched.events.filter(({ type }) => type === 'registered').length;
  const before = registeredCount();
  await node.initialise(uniqueId, { socket: 1 });
  await expect.poll(registeredCount).toBe(before + 1);
  return node;
}

/** Blocks all sockets but one. */
function blockAllBut(node: ScriptedNode, free: number): void {
  for (let socket = 0; socket < SOCKETS; socket++) if (socket !== free) node.blocked.add(socket);
}

const hello = { value: { content: Buffer.from('good morning') } };

describe('an extension that answers on responsive sockets', () => {
  test.each([0, 5, 12])('answers on the only socket that is read, %i', async (free) => {
    const node = await dial(await listening());
    blockAllBut(node, free);
    expect(await node.execute('hello', 'GET /hello', {}, { socket: 4, answeredOn: free })).toMatchObject(hello);
    node.unblock();
    // The answer comes once.
    expect(node.received.flat().filter(({ request, body }) => !request && body.includes('good morning'))).toHaveLength(1);
    const conflict = await node.execute('hello', 'GET /conflict', {}, { socket: 4, answeredOn: 'any' });
    expect(conflict).toMatchObject({ value: { status: 'CONFLICT' } });
  });

  test('answers when the first socket is read again, if none is at first', async () => {
    const node = await dial(await listening());
    blockAllBut(node, -1);
    const answered = node.execute('hello', 'GET /hello', {}, { socket: 4, answeredOn: 'any' });
    await node.until(() => node.unreadCount === SOCKETS);
    node.unblock();
    expect(await answered).toMatchObject(hello);
  });

  test('never answers one node on a socket of another, though both have one address', async () => {
    const watched = await listening();
    const [one, other] = [await dial(watched), await dial(watched)];
    blockAllBut(one, 7);
    const before = other.received.flat().length;
    expect(await one.execute('hello', 'GET /hello', {}, { socket: 2, answeredOn: 7 })).toMatchObject(hello);
    expect(other.received.flat()).toHaveLength(before);
  });

  test('answers another process of the same node on its own sockets', async () => {
    const watched = await listening();
    const old = await dial(watched);
    const restarted = await ScriptedNode.dial(tcp(), watched.port, { sockets: SOCKETS, nodeId: old.nodeId });
    open.push(restarted);
    await restarted.shakeHands(V_2_19_0);
    await initialised(watched, restarted, 'hello');
    blockAllBut(restarted, 3);
    const before = old.received.flat().length;
    expect(await restarted.execute('hello', 'GET /hello', {}, { socket: 2, answeredOn: 3 })).toMatchObject(hello);
    expect(old.received.flat()).toHaveLength(before);
  });

  test('answers requests in flight at the same time, each once', async () => {
    const node = await dial(await listening());
    blockAllBut(node, 9);
    const answers = Array.from({ length: 40 }, (_, i) => node.execute('hello', 'GET /hello', {}, { socket: i % SOCKETS, answeredOn: 9 }));
    for (const answer of await Promise.all(answers)) expect(answer).toMatchObject(hello);
  });

  test('closes in order: nothing counts as running', async () => {
    const watched = await listening();
    const node = await dial(watched);
    blockAllBut(node, 0);
    await node.execute('hello', 'GET /hello', {}, { socket: 6, answeredOn: 0 });
    node.unblock();
    const begun = performance.now();
    await watched.ext.close({ drainMs: 5_000 });
    expect(performance.now() - begun).toBeLessThan(4_000);
  });
});

test('a supervisor with the option answers on the only socket that is read', async () => {
  await using supervised = new SupervisedFile();
  supervised.write("ext.get('/hello', () => 'good morning');");
  await supervised.start({ answerOn: 'responsive-socket' });
  const node = await ScriptedNode.dial(tcp(), supervised.supervisor.endpoint?.port ?? 0, { sockets: SOCKETS });
  open.push(node);
  await node.shakeHands(V_2_19_0);
  await node.initialise('hello', { socket: 1 });
  await supervised.next('registered', 1);
  expect(await node.execute('hello', 'GET /hello', {}, { socket: 4, answeredOn: 'any' })).toMatchObject(hello);
  blockAllBut(node, 8);
  expect(await node.execute('hello', 'GET /hello', {}, { socket: 4, answeredOn: 8 })).toMatchObject(hello);
});

test('an extension without the option answers on the socket of the request, and probes none', async () => {
  const node = await dial(await listening({}));
  const before = node.received.flat().length;
  expect(await node.execute('hello', 'GET /hello', {}, { socket: 4 })).toMatchObject(hello);
  expect(node.received.flat()).toHaveLength(before + 1);
});
