import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { inspect, types } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type CallOptions,
  type Client,
  type ClientOptions,
  type Codec,
  createClient,
  createServer,
  defineAction,
  type Interceptor,
  type ServerOptions,
  stream,
  string,
  struct,
  TransportError,
} from '../../src/index.ts';
import { memoryCarrier } from '../../src/transport/carrier/memory.ts';
import { tcp } from '../../src/transport/carrier/tcp.ts';
import { type HostileCode, hostileCode, hostileSignals, hostileThrowables, thenable } from '../support/hostile-code.ts';
import { until } from '../support/raw-peer.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';

const text = struct({ text: string });
const echo = defineAction({ name: 'demo:echo', request: text, response: text });
const open: { close(options?: { drainMs?: number }): Promise<void> }[] = [];
const noticed: unknown[] = [];
const notice = (error: unknown): void => void noticed.push(error);

beforeEach(() => {
  process.on('unhandledRejection', notice);
  process.on('uncaughtException', notice);
});
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close({ drainMs: 0 });
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off('unhandledRejection', notice);
  process.off('uncaughtException', notice);
  vi.restoreAllMocks();
  expect(noticed.splice(0)).toEqual([]);
});

/** A codec of which one half is hostile. */
function codecWith(part: 'read' | 'write', act: () => unknown): Codec<{ text: string }, { text: string }> {
  return {
    schema: text.schema,
    read: (input) => {
      const value = text.read(input);
      return part === 'read' ? (act() as { text: string }) : value;
    },
    write: (output, value) => {
      text.write(output, value);
      if (part === 'write') act();
    },
  };
}

const onlyOn =
  (name: string, act: () => unknown): Interceptor =>
  (next) =>
  (call) =>
    call.action.name === name ? act() : next(call);

async function pair(server: ServerOptions, client: Partial<ClientOptions>, carrier = tcp()) {
  const here = createServer({ carrier, ...server });
  here.handle(echo, (request) => request);
  const { port } = await here.listen(0);
  const there = createClient({ nodes: [`127.0.0.1:${port}`], carrier, reconnect: false, ...client });
  open.push(here, there);
  await there.connect();
  return { server: here, client: there };
}

/** Calls that are to be answered, one after the other, until it is stopped. */
function neighbour(client: Client): () => Promise<number> {
  let isOn = true;
  let count = 0;
  const run = async (): Promise<void> => {
    while (isOn) {
      const sent = { text: `call ${count++}` };
      expect(await client.call(echo, sent)).toEqual(sent);
    }
  };
  const runs = Promise.all([run(), run(), run()]);
  void runs.catch(() => undefined);
  return async () => {
    isOn = false;
    await runs;
    return count;
  };
}

const carriers = [
  ['tcp', tcp],
  ['memory', () => memoryCarrier()],
] as const;

