import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  type Client,
  type ClientEvent,
  type ClientOptions,
  type Codec,
  createClient,
  createServer,
  defineAction,
  type Server,
  type ServerEvent,
  StatusError,
  string,
  struct,
} from '../../src/index.ts';
import type { Carrier, Link } from '../../src/transport/carrier/link.ts';
import { memoryCarrier } from '../../src/transport/carrier/memory.ts';
import { rawServer, until } from '../support/raw-peer.ts';
import { scriptedNode } from '../support/scripted-node.ts';

const echo = defineAction({ name: 'demo:echo', request: struct({ text: string }), response: struct({ text: string }) });
const slow = defineAction({ name: 'demo:slow', request: struct({}), response: struct({}) });
const open: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** A codec that does something while it writes. */
function writing(during: () => void): Codec<string, string> {
  return {
    schema: string.schema,
    read: string.read,
    write: (output, value) => {
      during();
      string.write(output, value);
    },
  };
}

async function echoServer(port = 0): Promise<Server & { readonly port: number }> {
  const server = createServer();
  server.handle(echo, ({ text }) => ({ text }));
  server.handle(slow, () => new Promise<object>(() => undefined));
  const bound = await server.listen(port);
  open.push(() => server.close({ drainMs: 0 }));
  return Object.assign(server, { port: bound.port });
}

function clientOf(ports: readonly number[], options: Partial<ClientOptions> = {}): Client {
  const client = createClient({ nodes: ports.map((port) => `127.0.0.1:${port}`), timeoutMs: 5000, ...options });
  open.push(() => client.close({ drainMs: 0 }));
  return client;
}

describe('a codec that does more than write', () => {
  test('a signal that fires while its request is written cancels that call alone, and nothing is sent', async () => {
    const { port } = await echoServer();
    const client = clientOf([port]);
    await client.connect();
    const other = client.call(slow, {});
    void other.catch(() => undefined);
    const controller = new AbortController();
    const request = struct({ text: writing(() => controller.abort()) });
    const cancelled = client.call(defineAction({ ...echo, request }), { text: 'x' }, { signal: controller.signal });
    await expect(cancelled).rejects.toMatchObject({ code: 'ERR_CANCELLED', delivery: 'not-sent' });
    expect(await client.call(echo, { text: 'y' })).toEqual({ text: 'y' });
    expect([client.inFlight, client.strayAnswers]).toEqual([1, { late: 0, unknown: 0 }]);
  });

  test('a client that is aborted while a request is written fails that call, and nothing else', async () => {
    const { port } = await echoServer();
    const client = clientOf([port]);
    await client.connect();
    const call = client.call(defineAction({ ...echo, request: struct({ text: writing(() => client.abort()) }) }), { text: 'x' });
    await expect(call).rejects.toMatchObject({ code: 'ERR_CONNECTION_LOST', delivery: 'not-sent' });
    expect(client.inFlight).toBe(0);
  });

  test('a server that is aborted while an answer is written ends, and what it was charged is given back', async () => {
    const server = createServer();
    const leaving = defineAction({ ...echo, response: struct({ text: writing(() => server.abort()) }) });
    server.handle(leaving, async ({ text }) => ({ text }));
    const { port } = await server.listen(0);
    await expect(clientOf([port], { reconnect: false }).call(echo, { text: 'x' })).rejects.toMatchObject({ code: 'ERR_CONNECTION_LOST' });
    await server.close();
    expect([server.inFlight, server.connections]).toEqual([0, 0]);
  });

  test('a codec that calls while it writes is told so, and both messages are whole', async () => {
    const { port } = await echoServer();
    const client = clientOf([port]);
    await client.connect();
    let inner: Promise<unknown> = Promise.resolve();
    const request = struct({
      text: writing(() => {
        inner = client.call(echo, { text: 'inner' }).catch((error: unknown) => error);
      }),
    });
    expect(await client.call(defineAction({ ...echo, request }), { text: 'outer' })).toEqual({ text: 'outer' });
    expect(await inner).toMatchObject({ code: 'ERR_USAGE' });
    expect(await client.call(echo, { text: 'y' })).toEqual({ text: 'y' });
  });
});

