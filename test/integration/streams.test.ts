import { afterEach, describe, expect, test } from 'vitest';
import { createClient, createServer, defineAction, int, type ServerOptions, stream, string, struct, vLong } from '../../src/index.ts';
import type { Carrier } from '../../src/transport/carrier/link.ts';
import { memoryCarrier } from '../../src/transport/carrier/memory.ts';
import { tcp } from '../../src/transport/carrier/tcp.ts';

const upload = defineAction({
  name: 'demo:upload',
  request: struct({ name: string, content: stream() }),
  response: struct({ bytes: vLong, sum: int }),
});
const download = defineAction({
  name: 'demo:download',
  request: struct({ bytes: vLong }),
  response: struct({ name: string, content: stream() }),
});
const pipe = defineAction({ name: 'demo:pipe', request: struct({ content: stream() }), response: struct({ content: stream() }) });
const ping = defineAction({ name: 'demo:ping', request: struct({}), response: struct({}) });
const CHUNK = 64 * 1024;
const open: { close(options?: { drainMs?: number }): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close({ drainMs: 100 });
});

function* chunks(size: number, first = 0): Generator<Buffer> {
  for (let at = 0; at < size; at += CHUNK) yield Buffer.alloc(Math.min(CHUNK, size - at), (first + at / CHUNK) & 0xff);
}

function sumOf(bytes: Iterable<Uint8Array>): number {
  let sum = 0;
  for (const chunk of bytes) for (const byte of chunk) sum = (sum * 31 + byte) | 0;
  return sum;
}

async function pair(carrier: Carrier, options: ServerOptions = {}) {
  const server = createServer({ carrier, ...options });
  open.push(server);
  server.handle(upload, async ({ content }) => {
    let sum = 0;
    let bytes = 0;
    for await (const chunk of content) {
      bytes += chunk.length;
      for (const byte of chunk) sum = (sum * 31 + byte) | 0;
    }
    return { bytes, sum };
  });
  server.handle(download, ({ bytes }) => ({ name: 'x', content: { size: bytes, chunks: chunks(bytes) } }));
  server.handle(pipe, ({ content }) => ({ content: { size: content.size, chunks: content } }));
  server.handle(ping, () => ({}));
  const { port } = await server.listen(0);
  const client = createClient({ nodes: [`127.0.0.1:${port}`], carrier });
  open.push(client);
  return { server, client, port };
}

describe.each([
  ['memory', () => memoryCarrier()],
  ['tcp', () => tcp()],
  ['tcp, data path', () => tcp({ reads: 'data' })],
] as const)('streams over %s', (_name, carrier) => {
  test.each([0, 1, 65_536, 3_000_001])('%i bytes go up, down, and through', async (size) => {
    const { client } = await pair(carrier());
    const expected = sumOf(chunks(size));
    expect(await client.call(upload, { name: 'n', content: { size, chunks: chunks(size) } })).toEqual({ bytes: size, sum: expected });
    const { name, content } = await client.call(download, { bytes: size });
    expect([name, content.size]).toEqual(['x', size]);
    const parts: Buffer[] = [];
    for await (const chunk of content) parts.push(Buffer.from(chunk));
    expect(sumOf(parts)).toBe(expected);
    const piped = await client.call(pipe, { content: { size, chunks: chunks(size) } });
    const back: Buffer[] = [];
    for await (const chunk of piped.content) back.push(Buffer.from(chunk));
    expect(sumOf(back)).toBe(expected);
  });

  test('a stream may be longer than the longest message held in memory', async () => {
    const { client } = await pair(carrier(), { limits: { maxFrameBytes: 100_000 } });
    const answer = await client.call(upload, { name: 'n', content: { size: 1_000_000, chunks: chunks(1_000_000) } });
    expect(answer.bytes).toBe(1_000_000);
  });

  test('other calls wait for the end of a stream and are answered', async () => {
    const { client } = await pair(carrier());
    const up = client.call(upload, { name: 'n', content: { size: 2_000_000, chunks: chunks(2_000_000) } });
    const pings = Promise.all(Array.from({ length: 50 }, () => client.call(ping, {})));
    expect((await up).bytes).toBe(2_000_000);
    expect(await pings).toHaveLength(50);
  });

  test('a handler that does not read its stream still answers, and the channel goes on', async () => {
    const { client, server } = await pair(carrier());
    const ignore = defineAction({ name: 'demo:ignore', request: struct({ content: stream() }), response: struct({}) });
    server.handle(ignore, () => ({}));
    await client.call(ignore, { content: { size: 2_000_000, chunks: chunks(2_000_000) } });
    expect(await client.call(ping, {})).toEqual({});
  });

  test('a reader that stops early discards the rest', async () => {
    const { client } = await pair(carrier());
    const { content } = await client.call(download, { bytes: 2_000_000 });
    for await (const chunk of content) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    expect(await client.call(ping, {})).toEqual({});
  });

  test('a source that is too short is the mistake of its caller; the connection is made anew', async () => {
    const { client } = await pair(carrier());
    await client.call(ping, {});
    const failing = client.call(upload, { name: 'n', content: { size: 500_000, chunks: chunks(100_000) } });
    await expect(failing).rejects.toMatchObject({
      code: 'ERR_USAGE',
      message: expect.stringContaining('ended 400000 bytes short'),
    });
    expect(await client.call(ping, {})).toEqual({});
  });

  test('a slow reader holds the sender back', async () => {
    const { client, server } = await pair(carrier());
    let produced = 0;
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = defineAction({ name: 'demo:slow', request: struct({ content: stream() }), response: struct({ bytes: vLong }) });
    server.handle(slow, async ({ content }) => {
      await gate;
      let bytes = 0;
      for await (const chunk of content) bytes += chunk.length;
      return { bytes };
    });
    const size = 64 * 1024 * 1024;
    function* counted(): Generator<Buffer> {
      for (const chunk of chunks(size)) {
        produced += chunk.length;
        yield chunk;
      }
    }
    const call = client.call(slow, { content: { size, chunks: counted() } });
    let before = -1;
    await expect
      .poll(
        () => {
          const still = produced === before && produced > 0;
          before = produced;
          return still;
        },
        { interval: 100, timeout: 10_000 },
      )
      .toBe(true);
    expect(produced).toBeLessThan(32 * 1024 * 1024);
    release();
    expect((await call).bytes).toBe(size);
  });
});
