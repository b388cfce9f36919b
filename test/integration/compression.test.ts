import { randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import {
  bytes,
  type Client,
  type ClientOptions,
  createClient,
  createServer,
  defineAction,
  list,
  type Server,
  type ServerOptions,
  string,
  struct,
  type TransportError,
  vInt,
} from '../../src/index.ts';
import { DEFLATE_MAGIC, deflateBody } from '../../src/protocol/frame/native/compression.ts';
import type { Message } from '../../src/protocol/frame/native/message.ts';
import { background, type WorkOwner } from '../../src/transport/channel/background-queue.ts';
import { rawFrame, requestHeader, vInt as vIntBytes } from '../support/raw-frame.ts';
import { RawPeer, until } from '../support/raw-peer.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const echo = defineAction({ name: 'demo:echo', request: struct({ content: bytes }), response: struct({ content: bytes }) });
/** Answers with so many bytes. */
const fetch = defineAction({ name: 'demo:fetch', request: struct({ size: vInt }), response: struct({ content: bytes }) });
const hello = defineAction({ name: 'demo:hello', request: struct({ text: string }), response: struct({ text: string }) });
const open: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
  await until('nothing in the background', () => background.size === 0);
});

/** Bytes that compress about as well as JSON. */
function text(size: number): Buffer {
  return Buffer.alloc(size, Array.from({ length: 500 }, (_, i) => `"field ${i}": ${i * i},`).join(''));
}

async function listen(options: ServerOptions = {}): Promise<{ server: Server; port: number }> {
  const server = createServer(options);
  open.push(() => server.close({ drainMs: 0 }));
  server.handle(echo, ({ content }) => ({ content }));
  server.handle(fetch, ({ size }) => ({ content: text(size) }));
  server.handle(hello, (request) => request);
  const { port } = await server.listen(0);
  return { server, port };
}

function connect(port: number, options: Partial<ClientOptions> = {}): Client {
  const client = createClient({ nodes: [`127.0.0.1:${port}`], reconnect: false, compress: true, ...options });
  open.push(() => client.close({ drainMs: 0 }));
  return client;
}

async function dial(port: number): Promise<RawPeer> {
  const peer = await RawPeer.dial(port);
  open.push(() => peer.close());
  return peer;
}

const helloFrame = (id: bigint): Buffer =>
  rawFrame({ id, status: 0, variable: requestHeader('demo:hello'), body: Buffer.from('000161', 'hex') });
const fetchFrame = (id: bigint, size: number): Buffer =>
  rawFrame({ id, status: 4, variable: requestHeader('demo:fetch'), body: deflateBody(Buffer.concat([Buffer.of(0), vIntBytes(size)])) });

describe('bombs', () => {
  /** Level 9 makes zeros a thousand times smaller; a node writes with level 3, which makes nothing 230 times smaller. */
  const bombOf = (body: Uint8Array): Buffer => Buffer.concat([DEFLATE_MAGIC, deflateRawSync(body, { level: 9 })]);
  const body = bombOf(Buffer.concat([Buffer.of(0), vIntBytes(MIB), Buffer.alloc(MIB)]));
  const bomb = (id: bigint): Buffer => rawFrame({ id, status: 4, variable: requestHeader('demo:echo'), body });

  test('of a thousand times their size are refused, and requests behind them are served', async () => {
    const { server, port } = await listen();
    const peer = await dial(port);
    peer.send(...Array.from({ length: 50 }, (_, i) => bomb(BigInt(i))), helloFrame(99n));
    const heard = (await peer.hear(51, 10_000)) as Message[];
    expect(heard.map(({ requestId, error }) => [requestId, error])).toEqual([
      ...Array.from({ length: 50 }, (_, i) => [BigInt(i), true]),
      [99n, false],
    ]);
    expect(heard[0]?.body.toString('latin1')).toContain('(maxInflationRatio)');
    expect(server.inFlight).toBe(0);
  });

  test('are accepted where the limit says so', async () => {
    const { port } = await listen({ limits: { maxInflationRatio: Number.POSITIVE_INFINITY } });
    const peer = await dial(port);
    peer.send(bomb(1n));
    expect(await peer.hear(1)).toMatchObject([{ requestId: 1n, error: false }]);
  });

  test('of many connections delay another by few of them', async () => {
    const { port } = await listen();
    const peers = await Promise.all(Array.from({ length: 20 }, () => dial(port)));
    for (const peer of peers) peer.send(...Array.from({ length: 20 }, (_, i) => bomb(BigInt(i))));
    const client = connect(port);
    const content = text(MIB);
    expect((await client.call(echo, { content })).content.equals(content)).toBe(true);
    // The peers got one answer or two while the client got its own.
    await Promise.all(peers.map((peer) => peer.hear(20, 10_000)));
  });

  test('that nobody waits for are not inflated', async () => {
    const { port } = await listen();
    const peer = await dial(port);
    const before = process.cpuUsage();
    const stray = rawFrame({ id: 77n, status: 5, body: bombOf(Buffer.alloc(MIB)) });
    for (let i = 0; i < 20; i++) peer.send(...Array.from({ length: 50 }, () => stray));
    peer.send(helloFrame(1n));
    await peer.hear(1, 10_000);
    // Inflated whole they take a second and a half.
    expect(process.cpuUsage(before).user).toBeLessThan(1_000_000);
  });
});