describe('onEvent that calls at once', () => {
  test.each(['connecting', 'waiting', 'open'] as const)('when the state becomes %s', async (state) => {
    const first = await echoServer();
    const { port } = first;
    const answers: Promise<unknown>[] = [];
    const client: Client = clientOf([port], {
      reconnect: { baseMs: 10, maxMs: 20, attempts: 20, random: () => 1 },
      onEvent: (event) => {
        if (event.type === 'connection' && event.state === state && answers.length < 5) answers.push(client.call(echo, { text: 'now' }));
      },
    });
    await client.call(echo, { text: 'x' });
    first.abort();
    await until('the loss', () => client.nodes[0]?.state !== 'open');
    await echoServer(port);
    await until('the new connection', () => client.nodes[0]?.state === 'open');
    expect(await client.call(echo, { text: 'y' })).toEqual({ text: 'y' });
    expect(answers.length).toBeGreaterThan(0);
    for (const answer of answers) await answer.catch((error: unknown) => expect(error).not.toMatchObject({ code: 'ERR_CLOSED' }));
  });
});

test('a client that is closed when its state becomes connecting dials nothing', async () => {
  let accepted = 0;
  const node = await rawServer(() => void accepted++);
  open.push(() => node.close());
  const client: Client = clientOf([node.port], {
    onEvent: (event) => {
      if (event.type === 'connection' && event.state === 'connecting') client.abort();
    },
  });
  await expect(client.connect()).rejects.toMatchObject({ code: 'ERR_CLOSED' });
  await client.close();
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(accepted).toBe(0);
});

