import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type AnyCodec,
  bytes,
  type Client,
  type ClientOptions,
  type Codec,
  createClient,
  createServer,
  defineAction,
  release,
  type Server,
  from,
  mapped,
  optional,
  type StreamSource,
  since,
  stream,
  string,
  struct,
  until as before,
  vLong,
  withDefault,
} from '../../src/index.ts';
import { memoryCarrier } from '../../src/transport/carrier/memory.ts';
import { V_2_0_0 } from '../../src/protocol/wire/version.ts';
import { IncomingStream } from '../../src/transport/channel/incoming-stream.ts';
import { bodies } from '../../src/transport/util/body-pool.ts';
import { rawFrame, requestHeader, vInt } from '../support/raw-frame.ts';
import { RawPeer, until } from '../support/raw-peer.ts';
import { type Script, scriptedNode } from '../support/scripted-node.ts';

const MIB = 1024 * 1024;
const V_NEVER = 0x7fff_ffff;
const download = defineAction({ name: 'demo:download', request: struct({}), response: struct({ content: stream() }) });
const upload = defineAction({ name: 'demo:upload', request: struct({ content: stream() }), response: struct({ bytes: vLong }) });
const echo = defineAction({ name: 'demo:echo', request: struct({ text: string }), response: struct({ text: string }) });
const open: { close(options?: { drainMs?: number }): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close({ drainMs: 0 });
});

function* chunks(size: number): Generator<Buffer> {
  for (let at = 0; at < size; at += 65_536) yield Buffer.alloc(Math.min(65_536, size - at));
}

async function byNode(script: Script, options: Partial<ClientOptions> = {}): Promise<Client> {
  const node = await scriptedNode(script);
  open.push(node);
  const client = createClient({ nodes: [`127.0.0.1:${node.port}`], reconnect: false, timeoutMs: 5000, ...options });
  open.push(client);
  await client.connect();
  return client;
}

/** A source that counts how often it was closed. */
function closable(): StreamSource & { readonly closed: number } {
  let closed = 0;
  const chunks = { [Symbol.iterator]: () => [Buffer.alloc(2)][Symbol.iterator](), destroy: () => void closed++ };
  return {
    size: 2,
    chunks,
    get closed() {
      return closed;
    },
  };
}

async function lengthOf(content: AsyncIterable<Buffer>): Promise<number> {
  let bytes = 0;
  for await (const chunk of content) bytes += chunk.length;
  return bytes;
}

describe('answers that end with a stream', () => {
  test('one whose call is given up between its header and its stream goes by', async () => {
    const size = 2 * MIB;
    let goOn = (): void => undefined;
    const client = await byNode((peer, { action, requestId: id }) => {
      if (action === echo.name) return peer.send(rawFrame({ id, body: Buffer.from('0161', 'hex') }));
      const body = Buffer.concat([vInt(size), Buffer.alloc(size)]);
      const frame = rawFrame({ id, body });
      peer.send(frame.subarray(0, 26));
      goOn = () => peer.send(frame.subarray(26));
    });
    const controller = new AbortController();
    const given = client.call(download, {}, { signal: controller.signal });
    const error = given.catch((caught: unknown) => caught);
    await until('the header', () => goOn.name === 'goOn');
    await new Promise((resolve) => setTimeout(resolve, 50));
    controller.abort();
    expect(await error).toMatchObject({ code: 'ERR_CANCELLED' });
    goOn();
    expect(await client.call(echo, { text: 'x' }, { timeoutMs: 2000 })).toEqual({ text: 'a' });
    expect(client.strayAnswers).toEqual({ late: 1, unknown: 0 });
  });

  test('one that comes late, and is longer than what is held in memory, goes by', async () => {
    const size = 200_000;
    const client = await byNode(
      (peer, { action, requestId: id }) => {
        if (action === echo.name) return peer.send(rawFrame({ id, body: Buffer.from('0161', 'hex') }));
        setTimeout(() => peer.send(rawFrame({ id, body: Buffer.concat([vInt(size), Buffer.alloc(size)]) })), 100);
      },
      { limits: { maxFrameBytes: 100_000 } },
    );
    await expect(client.call(download, {}, { timeoutMs: 20 })).rejects.toMatchObject({ code: 'ERR_DEADLINE' });
    await until('the late answer', () => client.strayAnswers.late === 1);
    expect(await client.call(echo, { text: 'x' })).toEqual({ text: 'a' });
  });

  test('one that stands still gives its reader up, not the other way round', async () => {
    const client = await byNode((peer, { requestId: id }) => {
      const frame = rawFrame({ id, body: Buffer.concat([vInt(1000), Buffer.alloc(1000, 7)]) });
      peer.send(frame.subarray(0, -500));
    });
    const { content } = await client.call(download, {}, { timeoutMs: 100 });
    let bytes = 0;
    const reading = (async () => {
      for await (const chunk of content) bytes += chunk.length;
    })();
    await expect(reading).rejects.toMatchObject({
      code: 'ERR_DEADLINE',
      delivery: 'answered',
      message: expect.stringContaining('500 of its 1000'),
    });
    expect(bytes).toBe(500);
  });

  test.each(['server', 'client'] as const)('closing the %s waits for a stream under way', async (who) => {
    const size = 8 * MIB;
    const carrier = memoryCarrier();
    const server = createServer({ carrier });
    server.handle(download, () => ({ content: { size, chunks: chunks(size) } }));
    const { port } = await server.listen(0);
    const client = createClient({ nodes: [`127.0.0.1:${port}`], carrier, reconnect: false });
    open.push(server, client);
    const { content } = await client.call(download, {});
    const closed = (who === 'server' ? server : client).close();
    expect(await lengthOf(content)).toBe(size);
    await closed;
  });
});