describe.each(carriers)('random hostile code at every hook, over %s', (_name, carrierOf) => {
  test.each([1, 2, 3])(
    'fails its own call, and honest calls on the same channel do not notice (seed %i)',
    async (seed) => {
      const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
      const random = seededRandom(seed);
      let depth = 0;
      const own: { client?: Client } = {};
      let throws = 0;
      const hostile: HostileCode = hostileCode(random, () => {
        // A call from within, and no further.
        if (depth > 0) return;
        depth++;
        void own.client?.call(echo, { text: 'from within' }, { timeoutMs: 50 }).catch(() => undefined);
        depth--;
      });
      const { act, fail } = hostile;
      const actions = {
        decode: defineAction({ name: 'demo:decode', request: text, response: codecWith('read', act) }),
        encode: defineAction({ name: 'demo:encode', request: codecWith('write', fail), response: text }),
        served: defineAction({ name: 'demo:served', request: text, response: text }),
        readByServer: defineAction({ name: 'demo:readByServer', request: text, response: text }),
        writtenByServer: defineAction({ name: 'demo:writtenByServer', request: text, response: text }),
        intercepted: defineAction({ name: 'demo:intercepted', request: text, response: text }),
        interceptedByServer: defineAction({ name: 'demo:interceptedByServer', request: text, response: text }),
      };
      const both = await pair(
        { interceptors: [onlyOn('demo:interceptedByServer', act)], metrics: true, onEvent: () => undefined },
        { interceptors: [onlyOn('demo:intercepted', act)], metrics: true },
        carrierOf(),
      );
      const { server, client } = both;
      own.client = client;
      server.handle({ ...actions.readByServer, request: codecWith('read', fail) }, (request) => request);
      server.handle({ ...actions.writtenByServer, response: codecWith('write', fail) }, (request) => request);
      server.handle(actions.served, act as never);
      for (const name of ['decode', 'encode', 'intercepted', 'interceptedByServer'] as const)
        server.handle(actions[name], (request) => request);
      const stop = neighbour(client);
      const kinds = Object.values(actions);
      const signals = hostileSignals(fail);
      const oneOf = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
      const hostileCall = async (): Promise<void> => {
        const options: CallOptions = {
          timeoutMs: 100,
          ...(random() < 0.2 && { signal: oneOf(signals) }),
          ...(random() < 0.2 && { onResponseHeaders: () => (throws++, fail()) }),
        };
        const request = random() < 0.1 ? Object.defineProperty({}, 'text', { get: fail }) : { text: 'x' };
        const ended = await client.call(oneOf(kinds), request as { text: string }, options).then(
          () => null,
          (error: unknown) => ({ error }),
        );
        // Hostile code may also give an answer. Interceptors may throw an error of their own.
        if (ended === null) return;
        expect(types.isProxy(ended.error)).toBe(false);
        expect(ended.error instanceof Error).toBe(true);
        if (ended.error instanceof TransportError) expect(inspect(ended.error)).toContain(ended.error.code);
      };
      for (let round = 0; round < 12; round++) await Promise.all(Array.from({ length: 20 }, hostileCall));
      const answered = await stop();
      expect(answered).toBeGreaterThan(20);
      hostile.settleAll();
      await until('nothing in flight', () => server.inFlight === 0 && client.inFlight === 0);
      expect(server.connections).toBe(1);
      expect(warnings).toHaveBeenCalledTimes(throws);
      await Promise.all([client.close(), server.close()]);
    },
    30_000,
  );
});