describe('answers', () => {
  test.each([100, 2 * KIB, 100 * KIB, 3 * MIB])('of %i bytes to a compressed request are compressed', async (size) => {
    const { port } = await listen();
    const peer = await dial(port);
    peer.send(fetchFrame(5n, size));
    const [heard] = (await peer.hear(1)) as [Message];
    expect(heard).toMatchObject({ requestId: 5n, error: false, compressed: true });
    expect(heard.body.subarray(-size).equals(text(size))).toBe(true);
  });

  test('of 60 MiB are deflated while others are answered', async () => {
    const { port } = await listen();
    const client = connect(port);
    const peer = await dial(port);
    await client.connect();
    let isAnswered = false;
    const answer = client.call(fetch, { size: 60 * MIB }).finally(() => (isAnswered = true));
    await until('the answer to be deflated', () => background.size > 0, 10_000);
    let count = 0;
    for (; !isAnswered; count++) {
      peer.send(helloFrame(BigInt(count)));
      await peer.hear(count + 1);
    }
    expect(count).toBeGreaterThan(5);
    expect((await answer).content.length).toBe(60 * MIB);
  });

  test('that deflating does not make smaller are compressed all the same, as by a node', async () => {
    const { port } = await listen();
    const client = connect(port, { compress: false });
    const peer = await dial(port);
    const random = Buffer.from(Uint8Array.from({ length: 100_000 }, () => Math.random() * 256));
    expect((await client.call(echo, { content: random }, { compress: true })).content.equals(random)).toBe(true);
    const body = deflateBody(Buffer.concat([Buffer.of(0), vIntBytes(random.length), random]));
    peer.send(rawFrame({ id: 1n, status: 4, variable: requestHeader('demo:echo'), body }));
    expect(await peer.hear(1)).toMatchObject([{ requestId: 1n, error: false, compressed: true }]);
  });

  test('are waited for by a server that closes', async () => {
    const { server, port } = await listen();
    const client = connect(port);
    await client.connect();
    const answer = client.call(fetch, { size: 20 * MIB });
    await until('the answer to be deflated', () => background.size > 0);
    await server.close({ drainMs: 5000 });
    expect((await answer).content.length).toBe(20 * MIB);
  });

  test.each(['close', 'abort'] as const)('to a client that is gone are given up (%s)', async (how) => {
    const { server, port } = await listen();
    const client = connect(port);
    await client.connect();
    const lost = [1, 2, 3, 4].map(() => client.call(fetch, { size: 20 * MIB }).catch((error: TransportError) => error.code));
    await until('the answers to be deflated', () => background.size > 0);
    if (how === 'abort') client.abort();
    else await client.close({ drainMs: 0 });
    expect(await Promise.all(lost)).toEqual(new Array(4).fill('ERR_CONNECTION_LOST'));
    await until('the end', () => server.connections === 0 && server.inFlight === 0 && background.size === 0);
  });
});

