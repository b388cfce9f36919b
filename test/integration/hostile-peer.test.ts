import { randomBytes } from 'node:crypto';
import { constants, deflateRawSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  bytes,
  createClient,
  createServer,
  defineAction,
  list,
  type Server,
  type ServerEvent,
  string,
  struct,
  text,
} from '../../src/index.ts';
import { deflateBody } from '../../src/protocol/frame/native/compression.ts';
import { PING } from '../../src/protocol/frame/native/fixed-header.ts';
import type { Message } from '../../src/protocol/frame/native/message.ts';
import { rawFrame, requestHeader, vInt } from '../support/raw-frame.ts';
import { HANDSHAKE, RawPeer, TRANSPORT_HANDSHAKE, until, withId } from '../support/raw-peer.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';

const MIB = 1024 * 1024;
const echo = defineAction({ name: 'demo:echo', request: struct({ text: string }), response: struct({ text: string }) });
const names = defineAction({ name: 'demo:names', request: struct({ names: list(string), note: text }), response: struct({ count: text }) });
const flood = defineAction({ name: 'demo:flood', request: struct({}), response: struct({ body: bytes }) });
const never = defineAction({ name: 'demo:never', request: struct({}), response: struct({}) });

const events: ServerEvent[] = [];
const peers: RawPeer[] = [];
let server: Server;
let port: number;
let flooded = 0;

beforeAll(async () => {
  server = createServer({ maxConnections: 600, maxInFlightBytes: 150 * MIB, onEvent: (event) => events.push(event) });
  server.handle(echo, ({ text }) => ({ text }));
  server.handle(names, ({ names }) => ({ count: String(names.length) }));
  server.handle(flood, () => {
    flooded++;
    return { body: Buffer.alloc(MIB, flooded) };
  });
  server.handle(never, () => new Promise<object>(() => undefined));
  ({ port } = await server.listen(0));
});

afterEach(async () => {
  for (const peer of peers.splice(0)) peer.close();
  await until('the connections to end', () => server.connections === 0);
  events.length = 0;
});

afterAll(async () => {
  await server.close({ drainMs: 0 });
});

async function dial(): Promise<RawPeer> {
  const peer = await RawPeer.dial(port);
  peers.push(peer);
  return peer;
}

function echoFrame(id: bigint, words: string, status = 0): Buffer {
  const body = Buffer.concat([Buffer.of(0), vInt(words.length), Buffer.from(words)]);
  return rawFrame({ id, status, variable: requestHeader('demo:echo'), body: (status & 4) === 0 ? body : deflateBody(body) });
}

async function isAlive(peer: RawPeer): Promise<void> {
  const before = peer.messages.length;
  peer.send(withId(HANDSHAKE, 4242n));
  const heard = await peer.hear(before + 1);
  expect(heard.at(-1)).toMatchObject({ requestId: 4242n, request: false, error: false, handshake: true });
}

async function isServed(): Promise<void> {
  const peer = await dial();
  await isAlive(peer);
  peer.close();
}