describe('connections of several channels', () => {
  test('one loss is one wait and one new connection', async () => {
    const first = await echoServer();
    const { port } = first;
    const states: string[] = [];
    const client = clientOf([port], {
      profile: { reg: 5 },
      reconnect: { baseMs: 30, attempts: 20, factor: 1, random: () => 1 },
      onEvent: (event: ClientEvent) => {
        if (event.type === 'connection') states.push(event.state);
      },
    });
    await client.connect();
    first.abort();
    await until('the loss', () => states.includes('waiting'));
    const calls = Promise.allSettled(Array.from({ length: 10 }, () => client.call(echo, { text: 'x' })));
    expect(states.filter((state) => state === 'waiting')).toHaveLength(1);
    const second = await echoServer(port);
    expect((await calls).map(({ status }) => status)).toEqual(new Array(10).fill('fulfilled'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(second.connections).toBe(5);
  });

  test('links that open after another one failed are not kept', async () => {
    const memory = memoryCarrier();
    const links: { link: Link; over: boolean }[] = [];
    let dials = 0;
    const carrier: Carrier = {
      ...memory,
      name: 'slow',
      listen: (options, accept) => memory.listen(options, accept),
      dial: async (endpoint, accept, options) => {
        if (dials++ === 0) throw new Error('refused');
        await new Promise((resolve) => setTimeout(resolve, 30));
        return memory.dial(
          endpoint,
          (link) => {
            const sink = accept(link);
            const entry = { link, over: false };
            links.push(entry);
            const { onClose } = sink;
            sink.onClose = (error) => {
              entry.over = true;
              onClose.call(sink, error);
            };
            return sink;
          },
          options,
        );
      },
    };
    const server = createServer({ carrier });
    open.push(() => server.close({ drainMs: 0 }));
    const { port } = await server.listen(0);
    const client = clientOf([port], { carrier, profile: { reg: 3 }, reconnect: false });
    await expect(client.connect()).rejects.toMatchObject({ code: 'ERR_DIAL' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(links.filter(({ over }) => !over)).toEqual([]);
    expect(server.connections).toBe(0);
  });

  test('a client of two nodes that is closed while it connects says so', async () => {
    const silent = await rawServer(() => undefined);
    open.push(silent.close);
    const client = clientOf([silent.port, silent.port]);
    const call = client.call(echo, { text: 'x' });
    void call.catch(() => undefined);
    await until('the connections', () => silent.peers.length === 2);
    await client.close();
    await expect(call).rejects.toMatchObject({ code: 'ERR_CLOSED', delivery: 'not-sent' });
  });
});

describe('what callers get wrong', () => {
  const controller = new AbortController();

  test.each([true, false])('a signal that is none, connected: %s', async (connected) => {
    const uncaught = vi.fn();
    process.on('uncaughtException', uncaught);
    open.push(() => process.off('uncaughtException', uncaught));
    const silent = await rawServer(() => undefined);
    open.push(silent.close);
    const { port } = connected ? await echoServer() : silent;
    const client = clientOf([port], { reconnect: false });
    if (connected) await client.connect();
    const call = client.call(echo, { text: 'x' }, { signal: controller as never, timeoutMs: 100 });
    await expect(call).rejects.toMatchObject({ code: 'ERR_USAGE', message: expect.stringContaining('AbortSignal') });
    expect(client.inFlight).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(uncaught).not.toHaveBeenCalled();
  });

  test.each([Number.NaN, 0, -5])('a time-out of %s, before and after connecting', async (timeoutMs) => {
    const { port } = await echoServer();
    const client = clientOf([port]);
    await expect(client.call(echo, { text: 'x' }, { timeoutMs })).rejects.toMatchObject({ code: 'ERR_USAGE' });
    await expect(client.connect({ timeoutMs })).rejects.toMatchObject({ code: 'ERR_USAGE' });
    await client.connect();
    await expect(client.call(echo, { text: 'x' }, { timeoutMs })).rejects.toMatchObject({ code: 'ERR_USAGE' });
  });

  test.each<[string, Partial<ClientOptions>]>([
    ['pingIntervalMs', { pingIntervalMs: Number.POSITIVE_INFINITY }],
    ['pingIntervalMs', { pingIntervalMs: -1 }],
    ['maxInFlight', { maxInFlight: Number.NaN }],
    ['maxInFlight', { maxInFlight: 0 }],
    ['maxBufferedBytes', { maxBufferedBytes: -1 }],
    ['maxFrameBytes', { limits: { maxFrameBytes: Number.NaN } }],
    ['maxHeaderBytes', { limits: { maxHeaderBytes: 0 } }],
    ['attempts', { reconnect: { attempts: Number.NaN } }],
    ['baseMs', { reconnect: { baseMs: -1 } }],
    ['baseMs', { reconnect: { baseMs: 0 } }],
    ['maxMs', { reconnect: { maxMs: 0 } }],
    ['maxMs', { reconnect: { maxMs: Number.POSITIVE_INFINITY } }],
    ['factor', { reconnect: { factor: 0 } }],
    ['timeOutMs', { timeOutMs: 5 } as never],
    ['maxFrameSize', { limits: { maxFrameSize: 5 } as never }],
  ])('an option of the client that cannot be meant: %s', (name, options) => {
    expect(() => createClient({ nodes: ['127.0.0.1:1'], ...options })).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG', message: expect.stringContaining(name) }),
    );
  });

  test.each<[string, object]>([
    ['maxInFlight', { maxInFlight: Number.NaN }],
    ['maxInFlightBytes', { maxInFlightBytes: -1 }],
    ['maxConnections', { maxConnections: Number.NaN }],
    ['maxStreamBytes', { limits: { maxStreamBytes: -1 } }],
    ['maxConnection', { maxConnection: 5 }],
  ])('an option of the server that cannot be meant: %s', (name, options) => {
    expect(() => createServer(options)).toThrow(expect.objectContaining({ code: 'ERR_CONFIG', message: expect.stringContaining(name) }));
  });
});

describe('handlers', () => {
  test('what one throws by mistake is told on its own side too; what is an answer is not', async () => {
    const events: ServerEvent[] = [];
    const server = createServer({ onEvent: (event) => events.push(event) });
    open.push(() => server.close({ drainMs: 0 }));
    const mistake = new TypeError('x is undefined');
    server.handle(echo, ({ text }) => {
      throw text === 'mistake' ? mistake : new StatusError(404, 'not_found_exception', 'no such note');
    });
    const { port } = await server.listen(0);
    const client = clientOf([port]);
    await expect(client.call(echo, { text: 'mistake' })).rejects.toMatchObject({ code: 'ERR_REMOTE' });
    await expect(client.call(echo, { text: 'answer' })).rejects.toMatchObject({ code: 'ERR_REMOTE' });
    expect(events.filter(({ type }) => type === 'handlerFailed')).toEqual([{ type: 'handlerFailed', action: echo.name, error: mistake }]);
  });

  test.each<[string, () => unknown]>([
    [
      'a promise whose own then throws',
      () => {
        const promise = Promise.resolve({ text: 'x' });
        // oxlint-disable-next-line unicorn/no-thenable -- it is what is tested
        promise.then = () => {
          throw new Error('then');
        };
        return promise;
      },
    ],
    [
      'a promise whose constructor cannot be read',
      () =>
        Object.defineProperty(Promise.resolve({ text: 'x' }), 'constructor', {
          get() {
            throw new Error('constructor');
          },
        }),
    ],
    [
      'a promise that rejects with a revoked Proxy',
      () => {
        const { proxy, revoke } = Proxy.revocable(new Error('x'), {});
        revoke();
        return Promise.reject(proxy);
      },
    ],
  ])('%s costs its own call at most', async (_what, answer) => {
    const server = createServer();
    open.push(() => server.close({ drainMs: 0 }));
    server.handle(
      echo,
      ({ text }) => (text === 'strange' ? answer() : new Promise((done) => setTimeout(() => done({ text }), 30))) as never,
    );
    const client = clientOf([(await server.listen(0)).port], { reconnect: false, timeoutMs: 1000 });
    const other = client.call(echo, { text: 'other' });
    await client.call(echo, { text: 'strange' }).catch((error: unknown) => expect(error).toMatchObject({ code: 'ERR_REMOTE' }));
    expect(await other).toEqual({ text: 'other' });
    await until('the end', () => server.inFlight === 0);
  });

  test('headers are shared by requests with the same ones, and so nobody changes them', async () => {
    const server = await echoServer();
    const seen: (string | undefined)[] = [];
    const tell = defineAction({ name: 'demo:tell', request: struct({}), response: struct({}) });
    server.handle(tell, (_request, { headers }) => {
      seen.push(headers['X-Opaque-Id']);
      Reflect.set(headers, 'X-Opaque-Id', 'changed');
      return {};
    });
    const client = clientOf([server.port]);
    for (let i = 0; i < 4; i++) await client.call(tell, {}, { headers: { 'X-Opaque-Id': 'mine' } });
    expect(seen).toEqual(['mine', 'mine', 'mine', 'mine']);
  });

  test('an option of a handler that cannot be meant', () => {
    expect(() => createServer().handle(echo, ({ text }) => ({ text }), { concurency: 1 } as never)).toThrow(/unknown option concurency/);
  });
});

describe('closing', () => {
  test('does not wait for a call that was given up meanwhile', async () => {
    const { port } = await echoServer();
    const client = clientOf([port]);
    const controller = new AbortController();
    await client.connect();
    const cancelled = client.call(slow, {}, { signal: controller.signal });
    void cancelled.catch(() => undefined);
    await until('the call', () => client.inFlight === 1);
    const began = performance.now();
    const closed = client.close({ drainMs: 3000 });
    controller.abort();
    await closed;
    expect(performance.now() - began).toBeLessThan(1000);
    await expect(cancelled).rejects.toMatchObject({ code: 'ERR_CANCELLED' });
  });

  test('waits for nothing when the time to drain is no number', async () => {
    const { port } = await echoServer();
    const client = clientOf([port]);
    // Connected first: a handshake counts as in flight, too.
    await client.connect();
    const call = client.call(slow, {});
    void call.catch(() => undefined);
    await until('the call', () => client.inFlight === 1);
    await client.close({ drainMs: Number.NaN });
    await expect(call).rejects.toMatchObject({ code: 'ERR_CONNECTION_LOST' });
  });

  test('a node that answers nothing and then garbage leaves no call behind', async () => {
    const node = await scriptedNode((peer) => peer.send(Buffer.from('garbage that is no frame')));
    open.push(node.close);
    const client = clientOf([node.port], { reconnect: false });
    await expect(client.call(echo, { text: 'x' })).rejects.toMatchObject({ code: 'ERR_CONNECTION_LOST' });
    expect(client.inFlight).toBe(0);
  });
});