describe('requests', () => {
  const content = text(20 * MIB);

  test.each([0, 1, KIB, 16 * KIB, 17 * KIB, MIB, 5 * MIB])('of %i bytes arrive as they were sent', async (size) => {
    const { port } = await listen();
    const client = connect(port);
    const sent = text(Math.max(size, 1)).subarray(0, size);
    expect((await client.call(echo, { content: sent })).content.equals(sent)).toBe(true);
  });

  test('that compress too well for the limits are sent as they are', async () => {
    const { port } = await listen();
    const client = connect(port);
    const zeros = Buffer.alloc(5 * MIB);
    expect((await client.call(echo, { content: zeros })).content.equals(zeros)).toBe(true);
  });

  test('can be given up while they are deflated: they are not sent', async () => {
    const { server, port } = await listen();
    const client = connect(port);
    await client.connect();
    const reason = new AbortController();
    const [first, second] = [
      client.call(echo, { content }, { signal: reason.signal }).catch((error: TransportError) => error),
      client.call(echo, { content }, { timeoutMs: 1 }).catch((error: TransportError) => error),
    ];
    expect(background.size).toBe(2);
    reason.abort();
    expect(await first).toMatchObject({ code: 'ERR_CANCELLED', delivery: 'not-sent' });
    expect(await second).toMatchObject({ code: 'ERR_DEADLINE', delivery: 'not-sent' });
    expect(await client.call(hello, { text: 'next' })).toEqual({ text: 'next' });
    expect(server.inFlight).toBe(0);
  });

  test('are not sent when the channel ends first', async () => {
    const { port } = await listen();
    const client = connect(port);
    await client.connect();
    const lost = client.call(echo, { content }).catch((error: TransportError) => error);
    client.abort();
    expect(await lost).toMatchObject({ code: 'ERR_CONNECTION_LOST', delivery: 'not-sent' });
    expect(background.size).toBe(0);
  });

  test('that are too large for a frame fail their call only', async () => {
    const { port } = await listen();
    const client = connect(port, { limits: { maxFrameBytes: 50 * KIB } });
    const random = Buffer.from(Uint8Array.from({ length: 100_000 }, () => Math.random() * 256));
    await expect(client.call(echo, { content: random })).rejects.toMatchObject({ code: 'ERR_MESSAGE_TOO_LARGE', delivery: 'not-sent' });
    const fits = text(100_000);
    await expect(client.call(hello, { text: fits.toString() })).resolves.toEqual({ text: fits.toString() });
  });
});

// The last, because the host stays in debt.
describe('compressed requests that cost far more to read than they have bytes', () => {
  const names = defineAction({ name: 'demo:names', request: struct({ names: list(string) }), response: struct({}) });
  const host: WorkOwner = { link: { remote: { host: '127.0.0.1' } } };

  test('wait for a while, are all answered, and delay neither small requests nor plain ones', async () => {
    const { server, port } = await listen();
    server.handle(names, () => ({}));
    /** As many empty strings as a level that nodes use can hide in 5 KiB. */
    const body = deflateBody(Buffer.concat([Buffer.of(0), vIntBytes(MIB), Buffer.alloc(MIB)]));
    const costly = (id: bigint): Buffer => rawFrame({ id, status: 4, variable: requestHeader('demo:names'), body });
    const senders = await Promise.all(Array.from({ length: 20 }, () => dial(port)));
    for (const peer of senders) peer.send(costly(1n), costly(2n));
    await until('the host to be in debt', () => background.isInDebt(host, body.length));
    const [plain, compressed] = [connect(port, { compress: false }), connect(port)];
    // Long enough to be compressed, and small when it is.
    const long = 'x'.repeat(64 * KIB);
    for (let i = 0; background.isInDebt(host, body.length) && i < 100; i++) {
      expect(await plain.call(hello, { text: 'x' }, { timeoutMs: 1000 })).toEqual({ text: 'x' });
      expect(await compressed.call(hello, { text: long }, { timeoutMs: 1000 })).toEqual({ text: long });
    }
    const heard = (await Promise.all(senders.map((peer) => peer.hear(2, 10_000)))).flat() as Message[];
    expect(heard.filter(({ body: answer }) => !answer.includes('bytes of memory'))).toEqual([]);
  });

  test('of a client whose pings are soon due do not end its connection', async () => {
    const { server, port } = await listen();
    server.handle(names, () => ({}));
    const client = connect(port, { pingIntervalMs: 1000 });
    const all = [...Array.from({ length: 300_000 }, (_, i) => `name ${i % 7}`), randomBytes(8 * KIB).toString('hex')];
    for (let i = 0; i < 5; i++) await client.call(names, { names: all }, { timeoutMs: 10_000 });
    expect(background.isInDebt(host, 2 * KIB)).toBe(true);
  });

  test('are slowed when they are small and many', async () => {
    const { server, port } = await listen();
    server.handle(names, () => ({}));
    const body = deflateBody(Buffer.concat([Buffer.of(0), vIntBytes(2700), Buffer.alloc(2700)]));
    const frames = Array.from({ length: 2000 }, (_, i) =>
      rawFrame({ id: BigInt(i), status: 4, variable: requestHeader('demo:names'), body }),
    );
    const peer = await dial(port);
    peer.send(...frames);
    await until('small requests to wait', () => background.isInDebt(host, body.length), 10_000);
    const before = peer.messages.length;
    expect(before).toBeLessThan(2000);
    expect(await connect(port, { compress: false }).call(hello, { text: 'x' })).toEqual({ text: 'x' });
  });
});
