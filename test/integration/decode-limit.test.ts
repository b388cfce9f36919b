import { afterEach, describe, expect, test } from 'vitest';
import {
  type Client,
  createClient,
  createServer,
  defineAction,
  list,
  map,
  RemoteError,
  string,
  struct,
  type TransportError,
} from '../../src/index.ts';
import { deflateBody } from '../../src/protocol/frame/native/compression.ts';
import type { Message } from '../../src/protocol/frame/native/message.ts';
import { rawFrame, requestHeader, vInt } from '../support/raw-frame.ts';
import { HANDSHAKE, RawPeer } from '../support/raw-peer.ts';
import { type Script, scriptedNode } from '../support/scripted-node.ts';

const MIB = 1024 * 1024;
/** Compressed bit of the status. */
const COMPRESSED = 4;
const ERROR = 2;
const RESPONSE = 1;

const tables = defineAction({
  name: 'demo:tables',
  request: struct({ rows: list(map(string)) }),
  response: struct({ rows: list(map(string)) }),
});

/** 4 MiB of empty maps: 350 MB of objects, were they all made. */
const MANY_MAPS = deflateBody(Buffer.concat([vInt(4 * MIB), Buffer.alloc(4 * MIB)]));

const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function pair(script: Script): Promise<Client> {
  const node = await scriptedNode(script);
  open.push(node);
  const client = createClient({ nodes: [`127.0.0.1:${node.port}`], reconnect: false, timeoutMs: 10_000 });
  open.push({ close: () => client.close({ drainMs: 0 }) });
  return client;
}

const failure = (promise: Promise<unknown>): Promise<TransportError> =>
  promise.then(
    () => {
      throw new Error('it was answered');
    },
    (error: TransportError) => error,
  );

/** The most heap that was in use while something ran. */
async function peakOf(run: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage().heapUsed;
  await run();
  return process.memoryUsage().heapUsed - before;
}

describe('a client', () => {
  test('refuses an answer that turns into too much, and goes on', async () => {
    let count = 0;
    const client = await pair((peer, { requestId: id }) => {
      const isFirst = count++ === 0;
      const body = isFirst ? MANY_MAPS : Buffer.of(0);
      peer.send(rawFrame({ id, status: isFirst ? RESPONSE | COMPRESSED : RESPONSE, body }));
    });
    let error: TransportError | undefined;
    const peak = await peakOf(async () => {
      error = await failure(client.call(tables, { rows: [] }));
    });
    expect(error).toMatchObject({ code: 'ERR_PAYLOAD_LIMIT', delivery: 'answered', scope: 'call', path: ['rows'] });
    expect(peak).toBeLessThan(200 * MIB);
    expect(await client.call(tables, { rows: [] })).toEqual({ rows: [] });
  });

  test.each([
    ['suppressed exceptions', () => suppressed(1_000_000)],
    ['causes with stacks', () => causes(100, 20_000)],
  ])('keeps the outer part of an error of many %s', async (_name, make) => {
    const body = deflateBody(make());
    const client = await pair((peer, { requestId: id }) => peer.send(rawFrame({ id, status: RESPONSE | ERROR | COMPRESSED, body })));
    let error: TransportError | undefined;
    const peak = await peakOf(async () => {
      error = await failure(client.call(tables, { rows: [] }));
    });
    expect(error).toBeInstanceOf(RemoteError);
    expect((error as RemoteError).reason).toBe('outer');
    expect(peak).toBeLessThan(200 * MIB);
  });
});

/** An IllegalStateException up to its message, with which its cause follows. */
const OUTER = Buffer.from('010e01056f75746572', 'hex');

/** An exception with so many suppressed ones, which take 5 bytes each. */
function suppressed(count: number): Buffer {
  return Buffer.concat([OUTER, Buffer.of(0, 0), vInt(count), Buffer.alloc(count * 5, Buffer.from('0104000000', 'hex'))]);
}

/** An exception with a chain of causes, each with so many frames of its own: no two stacks are the same. */
function causes(depth: number, frames: number): Buffer {
  const stackAndEnd = (line: number) =>
    Buffer.concat([vInt(frames), Buffer.of(0, 0, 0, line), Buffer.alloc((frames - 1) * 4), Buffer.of(0)]);
  const lines = Array.from({ length: depth }, (_, line) => line);
  return Buffer.concat([...lines.map(() => OUTER), Buffer.of(0), ...lines.map(stackAndEnd)]);
}

describe('a server', () => {
  test('answers a request that turns into too much with 429, and goes on', async () => {
    const server = createServer({});
    open.push({ close: () => server.close({ drainMs: 0 }) });
    server.handle(tables, ({ rows }) => ({ rows }));
    const { port } = await server.listen(0);
    const peer = await RawPeer.dial(port);
    open.push(peer);
    peer.send(HANDSHAKE);
    await peer.hear(1);
    const request = (body: Buffer, status: number, id: bigint) => rawFrame({ id, status, variable: requestHeader('demo:tables'), body });
    const task = Buffer.of(0);
    peer.send(request(deflateBody(Buffer.concat([task, vInt(4 * MIB), Buffer.alloc(4 * MIB)])), COMPRESSED, 7n));
    peer.send(request(Buffer.concat([task, Buffer.of(0)]), 0, 8n));
    const [, refused, served] = await peer.hear(3, 10_000);
    expect((refused as Message).body.toString('latin1')).toMatch(/the most that \d+ compressed bytes may turn into/);
    expect(refused).toMatchObject({ error: true, requestId: 7n });
    expect(served).toMatchObject({ error: false, requestId: 8n });
    expect(server.inFlight).toBe(0);
  });
});
