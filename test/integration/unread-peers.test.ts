import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import {
  bytes,
  type ClientOptions,
  createClient,
  createServer,
  defineAction,
  type ServerEvent,
  type ServerOptions,
  stream,
  string,
  struct,
  type TransportError,
} from '../../src/index.ts';
import type { Message } from '../../src/protocol/frame/native/message.ts';
import { rawFrame, requestHeader } from '../support/raw-frame.ts';
import { RawPeer, until } from '../support/raw-peer.ts';
import { scriptedNode } from '../support/scripted-node.ts';

const MIB = 1024 * 1024;
const echo = defineAction({ name: 'demo:echo', request: struct({ text: string }), response: struct({ text: string }) });
const flood = defineAction({ name: 'demo:flood', request: struct({}), response: struct({ body: bytes }) });
const pour = defineAction({ name: 'demo:pour', request: struct({}), response: struct({ content: stream() }) });
const open: { close(options: { drainMs: number }): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close({ drainMs: 0 });
});

function asks(action: string, count: number): Buffer {
  const frames = Array.from({ length: count }, (_, i) =>
    rawFrame({ id: BigInt(i), status: 0, variable: requestHeader(action), body: Buffer.of(0) }),
  );
  return Buffer.concat(frames);
}

/** A server whose handlers of `flood` answer 1 MiB when they are let go, and a peer that does not read. */
async function setUp(options: ServerOptions) {
  const events: ServerEvent[] = [];
  const server = createServer({ ...options, onEvent: (event) => events.push(event) });
  open.push(server);
  const letGo: (() => void)[] = [];
  server.handle(echo, ({ text }) => ({ text }));
  server.handle(flood, async () => {
    await new Promise<void>((resolve) => letGo.push(resolve));
    return { body: Buffer.alloc(MIB) };
  });
  const { port } = await server.listen(0);
  const dial = async (): Promise<RawPeer> => {
    const peer = await RawPeer.dial(port);
    open.push({ close: async () => peer.close() });
    return peer;
  };
  const peer = await dial();
  peer.socket.pause();
  return { server, events, letGo, dial, peer, port };
}

async function isServed(port: number): Promise<void> {
  const client = createClient(`127.0.0.1:${port}`);
  expect(await client.call(echo, { text: 'x' })).toEqual({ text: 'x' });
  await client.close();
}

function goAll(letGo: (() => void)[]): void {
  for (const go of letGo.splice(0)) go();
}

function endOf(events: readonly ServerEvent[]): TransportError | null | undefined {
  return events.find((event) => event.type === 'channelClosed')?.error;
}

describe('a server whose peer does not read', () => {
  test('drops late answers beyond maxBufferedBytes, and tells the callers', async () => {
    const { server, letGo, peer } = await setUp({ maxBufferedBytes: 2 * MIB });
    peer.send(asks('demo:flood', 60));
    await until('the requests', () => letGo.length === 60);
    goAll(letGo);
    await until('the answers', () => server.inFlight === 0);
    peer.socket.resume();
    await peer.hear(60, 10_000);
    const answers = peer.messages as Message[];
    const dropped = answers.filter(({ error }) => error);
    expect(dropped.length).toBeGreaterThan(30);
    expect(answers.length - dropped.length).toBeGreaterThan(2);
    for (const { body } of dropped)
      expect(body.toString('latin1')).toMatch(
        /its answer was dropped: \d+ bytes wait to be written on this connection, expected at most \d+ \(maxBufferedBytes\)/,
      );
    expect(Math.max(...dropped.map(({ body }) => body.length))).toBeLessThan(1000);
  });

  test('ends its connection when nothing was taken for stallTimeoutMs, and keeps nothing', async () => {
    const { server, events, letGo, peer, port } = await setUp({ stallTimeoutMs: 300 });
    peer.send(asks('demo:flood', 40));
    await until('the requests', () => letGo.length === 40);
    goAll(letGo);
    await until('the end', () => server.connections === 0);
    expect(endOf(events)).toMatchObject({
      code: 'ERR_CONNECTION_LOST',
      message: expect.stringMatching(/^\[127\.0\.0\.1:\d+\] does not read: \d+ bytes wait to be written, .* within \[300ms\]/),
    });
    expect(server.inFlight).toBe(0);
    await isServed(port);
  });

  test('goes on with one that reads slowly', async () => {
    const { server, letGo, peer } = await setUp({ stallTimeoutMs: 500 });
    peer.send(asks('demo:flood', 30));
    await until('the requests', () => letGo.length === 30);
    goAll(letGo);
    let heard = 0;
    peer.socket.removeAllListeners('data');
    peer.socket.on('data', (chunk: Buffer) => {
      heard += chunk.length;
      peer.socket.pause();
      setTimeout(() => peer.socket.resume(), 3);
    });
    peer.socket.resume();
    await until('every byte', () => heard > 30 * MIB, 20_000);
    expect(server.connections).toBe(1);
  });

  test('closes the source of a stream that it does not take', async () => {
    const { server, peer } = await setUp({ stallTimeoutMs: 300 });
    let given = 0;
    let closed = false;
    server.handle(pour, () => ({ content: { size: 1000 * MIB, chunks: source() } }));
    async function* source() {
      try {
        for (; given < 1000; given++) yield Buffer.alloc(MIB);
      } finally {
        closed = true;
      }
    }
    peer.send(asks('demo:pour', 1));
    await until('the end', () => server.connections === 0);
    await until('the source', () => closed);
    expect(given).toBeLessThan(100);
  });

  test('does not run more handlers than maxInFlight, however often it connects again', async () => {
    const { server, letGo, dial } = await setUp({ maxInFlight: 10, maxInFlightShare: 1 });
    for (let round = 0; round < 5; round++) {
      const peer = await dial();
      peer.send(asks('demo:flood', 10));
      const isRefused = (): boolean => peer.messages.filter((each) => each !== 'ping' && each.error).length === 10;
      await until('the requests', () => (round === 0 ? letGo.length === 10 : isRefused()));
      peer.reset();
      await until('its end', () => server.connections === 1);
      expect(server.inFlight).toBe(10);
    }
    expect(letGo).toHaveLength(10);
    goAll(letGo);
    await until('the handlers', () => server.inFlight === 0);
  });
});