describe('streams that are not what they should be', () => {
  async function uploadTo(): Promise<Client> {
    const carrier = memoryCarrier();
    const server = createServer({ carrier });
    server.handle(upload, async ({ content }) => ({ bytes: await lengthOf(content) }));
    const { port } = await server.listen(0);
    const client = createClient({ nodes: [`127.0.0.1:${port}`], carrier, reconnect: false });
    open.push(server, client);
    await client.connect();
    return client;
  }

  test('chunks of text are no bytes', async () => {
    const client = await uploadTo();
    const call = client.call(upload, { content: { size: 2, chunks: ['é', 'é'] as never } });
    await expect(call).rejects.toMatchObject({ message: expect.stringContaining('a stream gave a string, expected bytes') });
  });

  test.each([undefined, 5, {}])('chunks that are %s cost their call only', async (bad) => {
    const client = await uploadTo();
    const call = client.call(upload, { content: { size: 5, chunks: bad as never } });
    await expect(call).rejects.toMatchObject({ code: 'ERR_USAGE', message: expect.stringContaining('chunks'), delivery: 'not-sent' });
    expect(await client.call(upload, { content: { size: 2, chunks: [Buffer.alloc(2)] } })).toEqual({ bytes: 2 });
  });

  test('a message that holds no stream, where its codec may have one, is a message like others', async () => {
    const maybe = defineAction({
      name: 'demo:maybe',
      request: struct({ text: string, content: optional(stream()) }),
      response: struct({ content: optional(stream()) }),
    });
    const server = createServer();
    server.handle(maybe, async ({ text, content }) => {
      const bytes = content === null ? -1 : await lengthOf(content);
      return { content: text === 'null' ? null : { size: 3, chunks: [Buffer.from(String(bytes).padStart(3, '0'))] } };
    });
    const { port } = await server.listen(0);
    const client = createClient({ nodes: [`127.0.0.1:${port}`], reconnect: false });
    open.push(server, client);
    const textOf = async (content: AsyncIterable<Buffer> | null) => {
      let text = '';
      for await (const chunk of content ?? []) text += chunk.toString();
      return content === null ? null : text;
    };
    expect(await textOf((await client.call(maybe, { text: 'a', content: null })).content)).toBe('0-1');
    expect(await textOf((await client.call(maybe, { text: 'null' })).content)).toBe(null);
    const content = { size: 40_000, chunks: chunks(40_000) };
    expect((await client.call(maybe, { text: 'null', content })).content).toBe(null);
    expect(await textOf((await client.call(maybe, { text: 'a', content: { size: 100, chunks: chunks(100) } })).content)).toBe('100');
    await until('the end', () => server.inFlight === 0);
  });

  test('bytes behind a message that holds no stream are refused, and what it was charged is given back', async () => {
    const server = createServer();
    open.push(server);
    const request = struct({ text: string, content: optional(stream()) });
    server.handle(defineAction({ name: 'demo:maybe', request, response: struct({}) }), () => ({}));
    const { port } = await server.listen(0);
    const peer = await RawPeer.dial(port);
    peer.send(rawFrame({ id: 7n, status: 0, variable: requestHeader('demo:maybe'), body: Buffer.from('000161000203', 'hex') }));
    expect(await peer.hear(1)).toMatchObject([{ requestId: 7n, error: true }]);
    peer.send(rawFrame({ id: 8n, status: 0, variable: requestHeader('demo:maybe'), body: Buffer.from('00016100', 'hex') }));
    expect((await peer.hear(2)).at(-1)).toMatchObject({ requestId: 8n, error: false });
    peer.close();
    await until('the end', () => server.inFlight === 0);
  });

  test('a codec that writes behind its stream costs its call only', async () => {
    const tail = struct({ content: stream() });
    const broken: Codec<never, { content: StreamSource }> = {
      ...(tail as Codec<never, { content: StreamSource }>),
      write: (output, value) => {
        tail.write(output, value);
        output.writeByte(1);
      },
    };
    const server = createServer();
    const { port } = await server.listen(0);
    const client = createClient({ nodes: [`127.0.0.1:${port}`], reconnect: false });
    open.push(server, client);
    const source = closable();
    const call = client.call(defineAction({ name: 'demo:broken', request: broken, response: struct({}) }), { content: source });
    await expect(call).rejects.toMatchObject({
      code: 'ERR_USAGE',
      message: expect.stringContaining('bytes follow it'),
      delivery: 'not-sent',
    });
    expect(source.closed).toBe(1);
  });

  test.each<[string, AnyCodec]>([
    ['optional', optional(stream())],
    ['since', since(V_2_0_0, stream(), null)],
    ['until', before(V_NEVER, stream())],
    ['from', from(V_2_0_0, stream(), stream())],
    ['withDefault', withDefault(optional(stream()), null)],
    [
      'mapped',
      mapped(
        stream(),
        (value) => value,
        (value: StreamSource) => value,
      ),
    ],
    ['a struct', struct({ inner: stream() })],
  ])('a source inside of %s is closed when its message is not sent', async (where, content) => {
    const request = struct({ text: string, content: content as Codec<unknown, unknown> });
    const client = createClient({ nodes: ['127.0.0.1:1'], reconnect: false });
    open.push(client);
    const source = closable();
    const given = where === 'a struct' ? { inner: source } : source;
    const call = client.call(defineAction({ name: 'demo:any', request, response: struct({}) }), { text: 'a', content: given });
    await expect(call).rejects.toMatchObject({ delivery: 'not-sent' });
    expect(source.closed).toBe(1);
  });

  test('one that is read after its call was answered says that it is gone', async () => {
    const server = createServer();
    let late: Promise<number> = Promise.resolve(-1);
    server.handle(upload, ({ content }) => {
      late = new Promise((resolve) => setTimeout(resolve, 50)).then(() => lengthOf(content));
      void late.catch(() => undefined);
      return { bytes: 0 };
    });
    const { port } = await server.listen(0);
    const client = createClient({ nodes: [`127.0.0.1:${port}`], reconnect: false });
    open.push(server, client);
    await client.call(upload, { content: { size: MIB, chunks: chunks(MIB) } });
    await expect(late).rejects.toMatchObject({ code: 'ERR_USAGE', message: expect.stringContaining('gone') });
  });

  test('a chunk that its reader gave back itself is not given back twice', async () => {
    const incoming = new IncomingStream(40_000, { pause: () => undefined, resume: () => undefined });
    incoming.push(Buffer.alloc(20_000, 1));
    incoming.push(Buffer.alloc(20_000, 2));
    const reader = incoming[Symbol.asyncIterator]();
    const { value } = await reader.next();
    release(value as Buffer);
    const other = bodies.take(20_000);
    await reader.next();
    expect(bodies.take(20_000).buffer).not.toBe(other.buffer);
    await reader.return(undefined);
  });
});

