import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type Client,
  type ClientOptions,
  createClient,
  createServer,
  defineAction,
  type Server,
  string,
  struct,
  type TransportError,
} from '../../src/index.ts';
import { HANDSHAKE_ANSWER, rawServer, TRANSPORT_HANDSHAKE_ANSWER, until } from '../support/raw-peer.ts';
import { scriptedNode } from '../support/scripted-node.ts';

const echo = defineAction({ name: 'demo:echo', request: struct({ text: string }), response: struct({ text: string }), idempotent: true });
const slow = defineAction({ name: 'demo:slow', request: struct({}), response: struct({}) });
const open: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

interface Slow {
  readonly server: Server;
  readonly port: number;
  /** Lets every slow call be answered. */
  answer(): void;
  readonly waiting: number;
}

async function slowServer(where = 0): Promise<Slow> {
  const waiting: (() => void)[] = [];
  const server = createServer({ nodeName: `on ${where}` });
  server.handle(echo, ({ text }) => ({ text }));
  server.handle(slow, () => new Promise<object>((resolve) => waiting.push(() => resolve({}))));
  const { port } = await server.listen(where);
  open.push(() => server.close({ drainMs: 0 }));
  return {
    server,
    port,
    answer() {
      for (const one of waiting.splice(0)) one();
    },
    get waiting() {
      return waiting.length;
    },
  };
}

function clientOf(ports: readonly number[], options: Partial<ClientOptions> = {}): Client {
  const client = createClient({ nodes: ports.map((port) => `127.0.0.1:${port}`), timeoutMs: 10_000, ...options });
  open.push(() => client.close({ drainMs: 0 }));
  return client;
}

/** How so many calls ended: `answered`, or code and delivery. */
async function tally(calls: readonly Promise<unknown>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const ends = calls.map((call) =>
    call.then(
      () => 'answered',
      (error: TransportError) => `${error.code} ${error.delivery}`,
    ),
  );
  for (const end of await Promise.all(ends)) counts[end] = (counts[end] ?? 0) + 1;
  return counts;
}