describe('a client whose node does not read', () => {
  async function pair(script: (peer: RawPeer, message: Message) => void, options: Partial<ClientOptions>) {
    const node = await scriptedNode(script);
    open.push(node);
    const client = createClient({ nodes: [`127.0.0.1:${node.port}`], reconnect: false, ...options });
    open.push(client);
    await client.connect();
    return { node, client };
  }

  test('ends the connection when nothing was taken for stallTimeoutMs', async () => {
    const { client } = await pair((peer) => peer.socket.pause(), { stallTimeoutMs: 300 });
    const text = 'x'.repeat(MIB);
    const calls = await Promise.allSettled(Array.from({ length: 30 }, () => client.call(echo, { text })));
    for (const call of calls) {
      expect(call).toMatchObject({
        reason: {
          code: 'ERR_CONNECTION_LOST',
          cause: { code: 'ERR_CONNECTION_LOST', message: expect.stringMatching(/does not read: \d+ bytes/) },
        },
      });
    }
  });

  test('waits for a handler that begins to read a stream late', async () => {
    const upload = defineAction({ name: 'demo:upload', request: struct({ content: stream() }), response: struct({}) });
    const size = 24 * MIB;
    const server = createServer();
    let count = 0;
    server.handle(upload, async ({ content }) => {
      await sleep(1500);
      for await (const chunk of content) count += chunk.length;
      return {};
    });
    const { port } = await server.listen(0);
    const client = createClient({ nodes: [`127.0.0.1:${port}`], reconnect: false, stallTimeoutMs: 300 });
    open.push(server, client);
    const chunks = Array.from({ length: 24 }, () => Buffer.alloc(MIB));
    expect(await client.call(upload, { content: { size, chunks } })).toEqual({});
    expect(count).toBe(size);
  });

  test('waits while a stream that it does not read itself keeps the node from reading', async () => {
    const chunk = Buffer.alloc(MIB);
    const server = createServer();
    server.handle(echo, (request) => request);
    server.handle(pour, () => ({ content: { size: 24 * MIB, chunks: Array.from({ length: 24 }, () => chunk) } }));
    const { port } = await server.listen(0);
    const client = createClient({ nodes: [`127.0.0.1:${port}`], reconnect: false, stallTimeoutMs: 300 });
    open.push(server, client);
    const { content } = await client.call(pour, {});
    const text = 'x'.repeat(MIB);
    const calls = Promise.all(Array.from({ length: 24 }, () => client.call(echo, { text })));
    await Promise.race([calls, sleep(1500)]);
    let count = 0;
    for await (const each of content) count += each.length;
    expect(count).toBe(24 * MIB);
    expect((await calls).every((answer) => answer.text === text)).toBe(true);
  });

  test('quotes the name of an unknown action in part', async () => {
    const { client, node } = await pair(
      (peer) => peer.send(rawFrame({ id: 7n, status: 0, variable: requestHeader('a'.repeat(1_000_000)), body: Buffer.of(0) })),
      {},
    );
    const call = client.call(echo, { text: 'x' });
    const isRefusal = (each: Message | 'ping'): each is Message => each !== 'ping' && each.error;
    await until('the refusal', () => node.peers[0]?.messages.some(isRefusal) === true);
    const refusal = node.peers[0]?.messages.find(isRefusal);
    expect(refusal?.body.length).toBeLessThan(1500);
    expect(refusal?.body.toString('latin1')).toContain(`[${'a'.repeat(256)}`);
    client.abort();
    await expect(call).rejects.toMatchObject({ code: 'ERR_CONNECTION_LOST' });
  });
});
