import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type CallOptions,
  type Client,
  type ClientCallContext,
  type ClientOptions,
  createClient,
  createServer,
  defineAction,
  type Interceptor,
  string,
  struct,
  type TransportError,
} from '../../src/index.ts';
import { until } from '../support/raw-peer.ts';

const echo = defineAction({ name: 'demo:echo', request: struct({ text: string }), response: struct({ text: string }) });
const never = defineAction({ name: 'demo:never', request: struct({}), response: struct({}) });
const open: { close(options?: { drainMs?: number }): Promise<void> }[] = [];
const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown): void => void unhandled.push(reason);

beforeEach(() => {
  process.on('unhandledRejection', onUnhandled);
});
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close({ drainMs: 0 });
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', onUnhandled);
  expect(unhandled.splice(0)).toEqual([]);
});

type Kind = Interceptor<ClientCallContext>;

/** Never calls the service behind it. */
const silent: Kind = () => () => new Promise(() => undefined);
/** Calls the service, and never returns what it answered. */
const keeping: Kind = (next) => (call) => {
  void next(call);
  return new Promise(() => undefined);
};
/** A thenable that never calls back. */
// oxlint-disable-next-line unicorn/no-thenable -- that is what it is
const mute: Kind = () => () => ({ then: () => undefined });

async function clientOf(interceptors: readonly Kind[], options: Partial<ClientOptions> = {}): Promise<Client> {
  const server = createServer();
  open.push(server);
  server.handle(echo, ({ text }) => ({ text }));
  server.handle(never, () => new Promise<object>(() => undefined));
  const { port } = await server.listen(0);
  const client = createClient({ nodes: [`127.0.0.1:${port}`], interceptors, reconnect: false, ...options });
  open.push(client);
  await client.connect();
  return client;
}

function failure(promise: Promise<unknown>): Promise<TransportError> {
  return promise.then(
    () => {
      throw new Error('it was answered');
    },
    (error: TransportError) => error,
  );
}

const kinds: [string, Kind, TransportError['delivery']][] = [
  ['never calls the service', silent, 'not-sent'],
  ['never returns its answer', keeping, 'maybe-sent'],
  ['returns a thenable that never calls back', mute, 'not-sent'],
];

describe.each(kinds)('an interceptor that %s', (_what, interceptor, delivery) => {
  test('cannot keep a call beyond its deadline', async () => {
    const client = await clientOf([interceptor]);
    const began = performance.now();
    const error = await failure(client.call(never, {}, { timeoutMs: 100 }));
    expect(error).toMatchObject({ name: 'DeadlineError', code: 'ERR_DEADLINE', phase: 'interceptor', delivery });
    expect(performance.now() - began).toBeGreaterThanOrEqual(100);
    // The request that the interceptor keeps has a deadline of its own, in the same tick of the clock or the next.
    await expect.poll(() => client.inFlight).toBe(0);
  });

  test('cannot keep a call from being cancelled', async () => {
    const client = await clientOf([interceptor]);
    const controller = new AbortController();
    const call = failure(client.call(never, {}, { signal: controller.signal }));
    controller.abort('enough');
    expect(await call).toMatchObject({ code: 'ERR_CANCELLED', cause: 'enough', delivery });
    expect(client.inFlight).toBe(0);
  });

  test.each<[string, (client: Client) => unknown]>([
    ['closed', (client) => client.close({ drainMs: 30 })],
    ['closed at once', (client) => client.close({ drainMs: 0 })],
    ['aborted', (client) => client.abort()],
    ['aborted while it closes', (client) => (void client.close(), client.abort())],
  ])('cannot keep a call when the client is %s', async (_how, end) => {
    const client = await clientOf([interceptor]);
    const call = failure(client.call(never, {}));
    const ended = end(client);
    expect(await call).toMatchObject({ code: 'ERR_CLOSED', delivery });
    await ended;
    await client.close();
  });
});