test('an answer made of the stream of its request goes on while a large answer waits behind it', async () => {
  const size = 100 * 4096;
  const through = defineAction({ name: 'demo:through', request: struct({ content: stream() }), response: struct({ content: stream() }) });
  const large = defineAction({ name: 'demo:large', request: struct({}), response: struct({ body: bytes }) });
  const server = createServer();
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  server.handle(through, ({ content }) => {
    setImmediate(begin);
    return { content: { size: content.size, chunks: content } };
  });
  server.handle(large, async () => {
    await begun;
    return { body: Buffer.alloc(2 * MIB) };
  });
  const { port } = await server.listen(0);
  const client = createClient({ nodes: [`127.0.0.1:${port}`], reconnect: false, timeoutMs: 3000 });
  open.push(server, client);
  await client.connect();
  const answered = client.call(large, {});
  const content = async function* () {
    yield Buffer.alloc(4096);
    await begun;
    for (let i = 1; i < 100; i++) {
      yield Buffer.alloc(4096);
      if (i % 10 === 0) await sleep(5);
    }
  };
  const { content: back } = await client.call(through, { content: { size, chunks: content() } });
  expect(await lengthOf(back)).toBe(size);
  expect((await answered).body.length).toBe(2 * MIB);
});

describe('pings that a live peer cannot answer yet do not end the channel', () => {
  async function pinging(serve: (server: Server) => void): Promise<Client> {
    const server = createServer();
    serve(server);
    const { port } = await server.listen(0);
    const client = createClient({ nodes: [`127.0.0.1:${port}`], reconnect: false, pingIntervalMs: 50, timeoutMs: 3000 });
    open.push(server, client);
    await client.connect();
    return client;
  }

  test('because its answers wait behind a stream whose source pauses', async () => {
    async function* pausing() {
      yield Buffer.alloc(10);
      await sleep(400);
      yield Buffer.alloc(10);
    }
    const client = await pinging((server) => server.handle(download, () => ({ content: { size: 20, chunks: pausing() } })));
    const { content } = await client.call(download, {});
    expect(await lengthOf(content)).toBe(20);
  });

  test('because its handler reads our stream slowly', async () => {
    const client = await pinging((server) =>
      server.handle(upload, async ({ content }) => {
        await sleep(400);
        return { bytes: await lengthOf(content) };
      }),
    );
    const size = 600_000;
    expect(await client.call(upload, { content: { size, chunks: [Buffer.alloc(size)] } })).toEqual({ bytes: size });
  });
});