describe('errors of hostile code', () => {
  // By index: the name of a test would have to show the value.
  const values = hostileThrowables().map((_value, at) => at);

  test.each(values)('value %i that a codec throws can be made an error, a text, JSON, and be inspected', (at) => {
    const value = hostileThrowables()[at];
    const error = TransportError.from(value, 'ERR_USAGE');
    expect(error).toBeInstanceOf(TransportError);
    for (const show of [String(error), JSON.stringify(error), error.message]) expect(typeof show).toBe('string');
    expect(inspect(error)).toContain('ERR_USAGE');
  });

  test.each(values)('value %i fails the call alone when a codec, a handler or a listener throws it', async (at) => {
    const value = hostileThrowables()[at];
    const fail = (): never => {
      throw value;
    };
    const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const { server, client } = await pair({ metrics: true }, { metrics: true });
    server.handle({ ...echo, name: 'demo:read', request: codecWith('read', fail) }, (request) => request);
    server.handle({ ...echo, name: 'demo:write', response: codecWith('write', fail) }, (request) => request);
    server.handle({ ...echo, name: 'demo:throw' }, fail);
    server.handle({ ...echo, name: 'demo:reject' }, () => Promise.reject(value));
    server.handle({ ...echo, name: 'demo:fine' }, (request) => request);
    server.on('handlerFailed', fail);
    const failing = [
      ...['read', 'write', 'throw', 'reject'].map((name) => ({ ...echo, name: `demo:${name}` })),
      { ...echo, name: 'demo:fine', request: codecWith('write', fail) },
      { ...echo, name: 'demo:fine', response: codecWith('read', fail) },
      Object.defineProperty({ ...echo }, 'response', { get: fail }),
      Object.defineProperty({ ...echo }, 'request', { get: fail }),
    ];
    for (const action of failing) {
      const error = await client.call(action, { text: 'x' }, { timeoutMs: 2000 }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(TransportError);
      expect((error as TransportError).code).not.toBe('ERR_DEADLINE');
    }
    expect(await client.call(echo, { text: 'y' })).toEqual({ text: 'y' });
    expect([client.inFlight, server.inFlight, server.connections]).toEqual([0, 0, 1]);
    expect(warnings.mock.calls.length).toBeGreaterThan(0);
  });
});

describe('code that ends its own client', () => {
  test.each([
    ['abort', (client: Client) => client.abort()],
    ['close', (client: Client) => void client.close({ drainMs: 0 })],
  ])('%s within a codec, an interceptor, a listener or a signal settles every call', async (_how, end) => {
    const ending: ((client: () => Client) => [Partial<ClientOptions>, CallOptions, typeof echo])[] = [
      (client) => [{}, {}, { ...echo, request: codecWith('write', () => end(client())) }],
      (client) => [{}, {}, { ...echo, response: codecWith('read', () => end(client())) }],
      (client) => [{ interceptors: [(next) => (call) => (end(client()), next(call))] }, {}, echo],
      (client) => [{}, { onResponseHeaders: () => end(client()) }, echo],
    ];
    for (const make of ending) {
      const victim: { client?: Client } = {};
      const [clientOptions, callOptions, action] = make(() => victim.client as Client);
      const { server, client } = await pair({}, clientOptions);
      victim.client = client;
      const others = [1, 2, 3].map((n) => client.call(echo, { text: `${n}` }));
      const all = await Promise.allSettled([client.call(action, { text: 'x' }, callOptions), ...others]);
      expect(all).toHaveLength(4);
      await client.close();
      expect(client.inFlight).toBe(0);
      await until('nothing in flight', () => server.inFlight === 0 && server.connections === 0);
    }
  });

  test('`random` of the reconnection may close the client', async () => {
    const victim: { client?: Client } = {};
    const { server, client } = await pair({}, { reconnect: { baseMs: 1, random: () => (victim.client?.abort(), 0) } });
    victim.client = client;
    const states: string[] = [];
    client.on('connection', ({ state }) => states.push(state));
    server.abort();
    await until('the end', () => states.includes('closed'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(states).toEqual(['closed']);
  });
});

describe('sources of streams', () => {
  const upload = defineAction({ name: 'demo:upload', request: struct({ content: stream() }), response: text });
  const download = defineAction({ name: 'demo:download', request: text, response: struct({ content: stream() }) });

  test('a source that never gives a chunk is closed at the deadline of its call, and what it gives then is dropped', async () => {
    const { client } = await pair({}, {});
    let give!: (result: IteratorResult<Uint8Array>) => void;
    let closed = 0;
    const chunks: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise((resolve) => (give = resolve)),
        return: async () => {
          closed++;
          throw new Error('cannot be closed');
        },
      }),
    };
    const call = client.call(upload, { content: { size: 10, chunks } }, { timeoutMs: 100 });
    await expect(call).rejects.toMatchObject({ code: 'ERR_DEADLINE' });
    await until('the source to be closed', () => closed > 0);
    give({ done: false, value: Buffer.alloc(10) });
  });

  test('the source of an answer is closed when its connection ends', async () => {
    const { server, client } = await pair({}, {});
    let closed = 0;
    server.handle(download, () => ({
      content: {
        size: 10,
        chunks: {
          [Symbol.asyncIterator]: () => ({
            next: () => new Promise<never>(() => undefined),
            return: async () => ({ done: true as const, value: void closed++ }),
          }),
        },
      },
    }));
    const { content } = await client.call(download, { text: 'x' });
    expect(content.size).toBe(10);
    client.abort();
    await until('the source to be closed', () => closed > 0);
    await until('nothing in flight', () => server.inFlight === 0 && server.connections === 0);
  });

  test('a chunk whose length is a lie counts as long as it is', async () => {
    class Lying extends Uint8Array {
      override get length(): number {
        return 3;
      }
    }
    const { server, client } = await pair({}, {});
    const heard: number[] = [];
    server.handle(upload, async ({ content }) => {
      for await (const chunk of content) heard.push(...chunk);
      return { text: 'whole' };
    });
    const chunks = [new Lying([1, 2, 3, 4, 5])];
    expect(await client.call(upload, { content: { size: 5, chunks } })).toEqual({ text: 'whole' });
    expect(heard).toEqual([1, 2, 3, 4, 5]);
    expect(await client.call(echo, { text: 'y' })).toEqual({ text: 'y' });
  });

  test('a size that is a getter is read once', async () => {
    const { server, client } = await pair({}, {});
    server.handle(upload, async ({ content }) => {
      let size = 0;
      for await (const chunk of content) size += chunk.length;
      return { text: String(size) };
    });
    let asked = 0;
    const content = {
      chunks: [Buffer.alloc(5)],
      get size() {
        return asked++ === 0 ? 5 : 50;
      },
    };
    expect(await client.call(upload, { content })).toEqual({ text: '5' });
    expect(asked).toBe(1);
  });
});

test('an answer that is a promise of its codec fails its call, which would have no deadline any more', async () => {
  const { client } = await pair({}, {});
  const action = { ...echo, response: codecWith('read', () => thenable(() => undefined)) };
  await expect(client.call(action, { text: 'x' })).rejects.toMatchObject({
    code: 'ERR_DECODE',
    message: expect.stringContaining('promise'),
  });
});

