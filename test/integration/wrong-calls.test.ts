import { afterEach, expect, test } from 'vitest';
import {
  type CallOptions,
  type Client,
  type ClientOptions,
  createClient,
  createServer,
  defineAction,
  string,
  struct,
} from '../../src/index.ts';

const echo = defineAction({ name: 'demo:echo', request: struct({ text: string }), response: struct({ text: string }) });
const open: { close(options?: { drainMs?: number }): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close({ drainMs: 0 });
});

async function clients(): Promise<Client[]> {
  const server = createServer();
  server.handle(echo, ({ text }) => ({ text }));
  const { port } = await server.listen(0);
  open.push(server);
  const of = (nodes: string[], options: Partial<ClientOptions> = {}): Client => {
    const client = createClient({ nodes, reconnect: false, ...options });
    open.push(client);
    return client;
  };
  const [here, there] = [`127.0.0.1:${port}`, '127.0.0.1:1'];
  const all = [
    of([here]),
    of([here, here]),
    of([here], { interceptors: [(next) => (call) => next({ ...call, request: { text: call.action.name } })], metrics: true }),
  ];
  for (const client of all) await client.connect();
  return [...all, of([there]), of([there], { metrics: true })];
}

test.each<[string, unknown, string]>([
  ['undefined', undefined, 'expected an action, got undefined'],
  ['null', null, 'expected an action, got null'],
  ['a name', 'cluster:monitor/health', "expected an action, got the string 'cluster:monitor/health'"],
  ['an empty object', {}, 'expected an action, got an object'],
  ['an action of an unknown purpose', { ...echo, purpose: 'nope' }, 'expected an action, got an object'],
  [
    'a definition that was not defined',
    { name: 'demo:echo', request: echo.request, response: echo.response },
    'expected an action, got an object',
  ],
])('a call of %s instead of an action is rejected and says what to do, connected or not', async (_what, action, text) => {
  for (const client of await clients()) {
    const promise = client.call(action as never, {} as never);
    await expect(promise).rejects.toMatchObject({
      name: 'UsageError',
      code: 'ERR_USAGE',
      delivery: 'not-sent',
      message: expect.stringMatching(/^.*: take one from opensearch-transport\/actions, or make one with defineAction$/),
    });
    await expect(promise).rejects.toThrow(text);
  }
});

test.each<[string, unknown]>([
  ['null', null],
  ['a number', 5],
  ['a text', 'now'],
])('options that are %s are refused or ignored, never thrown at the caller', async (_what, options) => {
  for (const client of (await clients()).slice(0, 3)) {
    const settled = await client.call(echo, { text: 'demo:echo' }, options as CallOptions).then(
      (answer) => answer,
      (error: unknown) => error,
    );
    expect(settled).toMatchObject(options === null ? { code: 'ERR_USAGE' } : { text: 'demo:echo' });
  }
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['a text', 'body'],
  ['the memory below the bytes', new ArrayBuffer(8)],
])('a handler that wants %s released is told so, and the connection goes on', async (_what, given) => {
  const server = createServer();
  let refusal: unknown;
  server.handle(echo, (request, context) => {
    try {
      context.releaseWhenAnswered(given as never);
    } catch (error) {
      refusal = error;
    }
    return request;
  });
  const { port } = await server.listen(0);
  const client = createClient({ nodes: [`127.0.0.1:${port}`], reconnect: false });
  open.push(server, client);
  expect(await client.call(echo, { text: 'x' })).toEqual({ text: 'x' });
  expect(refusal).toMatchObject({ code: 'ERR_USAGE' });
});
