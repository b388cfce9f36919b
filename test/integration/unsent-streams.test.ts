import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type CallOptions,
  type Client,
  type ClientOptions,
  type Codec,
  createClient,
  createServer,
  defineAction,
  mapped,
  type Server,
  type StreamSource,
  stream,
  string,
  struct,
  vLong,
} from '../../src/index.ts';
import { until } from '../support/raw-peer.ts';

const upload = defineAction({
  name: 'demo:upload',
  request: struct({ name: string, content: stream() }),
  response: struct({ bytes: vLong }),
});
const download = defineAction({ name: 'demo:download', request: struct({}), response: struct({ name: string, content: stream() }) });
const slow = defineAction({ name: 'demo:slow', request: struct({}), response: struct({}) });
const open: { close(options?: { drainMs?: number }): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close({ drainMs: 0 });
});

/** A source that counts how often it was closed and how many chunks were asked for. */
class Watched implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array> {
  asked = 0;
  closed = 0;

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    this.asked++;
    return Promise.resolve({ done: false, value: Buffer.alloc(1) });
  }

  return(): Promise<IteratorResult<Uint8Array>> {
    this.closed++;
    return Promise.resolve({ done: true, value: undefined });
  }

  get state(): { asked: number; closed: number } {
    return { asked: this.asked, closed: this.closed };
  }
}

const CLOSED_UNREAD = { asked: 0, closed: 1 };

async function serve(): Promise<Server & { readonly port: number }> {
  const server = createServer();
  server.handle(upload, async ({ content }) => {
    let bytes = 0;
    for await (const chunk of content) bytes += chunk.length;
    return { bytes };
  });
  server.handle(slow, () => new Promise<object>(() => undefined));
  const { port } = await server.listen(0);
  open.push(server);
  return Object.assign(server, { port });
}

async function connected(port: number, options: Partial<ClientOptions> = {}): Promise<Client> {
  const client = createClient({ nodes: [`127.0.0.1:${port}`], reconnect: false, timeoutMs: 3000, ...options });
  open.push(client);
  await client.connect();
  return client;
}

async function failsUnsent(client: Client, code: string, request: unknown, options?: CallOptions): Promise<void> {
  await expect(client.call(upload, request as { name: string; content: StreamSource }, options)).rejects.toMatchObject({
    code,
    delivery: 'not-sent',
  });
}

