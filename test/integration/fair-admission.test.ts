import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { bytes, createServer, defineAction, type Server, stream, struct, vLong } from '../../src/index.ts';
import { deflateBody } from '../../src/protocol/frame/native/compression.ts';
import { rawFrame, requestHeader, vInt } from '../support/raw-frame.ts';
import { HANDSHAKE, RawPeer, until } from '../support/raw-peer.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';

const MIB = 1024 * 1024;
const LIMIT = 4 * MIB;
const blob = defineAction({ name: 'demo:blob', request: struct({ content: bytes }), response: struct({ bytes: vLong }) });
const held = defineAction({ name: 'demo:held', request: struct({ content: bytes }), response: struct({}) });
const upload = defineAction({ name: 'demo:upload', request: struct({ content: stream() }), response: struct({ bytes: vLong }) });
const unread = defineAction({ name: 'demo:unread', request: struct({ content: stream() }), response: struct({}) });
const open: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** A server, and what lets its held calls go. */
async function serve(): Promise<{ server: Server; port: number; letGo: () => void }> {
  const server = createServer({ maxInFlightBytes: LIMIT, maxInFlight: 50 });
  open.push(() => server.close({ drainMs: 0 }));
  const waiting: (() => void)[] = [];
  const hold = (): Promise<Record<string, never>> => new Promise((resolve) => waiting.push(() => resolve({})));
  server.handle(blob, ({ content }) => ({ bytes: content.length }));
  server.handle(held, hold);
  server.handle(unread, hold);
  server.handle(upload, async ({ content }) => {
    let count = 0;
    for await (const chunk of content) count += chunk.length;
    return { bytes: count };
  });
  const { port } = await server.listen(0);
  const letGo = (): void => {
    for (const go of waiting.splice(0)) go();
  };
  return { server, port, letGo };
}

/** A peer whose connection comes from an address of this machine. */
async function dialFrom(localAddress: string, port: number): Promise<RawPeer> {
  const socket = connect({ port, host: '127.0.0.1', localAddress, noDelay: true });
  const peer = new RawPeer(socket);
  open.push(() => peer.close());
  await new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return peer;
}

function request(action: string, size: number, id = 1n, compressed = false): Buffer {
  const body = Buffer.concat([Buffer.of(0), vInt(size), Buffer.alloc(size)]);
  return rawFrame({ id, status: compressed ? 4 : 0, variable: requestHeader(action), body: compressed ? deflateBody(body) : body });
}

// Only Linux has all of 127.0.0.0/8 without being told.
test.runIf(process.platform === 'linux')('a host that holds more than its share leaves the last quarter to others', async () => {
  const { server, port, letGo } = await serve();
  const greedy = await Promise.all([1, 2, 3, 4, 5, 6].map(() => dialFrom('127.0.0.2', port)));
  const honest = await dialFrom('127.0.0.3', port);
  honest.send(request('demo:blob', 1));
  await honest.hear(1);
  for (const [i, peer] of greedy.entries()) peer.send(request('demo:held', MIB - 100 * i));
  await until('the refusals', () => greedy.filter(({ messages }) => messages.length > 0).length === 3);
  expect(server.inFlight).toBe(3);
  expect(Buffer.concat(greedy.map(({ received }) => received)).includes('maxInFlightShare')).toBe(true);
  for (let i = 0; i < 10; i++) {
    honest.send(request('demo:blob', MIB - 100, BigInt(i + 2)));
    expect((await honest.hear(i + 2))[i + 1]).toMatchObject({ error: false });
  }
  letGo();
  await until('the answers', () => server.inFlight === 0);
});

test('what handlers hold of streams stays charged when their connections end', async () => {
  const { server, port, letGo } = await serve();
  for (let i = 0; i < 10; i++) {
    const peer = await RawPeer.dial(port);
    peer.send(request('demo:unread', 250_000));
    await until('the stream', () => server.inFlight === i + 1);
    peer.send(request('demo:unknown', 1, 2n));
    await peer.hear(1);
    peer.reset();
  }
  await until('the ends', () => server.connections === 0);
  const honest = await RawPeer.dial(port);
  open.push(() => honest.close());
  honest.send(request('demo:blob', 2 * MIB));
  expect((await honest.hear(1))[0]).toMatchObject({ error: true });
  letGo();
  honest.send(request('demo:blob', 2 * MIB, 2n));
  expect((await honest.hear(2))[1]).toMatchObject({ error: false });
});

test.each([1, 2, 3])('whatever becomes of requests, in whatever order, nothing stays charged (seed %i)', async (seed) => {
  const random = seededRandom(seed);
  const below = (most: number): number => Math.floor(random() * most);
  const { server, port, letGo } = await serve();
  let peers: RawPeer[] = [];
  const actions = ['demo:blob', 'demo:held', 'demo:upload', 'demo:unread', 'demo:unknown'];
  for (let step = 0; step < 250; step++) {
    const peer = peers[below(20)];
    if (peer === undefined || peer.ended !== null) {
      peers = [...peers.filter(({ ended }) => ended === null), await RawPeer.dial(port)];
      continue;
    }
    const frame = request(actions[below(5)] ?? '', below(4) === 0 ? below(MIB) : below(40_000), BigInt(step + 1), below(4) === 0);
    const choice = below(12);
    if (choice < 6) peer.send(frame);
    else if (choice === 6) peer.send(frame.subarray(0, below(frame.length)));
    else if (choice === 7) peer.send(HANDSHAKE.subarray(0, below(HANDSHAKE.length)));
    else if (choice === 8) peer.send(Buffer.alloc(below(100), below(256)));
    else if (choice === 9) letGo();
    else if (choice === 10) peer.reset();
    else peer.close();
    if (below(5) === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  for (const peer of peers) peer.reset();
  await until('the ends', () => server.connections === 0);
  letGo();
  await until('the answers', () => server.inFlight === 0);
  // As much as fits when nothing else is charged, and not a byte more.
  const last = await RawPeer.dial(port);
  open.push(() => last.close());
  last.send(request('demo:blob', LIMIT - 5), request('demo:blob', LIMIT - 4, 2n));
  const answers = await last.hear(2);
  expect(answers.map((answer) => answer !== 'ping' && answer.error)).toEqual([false, true]);
});
