import { afterEach, describe, expect, test } from 'vitest';
import {
  bytes,
  createClient,
  createServer,
  defineAction,
  type Server,
  type ServerOptions,
  stream,
  struct,
  vLong,
} from '../../src/index.ts';
import { rawFrame, requestHeader, vInt } from '../support/raw-frame.ts';
import { HANDSHAKE, RawPeer, until } from '../support/raw-peer.ts';

const MIB = 1024 * 1024;
const blob = defineAction({ name: 'demo:blob', request: struct({ content: bytes }), response: struct({ bytes: vLong }) });
const upload = defineAction({ name: 'demo:upload', request: struct({ content: stream() }), response: struct({ bytes: vLong }) });
const open: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function serve(options: ServerOptions = {}): Promise<{ server: Server; port: number }> {
  const server = createServer(options);
  open.push(() => server.close({ drainMs: 0 }));
  server.handle(blob, ({ content }) => ({ bytes: content.length }));
  server.handle(upload, async ({ content }) => {
    let count = 0;
    for await (const chunk of content) count += chunk.length;
    return { bytes: count };
  });
  const { port } = await server.listen(0);
  return { server, port };
}

async function dial(port: number): Promise<RawPeer> {
  const peer = await RawPeer.dial(port);
  open.push(() => peer.close());
  return peer;
}

/** A request of a body with so many bytes, of which the first `sent` come. */
function part(size: number, sent: number, action = 'demo:blob', id = 1n): Buffer {
  const body = Buffer.concat([Buffer.of(0), vInt(size), Buffer.alloc(size)]);
  const frame = rawFrame({ id, status: 0, variable: requestHeader(action), body });
  return frame.subarray(0, frame.length - body.length + sent);
}

/** Requests of somebody who knows nothing of it, one by one. */
async function expectHonestService(port: number, count = 20): Promise<void> {
  const client = createClient({ nodes: [`127.0.0.1:${port}`], reconnect: false });
  open.push(() => client.close());
  for (let i = 0; i < count; i++) expect(await client.call(blob, { content: Buffer.alloc(1000 * i) })).toEqual({ bytes: 1000 * i });
  expect(await client.call(blob, { content: Buffer.alloc(2 * MIB) })).toEqual({ bytes: 2 * MIB });
}

describe('honest requests are served while others', () => {
  test('announce bodies of 90 MiB and send 10 bytes of each', async () => {
    const { server, port } = await serve();
    const before = process.memoryUsage().arrayBuffers;
    const announcement = part(90 * MIB, 10);
    for (let i = 0; i < 20; i++) (await dial(port)).send(announcement);
    await until('the announcements', () => server.inFlight === 20);
    await expectHonestService(port);
    // The frame above takes 180 MiB itself.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(300 * MIB);
  });

  test('send only the headers of 300 handshakes that announce 1 MiB', async () => {
    const { server, port } = await serve();
    const head = Buffer.from(HANDSHAKE.subarray(0, 23 + HANDSHAKE.readInt32BE(19)));
    head.writeInt32BE(head.length - 6 + MIB - 100, 2);
    for (let i = 0; i < 300; i++) (await dial(port)).send(head);
    await until('the connections', () => server.connections === 300);
    await expectHonestService(port);
  });

  test('fill the budget with bodies that have stopped arriving', async () => {
    const { server, port } = await serve({ maxInFlightBytes: 8 * MIB });
    const slow = await Promise.all(Array.from({ length: 7 }, () => dial(port)));
    for (const peer of slow) peer.send(part(1.5 * MIB, MIB));
    await until('the requests', () => server.inFlight === 7);
    // Longer than the second after which a body counts as stalled.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await expectHonestService(port);
    // Whose body made way is told so when its rest has come, and the channel goes on.
    const [first] = slow;
    first?.send(Buffer.alloc(MIB / 2 + 4), part(5, 7, 'demo:blob', 2n));
    const answers = await first?.hear(2);
    expect(answers?.[0]).toMatchObject({ requestId: 1n, error: true });
    expect(first?.received.includes('made way for others')).toBe(true);
    expect(answers?.[1]).toMatchObject({ requestId: 2n, error: false });
    // The others were left alone as far as there was room.
    const last = slow.at(-1);
    last?.send(Buffer.alloc(MIB / 2 + 4));
    expect((await last?.hear(1))?.[0]).toMatchObject({ error: false });
  });

  test('keep the places with headers whose bodies do not come', async () => {
    const { server, port } = await serve({ maxInFlight: 5 });
    for (let i = 0; i < 5; i++) (await dial(port)).send(part(1000, 3));
    await until('the requests', () => server.inFlight === 5);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await expectHonestService(port);
  });

  test('begin streams and stop in the head, or behind it', async () => {
    const { server, port } = await serve({ maxInFlightBytes: 3 * MIB });
    for (let i = 0; i < 100; i++) (await dial(port)).send(part(MIB, i % 2 === 0 ? 3 : 100, 'demo:upload'));
    await until('the requests', () => server.inFlight === 100);
    const client = createClient({ nodes: [`127.0.0.1:${port}`], reconnect: false });
    open.push(() => client.close());
    expect(await client.call(blob, { content: Buffer.alloc(MIB) })).toEqual({ bytes: MIB });
    const content = { size: 2 * MIB, chunks: [Buffer.alloc(2 * MIB)] };
    expect(await client.call(upload, { content })).toEqual({ bytes: 2 * MIB });
  });
});

describe('when all connections are taken', () => {
  test.each([
    ['the headers of streams', 0],
    ['streams that have stopped', 100],
  ])('%s make way', async (_name, sent) => {
    const { server, port } = await serve({ maxConnections: 30 });
    for (let i = 0; i < 30; i++) (await dial(port)).send(part(MIB, sent, 'demo:upload'));
    await until('the requests', () => server.inFlight === 30);
    for (let i = 0; i < 3; i++) await expectHonestService(port, 2);
  });

  test.each(['demo:blob', 'demo:upload'])('an upload that goes on does not make way: %s', async (action) => {
    const { server, port } = await serve({ maxConnections: 30 });
    const peer = await dial(port);
    const whole = part(200_000, 200_004, action);
    peer.send(whole.subarray(0, 100_000));
    await until('the request', () => server.inFlight === 1);
    await expectHonestService(port, 0);
    for (let i = 0; i < 90; i++) {
      const other = await dial(port);
      other.send(HANDSHAKE);
      await other.hear(1);
    }
    peer.send(whole.subarray(100_000));
    expect((await peer.hear(1))[0]).toMatchObject({ error: false });
  });
});

test('a stream that fills the budget fails, and nothing stays charged', async () => {
  const { server, port } = await serve({ maxInFlightBytes: 100_000 });
  const late = defineAction({ name: 'demo:late', request: struct({ content: stream() }), response: struct({}) });
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  server.handle(late, async ({ content }) => {
    await begun;
    for await (const chunk of content) void chunk;
    return {};
  });
  const peer = await dial(port);
  peer.send(part(300_000, 300_004, 'demo:late'), part(5, 7, 'demo:blob', 2n));
  expect((await peer.hear(1))[0]).toMatchObject({ requestId: 2n, error: false });
  begin();
  expect((await peer.hear(2))[1]).toMatchObject({ requestId: 1n, error: true });
  peer.send(part(99_990, 99_994, 'demo:blob', 3n));
  expect((await peer.hear(3))[2]).toMatchObject({ requestId: 3n, error: false });
  expect(server.inFlight).toBe(0);
});