describe('the source of a request that is not sent is closed', () => {
  test('when too much is in flight', async () => {
    const { port } = await serve();
    const client = await connected(port, { maxInFlight: 1 });
    client.call(slow, {}).catch(() => undefined);
    const chunks = new Watched();
    await failsUnsent(client, 'ERR_OVERLOADED', { name: 'x', content: { size: 1, chunks } });
    expect(chunks.state).toEqual(CLOSED_UNREAD);
  });

  test('when another message is being encoded', async () => {
    const { port } = await serve();
    const client = await connected(port);
    const chunks = new Watched();
    const inner: Promise<unknown>[] = [];
    const content = { size: 1, chunks: [Buffer.alloc(1)] };
    const request = {
      get name() {
        const call = client.call(upload, { name: 'inner', content: { size: 1, chunks } });
        inner.push(call.catch((error: unknown) => error));
        return 'outer';
      },
      content,
    };
    expect(await client.call(upload, request)).toEqual({ bytes: 1 });
    expect(await Promise.all(inner)).toMatchObject([{ code: 'ERR_USAGE', delivery: 'not-sent' }]);
    expect(chunks.state).toEqual(CLOSED_UNREAD);
  });

  test('when its codec opens it while it writes', async () => {
    const { port } = await serve();
    const client = await connected(port);
    const opened: Watched[] = [];
    const file = mapped(
      stream(),
      () => '',
      (_path: string) => {
        const chunks = new Watched();
        opened.push(chunks);
        return { size: 1, chunks };
      },
    );
    const uploadFile = defineAction({ ...upload, request: struct({ name: string, content: file }) });
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    async function* slowly() {
      await held;
      yield Buffer.alloc(1);
    }
    const first = client.call(upload, { name: 'first', content: { size: 1, chunks: slowly() } });
    await expect(client.call(uploadFile, { name: 'second', content: 'path' })).rejects.toMatchObject({ code: 'ERR_OVERLOADED' });
    goOn();
    expect(await first).toEqual({ bytes: 1 });
    expect(opened.map(({ state }) => state)).toEqual([CLOSED_UNREAD]);
  });

  test.each<[string, CallOptions]>([
    ['its time', { timeoutMs: 0 }],
    ['its signal', { signal: AbortSignal.abort() }],
  ])('when %s is over; a source that calls the client meanwhile settles both calls', async (_what, options) => {
    const { port } = await serve();
    const client = await connected(port);
    const inner: Promise<unknown>[] = [];
    const chunks = Object.assign(new Watched(), {
      return: () => inner.push(client.call(upload, { name: 'inner', content: { size: 1, chunks: [Buffer.alloc(1)] } })),
    });
    const outer = client.call(upload, { name: 'outer', content: { size: 1, chunks } } as never, options);
    await expect(outer).rejects.toMatchObject({ delivery: 'not-sent' });
    expect(await Promise.all(inner)).toEqual([{ bytes: 1 }]);
  });

  test('when another stream is being sent, which goes on', async () => {
    const { port } = await serve();
    const client = await connected(port);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const first = client.call(upload, {
      name: 'first',
      content: {
        size: 2,
        chunks: (async function* () {
          yield Buffer.alloc(1);
          await held;
          yield Buffer.alloc(1);
        })(),
      },
    });
    const chunks = new Watched();
    await failsUnsent(client, 'ERR_OVERLOADED', { name: 'second', content: { size: 1, chunks } });
    expect(chunks.state).toEqual(CLOSED_UNREAD);
    release();
    expect(await first).toEqual({ bytes: 2 });
  });

  test.each<[string, (chunks: Watched) => unknown]>([
    ['a field in front of it', (chunks) => ({ name: 7, content: { size: 1, chunks } })],
    ['its size', (chunks) => ({ name: 'x', content: { size: -1, chunks } })],
  ])('when %s does not fit', async (_what, request) => {
    const { port } = await serve();
    const client = await connected(port);
    const chunks = new Watched();
    await failsUnsent(client, 'ERR_USAGE', request(chunks));
    expect(chunks.state).toEqual(CLOSED_UNREAD);
  });

  test('when it is longer than what may be sent', async () => {
    const { port } = await serve();
    const client = await connected(port, { limits: { maxStreamBytes: 1000 } });
    const chunks = new Watched();
    await failsUnsent(client, 'ERR_MESSAGE_TOO_LARGE', { name: 'x', content: { size: 2000, chunks } });
    expect(chunks.state).toEqual(CLOSED_UNREAD);
  });

  test('when its signal fires while it is written', async () => {
    const { port } = await serve();
    const client = await connected(port);
    const controller = new AbortController();
    const firing: Codec<string, string> = {
      ...string,
      write: (output, value) => {
        controller.abort();
        string.write(output, value);
      },
    };
    const action = defineAction({ name: 'demo:upload', request: struct({ name: firing, content: stream() }), response: upload.response });
    const chunks = new Watched();
    const call = client.call(action, { name: 'x', content: { size: 1, chunks } }, { signal: controller.signal });
    await expect(call).rejects.toMatchObject({ code: 'ERR_CANCELLED', delivery: 'not-sent' });
    expect(chunks.state).toEqual(CLOSED_UNREAD);
  });

  describe.each<[string, string, CallOptions]>([
    ['its signal has fired', 'ERR_CANCELLED', { signal: AbortSignal.abort() }],
    ['there is no time for it', 'ERR_USAGE', { timeoutMs: 0 }],
  ])('when %s', (_what, code, options) => {
    test('before a node is connected', async () => {
      const client = createClient({ nodes: ['127.0.0.1:1'], reconnect: false });
      open.push(client);
      const chunks = new Watched();
      await failsUnsent(client, code, { name: 'x', content: { size: 1, chunks } }, options);
      expect(chunks.state).toEqual(CLOSED_UNREAD);
    });

    test('on a connected client', async () => {
      const { port } = await serve();
      const chunks = new Watched();
      await failsUnsent(await connected(port), code, { name: 'x', content: { size: 1, chunks } }, options);
      expect(chunks.state).toEqual(CLOSED_UNREAD);
    });
  });

  test('when no node can be reached, and when the client is closed', async () => {
    const client = createClient({ nodes: ['127.0.0.1:1'], reconnect: false });
    open.push(client);
    const [first, second] = [new Watched(), new Watched()];
    await failsUnsent(client, 'ERR_DIAL', { name: 'x', content: { size: 1, chunks: first } });
    await client.close();
    await failsUnsent(client, 'ERR_CLOSED', { name: 'x', content: { size: 1, chunks: second } });
    expect([first.state, second.state]).toEqual([CLOSED_UNREAD, CLOSED_UNREAD]);
  });

  test('whatever it is: a stream of Node.js, of the web, a generator, an array', async () => {
    const { port } = await serve();
    const client = await connected(port, { limits: { maxStreamBytes: 100 } });
    const readable = new Readable({ read: () => undefined });
    let reason: unknown;
    const web = new ReadableStream<Uint8Array>({ cancel: (why) => void (reason = why ?? 'cancelled') });
    const generator = (async function* () {
      yield Buffer.alloc(2000);
    })();
    for (const chunks of [readable, web, generator, [Buffer.alloc(2000)]] as StreamSource['chunks'][]) {
      await failsUnsent(client, 'ERR_MESSAGE_TOO_LARGE', { name: 'x', content: { size: 2000, chunks } });
    }
    await until('the streams to be closed', () => readable.destroyed && reason === 'cancelled');
    expect(await generator.next()).toEqual({ done: true, value: undefined });
  });

  test('and one whose closing fails does not hide why', async () => {
    const { port } = await serve();
    const client = await connected(port, { limits: { maxStreamBytes: 100 } });
    const broken = { return: () => Promise.reject(new Error('broken')), [Symbol.asyncIterator]: () => broken as never };
    const throwing = {
      return: () => {
        throw new Error('broken');
      },
      [Symbol.asyncIterator]: () => throwing as never,
    };
    for (const chunks of [broken, throwing]) {
      await failsUnsent(client, 'ERR_MESSAGE_TOO_LARGE', { name: 'x', content: { size: 2000, chunks } });
    }
  });
});

describe('the source of an answer that is not sent is closed', () => {
  async function answering(chunks: Watched, wait: Promise<unknown>, name: unknown): Promise<Server & { readonly port: number }> {
    const server = await serve();
    server.handle(download, async () => {
      await wait;
      return { name: name as string, content: { size: 1, chunks } };
    });
    return server;
  }

  test('when a field in front of it does not fit', async () => {
    const chunks = new Watched();
    const client = await connected((await answering(chunks, Promise.resolve(), 7)).port);
    await expect(client.call(download, {})).rejects.toMatchObject({ code: 'ERR_REMOTE' });
    expect(chunks.state).toEqual(CLOSED_UNREAD);
  });

  test('when its caller has gone', async () => {
    const chunks = new Watched();
    let answer = (): void => undefined;
    const wait = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const server = await answering(chunks, wait, 'x');
    const client = await connected(server.port);
    client.call(download, {}).catch(() => undefined);
    await until('the request', () => server.inFlight === 1);
    client.abort();
    await until('the end', () => server.connections === 0);
    answer();
    await until('the closing', () => chunks.closed === 1);
    expect(chunks.state).toEqual(CLOSED_UNREAD);
  });
});