describe('an upload from a source that never waits', () => {
  test('ends with the link', async () => {
    let taken = 0;
    function* endless(): Generator<Buffer> {
      for (; taken < 1_000_000; taken++) yield Buffer.alloc(1024);
    }
    const server = createServer();
    open.push(server);
    server.handle(upload, async ({ content }) => {
      for await (const _ of content) server.abort();
      return { bytes: 0 };
    });
    const { port } = await server.listen(0);
    const client = createClient({ nodes: [`127.0.0.1:${port}`], reconnect: false });
    open.push(client);
    const call = client.call(upload, { content: { size: 1_000_000 * 1024, chunks: endless() } });
    await expect(call).rejects.toMatchObject({ code: 'ERR_CONNECTION_LOST' });
    expect(taken).toBeLessThan(500_000);
  });

  test('leaves others their turn', async () => {
    const server = createServer();
    open.push(server);
    let served = 0;
    server.handle(echo, (request) => {
      served++;
      return request;
    });
    server.handle(upload, async ({ content }) => ({ bytes: await lengthOf(content) }));
    const { port } = await server.listen(0);
    const clients = [0, 1].map(() => createClient({ nodes: [`127.0.0.1:${port}`] }));
    open.push(...clients);
    const [busy, other] = clients as [Client, Client];
    await Promise.all(clients.map((client) => client.connect()));
    let over = false;
    const upload32 = busy.call(upload, { content: { size: 32 * MIB, chunks: small(32 * MIB) } }).finally(() => (over = true));
    while (!over) await other.call(echo, { text: 'x' });
    expect(await upload32).toEqual({ bytes: 32 * MIB });
    expect(served).toBeGreaterThan(10);
  });
});

function* small(size: number): Generator<Buffer> {
  for (let at = 0; at < size; at += 1024) yield Buffer.alloc(1024);
}