/* oxlint-disable unicorn/no-thenable -- what users are told not to do */
describe('values that a promise would wait for without a deadline', () => {
  /** A `then` that is not there at the first looks, and then never calls back. */
  const later = (looks: number) => {
    let count = 0;
    return () => (count++ < looks ? undefined : () => undefined);
  };
  const values: [what: string, make: () => unknown][] = [
    ['a function with a method `then`', () => Object.defineProperty(() => undefined, 'then', { value: () => undefined })],
    ...[1, 2, 3].flatMap((looks): [string, () => unknown][] => [
      [`a getter whose look ${looks + 1} finds one`, () => Object.defineProperty({}, 'then', { get: later(looks) })],
      [
        `a proxy whose look ${looks + 1} finds one`,
        () => {
          const then = later(looks);
          return new Proxy({}, { get: (_target, key) => (key === 'then' ? then() : undefined) });
        },
      ],
    ]),
  ];
  const settled = async (call: Promise<unknown>) =>
    await Promise.race([call.then(null, (error: unknown) => error), new Promise((resolve) => setTimeout(resolve, 2000, 'waits'))]);

  test.each(values)('an answer of a codec: %s', async (_what, make) => {
    const { client } = await pair({}, {});
    const action = { ...echo, response: codecWith('read', make) };
    expect(await settled(client.call(action, { text: 'x' }, { timeoutMs: 200 }))).toMatchObject({ code: 'ERR_DECODE' });
    expect(await client.call(echo, { text: 'y' })).toEqual({ text: 'y' });
  });

  test.each(values)('an answer of an interceptor, at once or promised: %s', async (_what, make) => {
    for (const answer of [make, () => Promise.resolve().then(make)]) {
      const { client } = await pair({}, { interceptors: [onlyOn('demo:echo', answer)] });
      const error = await settled(client.call(echo, { text: 'x' }, { timeoutMs: 200 }));
      expect((error as TransportError).code).toMatch(/^ERR_(?:USAGE|DEADLINE)$/);
      expect((error as TransportError).delivery).toBe('not-sent');
    }
  });

  test('an answer with a stream whose `then` comes after it was read', async () => {
    const shape = struct({ content: stream() });
    const download = defineAction({ name: 'demo:download', request: text, response: shape });
    const { server, client } = await pair({}, {});
    server.handle(download, () => ({ content: { size: 4, chunks: [Buffer.alloc(4)] } }));
    const read: typeof shape.read = (input) => Object.defineProperty(shape.read(input), 'then', { get: later(1) });
    const call = client.call({ ...download, response: { ...shape, read } }, { text: 'x' }, { timeoutMs: 200 });
    expect(await settled(call)).toMatchObject({ code: 'ERR_DECODE' });
    expect(await client.call(echo, { text: 'y' })).toEqual({ text: 'y' });
    expect(client.inFlight).toBe(0);
  });
});
/* oxlint-enable unicorn/no-thenable */

test('a subscriber of a diagnostics channel that calls, closes and throws harms nobody; Node.js reports what it threw', async () => {
  const { server, client } = await pair({ metrics: true }, { metrics: true });
  const seen: unknown[] = [];
  let isInside = false;
  const subscriber = (): void => {
    if (!isInside) {
      isInside = true;
      void client.call(echo, { text: 'inside' });
      isInside = false;
    }
    throw new Error('subscriber');
  };
  const names = ['call:start', 'call:end', 'request:end'].map((name) => `opensearch-transport:${name}`);
  process.off('uncaughtException', notice);
  const caught = (error: unknown): void => void seen.push(error);
  process.on('uncaughtException', caught);
  const others = process.listeners('uncaughtException').filter((one) => one !== caught);
  for (const one of others) process.off('uncaughtException', one);
  try {
    for (const name of names) subscribe(name, subscriber);
    expect(await client.call(echo, { text: 'x' })).toEqual({ text: 'x' });
  } finally {
    for (const name of names) unsubscribe(name, subscriber);
    await until('the end of the calls', () => client.inFlight === 0 && server.inFlight === 0);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('uncaughtException', caught);
    for (const one of others) process.on('uncaughtException', one);
    process.on('uncaughtException', notice);
  }
  expect(seen.length).toBeGreaterThan(0);
  expect(server.connections).toBe(1);
});