describe('the time of a call', () => {
  test('is shared by its interceptors and the request', async () => {
    const late: Kind = (next) => async (call) => {
      await new Promise((resolve) => setTimeout(resolve, 150));
      return next(call);
    };
    const client = await clientOf([late]);
    const began = performance.now();
    expect(await failure(client.call(never, {}, { timeoutMs: 300 }))).toMatchObject({ code: 'ERR_DEADLINE', delivery: 'maybe-sent' });
    expect(performance.now() - began).toBeLessThan(430);
  });

  test('is known to the request even when an interceptor copies and changes the context', async () => {
    const longer: Kind = (next) => (call) => next({ ...call, context: { ...call.context, timeoutMs: 60_000 } });
    const client = await clientOf([longer]);
    expect(await failure(client.call(never, {}, { timeoutMs: 100 }))).toMatchObject({ code: 'ERR_DEADLINE', phase: 'answer' });
    await until('nothing in flight', () => client.inFlight === 0);
  });

  test('a context of an interceptor of its own says nothing of the call, so the request may have been sent', async () => {
    const own: Kind = (next) => (call) => {
      const { headers, parentTask, compress, onResponseHeaders } = call.context;
      void next({ ...call, context: { headers, parentTask, compress, onResponseHeaders, timeoutMs: 1000, signal: null } });
      return new Promise(() => undefined);
    };
    const client = await clientOf([own]);
    expect(await failure(client.call(never, {}, { timeoutMs: 50 }))).toMatchObject({ phase: 'interceptor', delivery: 'maybe-sent' });
  });

  test('interceptors may turn a missed deadline, a signal and a lost connection into an answer', async () => {
    const fallback: Kind = (next) => async (call) => {
      try {
        return await next(call);
      } catch (error) {
        return { text: (error as TransportError).code };
      }
    };
    const client = await clientOf([fallback, fallback]);
    const asked = (options: CallOptions): Promise<unknown> => client.call(never, {}, options);
    expect(await asked({ timeoutMs: 50 })).toEqual({ text: 'ERR_DEADLINE' });
    const controller = new AbortController();
    const cancelled = asked({ signal: controller.signal });
    controller.abort();
    expect(await cancelled).toEqual({ text: 'ERR_CANCELLED' });
    const lost = asked({});
    client.abort();
    expect(await lost).toEqual({ text: 'ERR_CONNECTION_LOST' });
  });

  test('close() waits for interceptors that are still busy with an answer', async () => {
    let isLogged = false;
    const logging: Kind = (next) => async (call) => {
      const answer = await next(call);
      await new Promise((resolve) => setTimeout(resolve, 50));
      isLogged = true;
      return answer;
    };
    const client = await clientOf([logging]);
    const call = client.call(echo, { text: 'x' });
    await until('the answer', () => client.inFlight === 0);
    await client.close();
    expect(isLogged).toBe(true);
    expect(await call).toEqual({ text: 'x' });
  });
});

describe('what interceptors throw', () => {
  const own = new RangeError('mine');
  const { proxy, revoke } = Proxy.revocable(new Error('gone'), {});
  revoke();

  test('an error reaches the caller as it is', async () => {
    for (const thrower of [() => () => Promise.reject(own), () => (): never => fail(own)] as Kind[]) {
      const client = await clientOf([thrower]);
      await expect(client.call(echo, { text: 'x' })).rejects.toBe(own);
    }
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['undefined', undefined],
    ['a symbol', Symbol('s')],
    ['a revoked proxy', proxy],
    ['a proxy of an error', new Proxy(own, { get: () => fail(own) })],
    ['an object without a prototype', Object.create(null)],
  ])('%s becomes the cause of an error with a code', async (_what, thrown) => {
    for (const thrower of [() => () => Promise.reject(thrown), () => () => fail(thrown)] as Kind[]) {
      const client = await clientOf([thrower]);
      const error = await failure(client.call(echo, { text: 'x' }));
      expect(error.code).toBe('ERR_USAGE');
      expect(error.message).toMatch(/^an interceptor of demo:echo failed: /);
      expect(Object.is(error.cause, thrown)).toBe(true);
      expect(error.delivery).toBe('not-sent');
    }
  });

  test('what comes after the call is over is dropped: answers, and errors', async () => {
    let settle: ((isGood: boolean) => void)[] = [];
    const late: Kind = () => () =>
      new Promise((resolve, reject) => settle.push((isGood) => (isGood ? resolve({ text: 'late' }) : reject(new Error('late')))));
    const client = await clientOf([late]);
    for (const isGood of [true, false]) {
      settle = [];
      expect(await failure(client.call(echo, { text: 'x' }, { timeoutMs: 20 }))).toMatchObject({ phase: 'interceptor' });
      settle[0]?.(isGood);
      await new Promise((resolve) => setImmediate(resolve));
    }
  });

  test('a closed client takes no calls, whatever its interceptors would answer', async () => {
    const client = await clientOf([() => () => ({ text: 'from memory' })]);
    expect(await client.call(echo, { text: 'x' })).toEqual({ text: 'from memory' });
    await client.close();
    expect(await failure(client.call(echo, { text: 'x' }))).toMatchObject({ code: 'ERR_CLOSED', delivery: 'not-sent' });
  });

  function fail(error: unknown): never {
    throw error;
  }
});