async function silentNode(wanted = 0): Promise<{ process: ChildProcess; port: number }> {
  const script = fileURLToPath(new URL('../support/silent-node.mjs', import.meta.url));
  const answers = [HANDSHAKE_ANSWER.toString('hex'), TRANSPORT_HANDSHAKE_ANSWER.toString('hex')];
  const child = spawn(process.execPath, [script, ...answers, String(wanted)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  open.push(() => child.kill('SIGKILL'));
  const port = await new Promise<number>((resolve) => child.stdout.once('data', (line: Buffer) => resolve(Number(String(line)))));
  return { process: child, port };
}

describe('sudden death', () => {
  test('a server process is killed: ten thousand calls in flight settle at once, each with what is known of it', async () => {
    const node = await silentNode();
    const client = clientOf([node.port], { reconnect: false });
    await client.connect();
    const calls = Array.from({ length: 10_000 }, (_, i) => client.call(echo, { text: `call ${i}` }));
    const ends = tally(calls);
    await until('them all in flight', () => client.inFlight === 10_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const began = performance.now();
    node.process.kill('SIGKILL');
    expect(await ends).toEqual({ 'ERR_CONNECTION_LOST maybe-sent': 10_000 });
    expect(performance.now() - began).toBeLessThan(2000);
    expect(client.inFlight).toBe(0);
    expect(await tally([client.call(echo, { text: 'x' })])).toEqual({ 'ERR_DIAL not-sent': 1 });
  });

  test('calls that were not written yet are known not to be sent', async () => {
    const { port, server } = await slowServer();
    const client = clientOf([port], { reconnect: false });
    await client.connect();
    const calls = Array.from({ length: 20 }, () => client.call(slow, {}));
    const ends = tally(calls);
    server.abort();
    client.abort();
    // The first twelve left with the first flush, the others were to leave at the end of the tick.
    expect(await ends).toEqual({ 'ERR_CONNECTION_LOST maybe-sent': 12, 'ERR_CONNECTION_LOST not-sent': 8 });
  });

  test('calls that wait for a connection are known not to be sent, whatever becomes of it', async () => {
    const server = await rawServer((peer) => {
      setTimeout(() => peer.reset(), 20);
    });
    open.push(server.close);
    const client = clientOf([server.port], { reconnect: false });
    expect(await tally(Array.from({ length: 1000 }, () => client.call(echo, { text: 'x' })))).toEqual({ 'ERR_HANDSHAKE not-sent': 1000 });
    const closing = clientOf([server.port], { reconnect: false });
    const ends = tally(Array.from({ length: 100 }, () => closing.call(echo, { text: 'x' })));
    await closing.close();
    const [code = ''] = Object.keys(await ends);
    expect(code).toMatch(/^ERR_CLOSED not-sent$/);
    expect(await tally([closing.call(echo, { text: 'x' })])).toEqual({ 'ERR_CLOSED not-sent': 1 });
  });
});

describe('draining', () => {
  test('a server answers what is under way, refuses what comes, then closes', async () => {
    const { server, port, answer } = await slowServer();
    const client = clientOf([port], { reconnect: false });
    await client.connect();
    const before = tally(Array.from({ length: 100 }, () => client.call(slow, {})));
    await until('them', () => server.inFlight === 100);
    const closed = server.close({ drainMs: 5000 });
    expect(await tally([client.call(echo, { text: 'too late' })])).toEqual({ 'ERR_REMOTE answered': 1 });
    expect(server.connections).toBe(1);
    answer();
    expect(await before).toEqual({ answered: 100 });
    await closed;
    expect([server.connections, server.inFlight]).toEqual([0, 0]);
  });

  test('a server that waits no longer ends its calls, and closing twice is closing once', async () => {
    const { server, port } = await slowServer();
    const client = clientOf([port], { reconnect: false });
    await client.connect();
    const ends = tally(Array.from({ length: 100 }, () => client.call(slow, {})));
    await until('them', () => server.inFlight === 100);
    await Promise.all([server.close({ drainMs: 50 }), server.close()]);
    expect(await ends).toEqual({ 'ERR_CONNECTION_LOST maybe-sent': 100 });
  });

  test('a client lets its calls finish and takes no more', async () => {
    const { server, port, answer } = await slowServer();
    const client = clientOf([port]);
    await client.connect();
    const before = tally(Array.from({ length: 100 }, () => client.call(slow, {})));
    await until('them', () => server.inFlight === 100);
    const closed = client.close({ drainMs: 5000 });
    expect(await tally([client.call(echo, { text: 'x' })])).toEqual({ 'ERR_CLOSED not-sent': 1 });
    answer();
    expect(await before).toEqual({ answered: 100 });
    await closed;
    await until('the server to notice', () => server.connections === 0);
  });

  test('a client that waits no longer', async () => {
    const { server, port } = await slowServer();
    const client = clientOf([port]);
    await client.connect();
    const ends = tally(Array.from({ length: 10 }, () => client.call(slow, {})));
    await until('them', () => server.inFlight === 10);
    await client.close({ drainMs: 30 });
    expect(await ends).toEqual({ 'ERR_CONNECTION_LOST maybe-sent': 10 });
  });

  test('both ends at once', async () => {
    const { server, port, answer } = await slowServer();
    const client = clientOf([port]);
    await client.connect();
    const before = tally(Array.from({ length: 50 }, () => client.call(slow, {})));
    await until('them', () => server.inFlight === 50);
    const closed = Promise.all([client.close({ drainMs: 5000 }), server.close({ drainMs: 5000 })]);
    answer();
    expect(await before).toEqual({ answered: 50 });
    await closed;
  });
});

describe('several nodes', () => {
  const reconnect = { attempts: 50, baseMs: 20, maxMs: 50 };

  test('one goes, the others serve; it comes back and serves again', async () => {
    const nodes = await Promise.all([slowServer(), slowServer(), slowServer()]);
    const ports = nodes.map(({ port }) => port);
    const client = clientOf(ports, { reconnect });
    await client.connect();
    await until('all three', () => client.nodes.every(({ state }) => state === 'open'));
    const first = nodes[0];
    const lost = tally([1, 2, 3].map(() => client.call(slow, {})));
    await until('one each', () => nodes.every(({ waiting }) => waiting === 1));
    first.server.abort();
    await until('the loss', () => client.nodes[0]?.state !== 'open');
    expect(await tally(Array.from({ length: 300 }, () => client.call(echo, { text: 'x' })))).toEqual({ answered: 300 });
    for (const node of nodes.slice(1)) node.answer();
    expect(await lost).toEqual({ answered: 2, 'ERR_CONNECTION_LOST maybe-sent': 1 });
    const again = await slowServer(first.port);
    await until('its return', () => client.nodes[0]?.state === 'open', 5000);
    expect(await tally(Array.from({ length: 300 }, () => client.call(echo, { text: 'x' })))).toEqual({ answered: 300 });
    await until('its share', () => again.server.connections === 1);
  });

  test('all go, and calls made meanwhile are answered when one is back', async () => {
    const node = await slowServer();
    const client = clientOf([node.port], { reconnect });
    await client.connect();
    node.server.abort();
    await until('the loss', () => client.nodes[0]?.state !== 'open');
    await until('an attempt that waits', () => client.nodes[0]?.state === 'waiting');
    setTimeout(() => void slowServer(node.port), 20);
    const ends = await tally(Array.from({ length: 20 }, () => client.call(echo, { text: 'x' })));
    expect(Object.keys(ends).every((key) => key === 'answered' || key.endsWith('not-sent'))).toBe(true);
    await until('the return', () => client.nodes[0]?.state === 'open', 5000);
    expect(await tally([client.call(echo, { text: 'x' })])).toEqual({ answered: 1 });
  });

  test('a node that never answers its handshake does not hold the others up', async () => {
    const mute = await rawServer(() => undefined);
    open.push(mute.close);
    const node = await slowServer();
    const client = clientOf([mute.port, node.port], { reconnect, connectTimeoutMs: 200 });
    expect(await tally([client.call(echo, { text: 'x' })])).toEqual({ answered: 1 });
  });

  test('after a refusal nodes are not stormed', async () => {
    const node = await scriptedNode(
      () => undefined,
      (peer) => peer.reset(),
    );
    open.push(node.close);
    const client = clientOf([node.port], { reconnect: { attempts: 5, baseMs: 100, factor: 2, random: () => 1 } });
    await tally(Array.from({ length: 100 }, () => client.call(echo, { text: 'x' })));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(node.peers.length).toBeLessThan(5);
  });
});

describe('a node that is killed and comes back', () => {
  test('is connected again soon, however many attempts failed meanwhile, though no call asks for it', async () => {
    const node = await silentNode();
    const states: string[] = [];
    const client = clientOf([node.port], { reconnect: { baseMs: 10, maxMs: 50 } });
    client.on('connection', ({ state }) => states.push(state));
    await client.connect();
    node.process.kill('SIGKILL');
    await until('many attempts', () => states.filter((state) => state === 'connecting').length > 12, 5000);
    await silentNode(node.port);
    await until('its return', () => client.nodes[0]?.state === 'open', 2000);
  });

  test('a call brings the next attempt forward, to baseMs after the last one', async () => {
    const node = await slowServer();
    const client = clientOf([node.port], { reconnect: { baseMs: 50, factor: 1000, maxMs: 60_000, random: () => 1 } });
    await client.connect();
    // A redial that is refused is over sooner than the next look at the state.
    const states: string[] = [];
    client.on('connection', ({ state }) => states.push(state));
    node.server.abort();
    await until('a long wait, behind the first redial', () => states.join() === 'waiting,connecting,waiting');
    await slowServer(node.port);
    const began = performance.now();
    expect(await tally([client.call(echo, { text: 'x' })])).toEqual({ answered: 1 });
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

describe('a process that used everything', () => {
  const library = new URL('../../dist/index.js', import.meta.url);

  test.skipIf(!existsSync(library))('ends by itself', async () => {
    const script = fileURLToPath(new URL('../support/coming-and-going.mjs', import.meta.url));
    const child = spawn(process.execPath, [script, library.href], { stdio: ['ignore', 'pipe', 'pipe'] });
    open.push(() => child.kill('SIGKILL'));
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += String(text)));
    const code = await new Promise((resolve) => {
      child.once('close', resolve);
      setTimeout(() => resolve('still there'), 10_000).unref();
    });
    expect(said).toBe('ERR_DEADLINE ERR_CANCELLED\nERR_CONNECTION_LOST\nERR_DIAL\nERR_DIAL\nERR_DIAL\nERR_CONNECTION_LOST\nclosed\n');
    expect(code).toBe(0);
  });
});
