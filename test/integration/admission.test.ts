import { afterEach, expect, test } from 'vitest';
import { bytes, createServer, defineAction, type Server, stream, struct, vLong } from '../../src/index.ts';
import { deflateBody } from '../../src/protocol/frame/native/compression.ts';
import { rawFrame, requestHeader, vInt } from '../support/raw-frame.ts';
import { RawPeer, until } from '../support/raw-peer.ts';

const LIMIT = 3 * 1024 * 1024;
const MIB = 1024 * 1024;
const blob = defineAction({ name: 'demo:blob', request: struct({ content: bytes }), response: struct({ bytes: vLong }) });
const late = defineAction({ name: 'demo:late', request: struct({ content: bytes }), response: struct({}) });
const throwing = defineAction({ name: 'demo:throwing', request: struct({ content: bytes }), response: struct({}) });
const upload = defineAction({ name: 'demo:upload', request: struct({ content: stream() }), response: struct({ bytes: vLong }) });
const open: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function limitedServer(): Promise<{ server: Server; port: number }> {
  const server = createServer({ maxInFlightBytes: LIMIT, maxInFlight: 20, limits: { maxInflatedBytes: LIMIT - 100 } });
  open.push(() => server.close({ drainMs: 0 }));
  server.handle(blob, ({ content }) => ({ bytes: content.length }));
  server.handle(late, (_request, { signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve({}))));
  server.handle(throwing, () => Promise.reject(new Error('no')));
  server.handle(upload, async ({ content }) => {
    let count = 0;
    for await (const chunk of content) count += chunk.length;
    return { bytes: count };
  });
  const { port } = await server.listen(0);
  return { server, port };
}

/** No parent task, then the bytes with their length. */
function body(size: number): Buffer {
  return Buffer.concat([Buffer.of(0), vInt(size), Buffer.alloc(size)]);
}

function request(id: bigint, action: string, content: Buffer, status = 0): Buffer {
  return rawFrame({ id, status, variable: requestHeader(action), body: content });
}

const big = body(MIB);
/** Each gets a connection of its own, which ends behind it, in good order or not. */
const ABUSES: readonly [string, (id: bigint) => Buffer, number][] = [
  ['whole', (id) => request(id, 'demo:blob', big), 1],
  ['cut in the middle of a body', (id) => request(id, 'demo:blob', big).subarray(0, -100), 0],
  ['malformed', (id) => request(id, 'demo:blob', Buffer.alloc(MIB, 0xff)), 1],
  ['surplus bytes', (id) => request(id, 'demo:blob', Buffer.concat([big, big])), 1],
  ['a handler that throws', (id) => request(id, 'demo:throwing', big), 1],
  ['nobody waits for the answer', (id) => request(id, 'demo:late', big), 0],
  ['unknown', (id) => request(id, 'demo:unknown', big), 1],
  ['too large', (id) => request(id, 'demo:blob', body(LIMIT)), 1],
  ['compressed', (id) => request(id, 'demo:blob', deflateBody(big), 4), 1],
  ['compressed, large', (id) => request(id, 'demo:blob', deflateBody(body(2 * MIB)), 4), 1],
  ['a bomb', (id) => request(id, 'demo:blob', deflateBody(body(8 * MIB)), 4), 1],
  ['compressed, cut off', (id) => request(id, 'demo:blob', deflateBody(big).subarray(0, -4), 4), 1],
  ['compressed, corrupt', (id) => request(id, 'demo:blob', Buffer.concat([Buffer.from('44464c00', 'hex'), Buffer.alloc(500, 0xff)]), 4), 0],
  ['compressed, and the connection ends meanwhile', (id) => request(id, 'demo:blob', deflateBody(body(2 * MIB)), 4), 0],
  ['a stream', (id) => request(id, 'demo:upload', big), 1],
  ['a stream, compressed', (id) => request(id, 'demo:upload', deflateBody(big), 4), 1],
  ['a stream that is cut', (id) => request(id, 'demo:upload', big).subarray(0, -1000), 0],
  ['a stream whose head is cut', (id) => request(id, 'demo:upload', big).subarray(0, 40), 0],
  ['a stream of the wrong length', (id) => request(id, 'demo:upload', Buffer.concat([Buffer.of(0), vInt(5), Buffer.alloc(MIB)])), 1],
  ['a stream with a bad head', (id) => request(id, 'demo:upload', Buffer.alloc(MIB, 0xff)), 1],
  ['garbage behind a request that runs', (id) => Buffer.concat([request(id, 'demo:late', big), Buffer.alloc(50, 1)]), 0],
];

test.each(ABUSES)('what a request is charged is given back: %s', async (_name, make, answers) => {
  const { server, port } = await limitedServer();
  for (let round = 0; round < 25; round++) {
    const peer = await RawPeer.dial(port);
    peer.send(make(7n));
    if (answers > 0) await peer.hear(answers);
    else if (round % 2 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    peer.reset();
  }
  await until('the ends', () => server.inFlight === 0 && server.connections === 0);
  // As much as fits when nothing else is charged, and not a byte more.
  const peer = await RawPeer.dial(port);
  open.push(() => peer.close());
  peer.send(request(1n, 'demo:blob', body(LIMIT - 5)));
  expect((await peer.hear(1))[0]).toMatchObject({ requestId: 1n, error: false });
  peer.send(request(2n, 'demo:blob', body(LIMIT - 4)));
  expect((await peer.hear(2))[1]).toMatchObject({ requestId: 2n, error: true });
});