describe('what ends the connection, and nobody else notices', () => {
  const header = rawFrame({ status: 0, variable: requestHeader('demo:echo'), body: Buffer.alloc(64) });
  const long = (length: number): Buffer => rawFrame({ length, status: 0, variable: requestHeader('demo:echo'), body: Buffer.alloc(64) });
  const compressed = (body: Uint8Array): Buffer => rawFrame({ status: 4, variable: requestHeader('demo:echo'), body });
  const version = (id: number, status = 0): Buffer => rawFrame({ version: id, status, variable: requestHeader('demo:echo') });

  test.each<[string, Buffer]>([
    ['X × 12', Buffer.alloc(12, 'X')],
    ['45 43', Buffer.concat([Buffer.from('4543', 'hex'), Buffer.alloc(20, 1)])],
    ['an HTTP response', Buffer.from('HTTP/1.1 200 OK\r\n\r\n')],
    ['CONNECT', Buffer.from('CONNECT / HTTP/1.1\r\n\r\n')],
    ['lower-case get', Buffer.from('get / HTTP/1.1\r\n\r\n')],
    ['an HTTP/2 preface', Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')],
    ['a TLS hello', Buffer.concat([Buffer.from('16030100f8010000f40303', 'hex'), randomBytes(240)])],
    ['64 zeros', Buffer.alloc(64)],
    ['64 KiB of anything', randomBytes(65_536)],
    ['length 0', long(0)],
    ['length -2', long(-2)],
    ['length -2^31', long(-(2 ** 31))],
    ['length 2^31 - 1', long(2 ** 31 - 1)],
    ['one beyond the limit', long(100 * MIB + 1)],
    ...[1, 2, 8, 12, 13, 16, 17, 18].map((length): [string, Buffer] => [`length ${length}`, long(length)]),
    ['length 16 of nothing but zeros', Buffer.concat([Buffer.from('455300000010', 'hex'), Buffer.alloc(16), HANDSHAKE])],
    ['variable header beyond the frame', rawFrame({ variableSize: 64 })],
    ['giant variable header', rawFrame({ variableSize: 2 ** 30, length: 50 * MIB })],
    ['variable header of -1', rawFrame({ variableSize: -1 })],
    ['variable header of -23', rawFrame({ variableSize: -23 })],
    ['variable header of 0', rawFrame({ variableSize: 0 })],
    ['giant header count', rawFrame({ status: 0, variable: Buffer.concat([Buffer.from('ffffff07', 'hex'), Buffer.alloc(200)]) })],
    ['header count -1', rawFrame({ status: 0, variable: Buffer.from('ffffffff0f0000', 'hex') })],
    ['the same in an answer nobody waits for', rawFrame({ id: 9n, variable: Buffer.from('ffffffff0f', 'hex') })],
    ['version 0', version(0)],
    ['version 9.0.0', version(0x0889_54a3)],
    ['version 1.3.0 outside a handshake', version(0x080f_b7d3)],
    ['version ES 5.6.0 in a handshake', version(0x004d_3603, 8)],
    ['version -1 in a handshake', version(-1, 8)],
    ['compressed: another magic', compressed(Buffer.from('010203040506', 'hex'))],
    ['compressed: corrupt', compressed(Buffer.from('44464c00ffffffffff', 'hex'))],
    ...[1, 2, 3].map((size): [string, Buffer] => [
      `compressed: ${size} bytes`,
      compressed(Buffer.from('44464c00', 'hex').subarray(0, size)),
    ]),
    ['compressed: answer nobody waits for, another magic', rawFrame({ id: 9n, status: 5, body: Buffer.from('010203040506', 'hex') })],
    [
      'header compressed as well',
      rawFrame({ status: 4, variable: deflateBody(requestHeader('demo:echo')), body: deflateBody(Buffer.of(0)) }),
    ],
  ])('%s', async (_name, head) => {
    const other = await dial();
    const peer = await dial();
    // Whatever comes behind it is not answered either.
    peer.send(head, ...Array.from({ length: 10 }, (_, i) => withId(HANDSHAKE, BigInt(i))));
    await peer.gone();
    expect(peer.received.toString('latin1')).toBe('');
    await isAlive(other);
    await until('the event', () => events.some((event) => event.type === 'channelClosed'));
    const closed = events.find((event) => event.type === 'channelClosed');
    expect(closed).toMatchObject({ error: { scope: 'channel', fault: 'protocol' } });
    expect(header.length).toBeGreaterThan(64);
  });

  test.each(['GET / HTTP/1.1', 'POST / HTTP/1.1', 'PUT /', 'HEAD /', 'DELETE /', 'OPTIONS *', 'PATCH /', 'TRACE /'])(
    '%s is told so',
    async (line) => {
      const peer = await dial();
      peer.send(Buffer.from(`${line}\r\nHost: there\r\n\r\n`));
      await peer.gone();
      expect(peer.received.toString('latin1')).toBe('This is not an HTTP port');
      peer.socket.end();
      await until('our end', () => server.connections === 0);
    },
  );

  test('what came before is answered first', async () => {
    const peer = await dial();
    peer.send(echoFrame(1n, 'first'), PING, Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await peer.gone();
    // A node answers first, too: the answer is on its way when the stream turns bad.
    expect(peer.messages.length).toBeLessThanOrEqual(2);
    await isServed();
  });
});

describe('what costs one call', () => {
  const huge = 'ffffffff07';
  test.each<[string, Buffer]>([
    ['a giant count', Buffer.from(`00${huge}${'00'.repeat(20)}`, 'hex')],
    ['a count of -1', Buffer.from('00ffffffff0f00', 'hex')],
    ['a giant string', Buffer.from(`0001${huge}6161`, 'hex')],
    ['a vInt without an end', Buffer.from('00ffffffffffffffff', 'hex')],
    ['nothing at all', Buffer.alloc(0)],
    ['bytes behind the end', Buffer.from('000000deadbeef', 'hex')],
    ['a task id that breaks off', Buffer.from('0561', 'hex')],
    ['a giant task id', Buffer.from(huge, 'hex')],
  ])('%s in a body', async (_name, body) => {
    const peer = await dial();
    peer.send(rawFrame({ id: 5n, status: 0, variable: requestHeader('demo:names'), body }), echoFrame(6n, 'next'));
    const heard = (await peer.hear(2)) as Message[];
    expect(heard.map(({ requestId, error }) => [requestId, error])).toEqual([
      [5n, true],
      [6n, false],
    ]);
    await isAlive(peer);
    await until('nothing in flight', () => server.inFlight === 0);
  });

  test('unknown actions, large bodies and all: the stream stays in step', async () => {
    const peer = await dial();
    const frames = [1, 127, 128, 1024, 1025, 16_384].map((length, i) =>
      rawFrame({ id: BigInt(i), status: 0, variable: requestHeader('x'.repeat(length)), body: Buffer.alloc(length * 50, 0x45) }),
    );
    peer.send(...frames, echoFrame(99n, 'after'));
    const heard = (await peer.hear(7)) as Message[];
    expect(heard.map(({ requestId, error, compressed }) => [requestId, error, compressed])).toEqual([
      ...frames.map((_, i) => [BigInt(i), true, false]),
      [99n, false, false],
    ]);
  });

  test.each([1, 4])('a handshake that cannot be read is answered by a plain error (status %i)', async (bit) => {
    const peer = await dial();
    const body = Buffer.concat([Buffer.of(0), Buffer.from('04b3cdbc41', 'hex'), Buffer.from('dead', 'hex')]);
    peer.send(
      rawFrame({
        id: 3n,
        status: bit === 4 ? 12 : 8,
        variable: requestHeader('internal:tcp/handshake'),
        body: bit === 4 ? deflateBody(body) : body,
      }),
    );
    expect(await peer.hear(1)).toMatchObject([{ requestId: 3n, error: true, handshake: false, compressed: false }]);
    await isAlive(peer);
  });

  test('the handshake bit wins over the name, and the name is nothing without it', async () => {
    const peer = await dial();
    const body = Buffer.from('0004b3cdbc41', 'hex');
    peer.send(rawFrame({ id: 1n, status: 8, variable: requestHeader('demo:echo'), body }));
    peer.send(rawFrame({ id: 2n, status: 8, variable: requestHeader('x'), body }));
    peer.send(rawFrame({ id: 3n, status: 0, variable: requestHeader('internal:tcp/handshake'), body }));
    peer.send(echoFrame(4n, 'e'));
    const heard = (await peer.hear(4)) as Message[];
    expect(heard.map(({ error, handshake }) => [error, handshake])).toEqual([
      [false, true],
      [false, true],
      [true, false],
      [false, false],
    ]);
  });

  test('a compressed stream without its end, and a bomb', async () => {
    const peer = await dial();
    const cut = Buffer.concat([Buffer.from('DFL\0'), deflateRawSync(Buffer.alloc(100), { finishFlush: constants.Z_SYNC_FLUSH })]);
    const mib = deflateRawSync(Buffer.alloc(MIB), { level: 9, finishFlush: constants.Z_FULL_FLUSH });
    const bomb = Buffer.concat([Buffer.from('DFL\0'), ...new Array<Buffer>(1024).fill(mib), Buffer.from('0300', 'hex')]);
    peer.send(rawFrame({ id: 1n, status: 4, variable: requestHeader('demo:echo'), body: cut }));
    peer.send(rawFrame({ id: 2n, status: 4, variable: requestHeader('demo:echo'), body: bomb }));
    peer.send(echoFrame(3n, 'plain'), echoFrame(4n, 'compressed', 4));
    const heard = (await peer.hear(4, 20_000)) as Message[];
    expect(heard.map(({ requestId, error }) => [requestId, error])).toEqual([
      [1n, true],
      [2n, true],
      [3n, false],
      [4n, false],
    ]);
  });

  test('many bombs on many connections at once: memory is bounded and the others are served', async () => {
    const bomb = deflateBody(Buffer.alloc(90 * MIB));
    const frame = (id: number): Buffer => rawFrame({ id: BigInt(id), status: 4, variable: requestHeader('demo:names'), body: bomb });
    const before = process.memoryUsage.rss();
    let most = before;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5);
    const attackers = await Promise.all(Array.from({ length: 20 }, dial));
    for (const peer of attackers) peer.send(frame(1), frame(2));
    await isServed();
    for (const peer of attackers.slice(5)) peer.close();
    for (const peer of attackers.slice(0, 5)) {
      const heard = (await peer.hear(2, 30_000)) as Message[];
      expect(heard.map(({ requestId, error }) => [requestId, error])).toEqual([
        [1n, true],
        [2n, true],
      ]);
    }
    clearInterval(watch);
    expect((most - before) / MIB).toBeLessThan(700);
    await until('nothing in flight', () => server.inFlight === 0, 20_000);
  });
});

describe('ids and bits', () => {
  test('ids come back bit by bit', async () => {
    const peer = await dial();
    const ids = [0n, 1n, 2n ** 31n - 1n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n, -1n, -(2n ** 63n)];
    for (const id of ids) peer.send(withId(HANDSHAKE, id), echoFrame(id, 'x'));
    const heard = (await peer.hear(2 * ids.length)) as Message[];
    expect(heard.map(({ requestId }) => requestId)).toEqual(ids.flatMap((id) => [id, id]));
  });

  test('unknown bits are ignored and do not come back', async () => {
    const peer = await dial();
    const [handshake, request] = [Buffer.from(HANDSHAKE), echoFrame(7n, 'bits')];
    handshake[14] = 0xf8;
    request[14] = 0xf0;
    peer.send(handshake, request);
    await peer.hear(2);
    const second = 6 + peer.received.readInt32BE(2);
    expect([peer.received[14], peer.received[second + 14]]).toEqual([0x09, 0x01]);
  });

  test('answers nobody waits for are dropped, whatever is in them', async () => {
    const peer = await dial();
    const bodies = [Buffer.alloc(0), Buffer.from('ffff', 'hex'), Buffer.from('00', 'hex'), Buffer.alloc(100_000, 9)];
    for (const status of [1, 3, 9, 0x0b]) for (const body of bodies) peer.send(rawFrame({ id: 99_999n, status, body }));
    peer.send(rawFrame({ id: 1n, status: 5, body: deflateBody(Buffer.alloc(5_000_000)) }), rawFrame({ id: 2n, status: 5 }));
    peer.send(rawFrame({ id: 1n, variable: requestHeader('surplus') }));
    await isAlive(peer);
    expect(peer.messages).toHaveLength(1);
  });

  test('pings: one for one, joined to frames, byte by byte, ten thousand', async () => {
    const peer = await dial();
    peer.send(PING, echoFrame(1n, 'a'), PING, PING, rawFrame({ id: 8n }), echoFrame(2n, 'b'));
    const kinds = (await peer.hear(5)).map((one) => (one === 'ping' ? 'ping' : one.requestId));
    expect(kinds).toEqual(['ping', 1n, 'ping', 'ping', 2n]);
    for (const byte of PING) {
      peer.send(Buffer.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await peer.hear(6);
    peer.received = Buffer.alloc(0);
    peer.send(...new Array<Buffer>(10_000).fill(PING));
    await until('10 000 pings', () => peer.received.length === 60_000);
    expect(peer.received.equals(Buffer.concat(new Array<Buffer>(10_000).fill(PING)))).toBe(true);
  });
});

describe('slow and broken connections', () => {
  test('a frame byte by byte, and cut in two at every byte', async () => {
    const peer = await dial();
    for (const byte of HANDSHAKE) {
      peer.send(Buffer.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await peer.hear(1);
    for (let cut = 1; cut < TRANSPORT_HANDSHAKE.length; cut++) {
      peer.send(TRANSPORT_HANDSHAKE.subarray(0, cut));
      await new Promise((resolve) => setTimeout(resolve, 1));
      peer.send(TRANSPORT_HANDSHAKE.subarray(cut));
    }
    expect(await peer.hear(TRANSPORT_HANDSHAKE.length)).toHaveLength(TRANSPORT_HANDSHAKE.length);
  });

  test('hundreds of connections that stall in the middle of a frame disturb nobody', async () => {
    const random = seededRandom(5);
    const stalled = await Promise.all(Array.from({ length: 300 }, dial));
    for (const peer of stalled) peer.send(HANDSHAKE.subarray(0, 1 + Math.floor(random() * 54)));
    await isServed();
    for (const peer of stalled) expect(peer.received).toHaveLength(0);
  });

  test.each(['end', 'reset'] as const)('a connection that goes in the middle of a frame: %s', async (how) => {
    const frame = rawFrame({ status: 0, variable: requestHeader('demo:echo'), body: Buffer.alloc(100_000) });
    for (const fed of [1, 5, 6, 22, 23, 30, 36, 50_000]) {
      const peer = await dial();
      peer.send(frame.subarray(0, fed));
      await until('the connection', () => server.connections > 0);
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (how === 'end') peer.socket.end();
      else peer.reset();
      await until('its end', () => server.connections === 0);
    }
    expect(server.inFlight).toBe(0);
    expect(events.filter((event) => event.type === 'channelClosed').every(({ error }) => error?.code === 'ERR_CONNECTION_LOST')).toBe(true);
    await isServed();
  });

  test('a half-close ends it, before anything and in the middle', async () => {
    for (const bytesFirst of [Buffer.alloc(0), HANDSHAKE.subarray(0, 20), Buffer.from('XXXXX')]) {
      const peer = await dial();
      peer.send(bytesFirst);
      peer.socket.end();
      await peer.gone();
    }
    await isServed();
  });

  test('a caller that resets while its request is served', async () => {
    const resets = await Promise.all(Array.from({ length: 50 }, dial));
    for (const peer of resets) {
      peer.send(...Array.from({ length: 20 }, (_, i) => echoFrame(BigInt(i), 'x'.repeat(1000))));
      peer.reset();
    }
    await until('their ends', () => server.connections === 0);
    await isServed();
  });

  test('a thousand connections that come and go', async () => {
    for (let round = 0; round < 10; round++) {
      const many = await Promise.all(Array.from({ length: 100 }, dial));
      for (const [i, peer] of many.entries()) {
        if (i % 2 === 0) peer.reset();
        else peer.close();
      }
    }
    await isServed();
  });

  test('beyond maxConnections the oldest that never sent a message make way', async () => {
    const taken = await Promise.all(Array.from({ length: 600 }, dial));
    await until('600 connections', () => server.connections === 600);
    const honest = taken[0] as RawPeer;
    await isAlive(honest);
    const later = await Promise.all(Array.from({ length: 50 }, dial));
    const closed = (): unknown[] => events.flatMap((event) => (event.type === 'channelClosed' ? [event.error?.code] : []));
    await until('50 ends', () => closed().length === 50);
    expect(new Set(closed())).toEqual(new Set(['ERR_OVERLOADED']));
    expect(server.connections).toBe(600);
    for (const peer of [honest, later[0], taken.at(-1)]) await isAlive(peer as RawPeer);
    await isServed();
  });
});

describe('a peer that never reads', () => {
  test('is not read any more, holds little memory, and gets every byte when it reads at last', async () => {
    flooded = 0;
    const peer = await dial();
    peer.socket.pause();
    const frames = Array.from({ length: 300 }, (_, i) =>
      rawFrame({ id: BigInt(i), status: 0, variable: requestHeader('demo:flood'), body: Buffer.of(0) }),
    );
    peer.send(...frames);
    await until('the first answers', () => flooded > 0);
    for (let before = -1; before !== flooded; ) {
      before = flooded;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(flooded).toBeLessThan(30);
    await isServed();
    let heard = 0;
    peer.socket.removeAllListeners('data');
    peer.socket.on('data', (chunk: Buffer) => (heard += chunk.length));
    peer.socket.resume();
    await until('all of them', () => flooded === 300, 30_000);
    await until('every byte', () => heard > 300 * MIB, 30_000);
    await until('nothing in flight', () => server.inFlight === 0);
  });

  test('and only pings', async () => {
    const peer = await dial();
    peer.socket.pause();
    const before = process.memoryUsage.rss();
    const pings = Buffer.concat(new Array<Buffer>(100_000).fill(PING));
    for (let i = 0; i < 20; i++) peer.send(pings);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((process.memoryUsage.rss() - before) / MIB).toBeLessThan(200);
    await isServed();
  });
});

test('ids in flight on two connections are two calls', async () => {
  const [a, b] = [await dial(), await dial()];
  a.send(echoFrame(1n, 'for a'));
  b.send(echoFrame(1n, 'for b'));
  expect((await a.hear(1)) as Message[]).toMatchObject([{ requestId: 1n, body: Buffer.from('\x05for a') }]);
  expect((await b.hear(1)) as Message[]).toMatchObject([{ requestId: 1n, body: Buffer.from('\x05for b') }]);
});

test('a client of ours is served amid all this', async () => {
  const client = createClient({ nodes: [`127.0.0.1:${port}`], reconnect: false });
  const attackers = setInterval(() => {
    void dial().then(
      (peer) => peer.send(randomBytes(100)),
      () => undefined,
    );
  }, 2);
  for (let i = 0; i < 200; i++) expect(await client.call(echo, { text: `call ${i}` })).toEqual({ text: `call ${i}` });
  clearInterval(attackers);
  await client.close();
});
