import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type CallEnded,
  type CallStarted,
  type Client,
  type ClientOptions,
  type Codec,
  createClient,
  createServer,
  defineAction,
  string,
  struct,
} from '../../../../src/index.ts';
import { memoryCarrier } from '../../../../src/transport/carrier/memory.ts';

const echo = defineAction({ name: 'demo:echo', request: struct({ text: string }), response: struct({ text: string }) });
const silent = defineAction({ name: 'demo:silent', request: struct({}), response: struct({}) });

/** A request that runs a function while it is encoded. */
const during: Codec<() => void> = {
  schema: { kind: 'custom', name: 'during' },
  read: () => () => undefined,
  write: (_output, run) => run(),
};
const encoding = defineAction({ name: 'demo:encoding', request: during, response: struct({}) });

type Told = ['start', CallStarted] | ['end', CallEnded];
let told: Told[] = [];
const onStart = (message: unknown): void => void told.push(['start', message as CallStarted]);
const onEnd = (message: unknown): void => void told.push(['end', message as CallEnded]);
const open: { close(options: { drainMs: number }): Promise<void> }[] = [];

beforeEach(() => {
  told = [];
  subscribe('opensearch-transport:call:start', onStart);
  subscribe('opensearch-transport:call:end', onEnd);
});
afterEach(async () => {
  unsubscribe('opensearch-transport:call:start', onStart);
  unsubscribe('opensearch-transport:call:end', onEnd);
  for (const one of open.splice(0).reverse()) await one.close({ drainMs: 0 });
});

async function connected(options: Partial<ClientOptions> = {}): Promise<Client> {
  const carrier = memoryCarrier();
  const server = createServer({ carrier });
  server.handle(echo, ({ text }) => ({ text }));
  server.handle(silent, () => new Promise<object>(() => undefined));
  const { port } = await server.listen(0);
  const client = createClient({ nodes: [`127.0.0.1:${port}`], carrier, reconnect: false, ...options });
  open.push(server, client);
  await client.connect();
  return client;
}

const aborting = (): [() => void, AbortSignal] => {
  const controller = new AbortController();
  return [() => controller.abort(), controller.signal];
};
const [abort, signal] = aborting();

const ends: readonly [string, string | null, (client: Client) => Promise<unknown>][] = [
  ['an answer', null, (client) => client.call(echo, { text: 'x' })],
  ['a request that does not encode', 'ERR_USAGE', (client) => client.call(echo, { text: 7 } as never)],
  ['an encoder that throws', 'ERR_USAGE', (client) => client.call(encoding, fails)],
  ['a signal that fires while the request is encoded', 'ERR_CANCELLED', (client) => client.call(encoding, abort, { signal })],
  ['a signal that has fired', 'ERR_CANCELLED', (client) => client.call(echo, { text: 'x' }, { signal: AbortSignal.abort() })],
  ['a timeout that is not positive', 'ERR_USAGE', (client) => client.call(echo, { text: 'x' }, { timeoutMs: 0 })],
  ['a deadline', 'ERR_DEADLINE', (client) => client.call(silent, {}, { timeoutMs: 5 })],
  ['an unknown action', 'ERR_UNKNOWN_ACTION', (client) => client.call(encoding, () => undefined)],
  ['the end of its channel', 'ERR_CONNECTION_LOST', (client) => lost(client)],
];

function fails(): never {
  throw new Error('no');
}

function lost(client: Client): Promise<unknown> {
  const answer = client.call(silent, {});
  client.abort();
  return answer;
}

test.each(ends)('a call that ends with %s starts once, then ends once', async (_name, code, run) => {
  const client = await connected();
  told = [];
  const error = await run(client).then(
    () => null,
    (reason: { code: string }) => reason,
  );
  expect(error?.code ?? null).toBe(code);
  expect(told.map(([kind]) => kind)).toEqual(['start', 'end']);
  const [[, start], [, end]] = told as [['start', CallStarted], ['end', CallEnded]];
  expect(end).toMatchObject({ callId: start.callId, action: start.action, remote: start.remote, error });
  expect(start.remote).toEqual(client.nodes[0]?.endpoint);
});

test('so does one that more calls are in flight for than are allowed', async () => {
  const client = await connected({ maxInFlight: 1 });
  client.call(silent, {}).catch(() => undefined);
  told = [];
  await expect(client.call(echo, { text: 'x' })).rejects.toMatchObject({ code: 'ERR_OVERLOADED' });
  expect(told).toMatchObject([
    ['start', {}],
    ['end', { requestId: null, error: { code: 'ERR_OVERLOADED' } }],
  ]);
});

test('so does one that no node can be reached for', async () => {
  const client = createClient({ nodes: ['127.0.0.1:1'], carrier: memoryCarrier(), reconnect: false });
  open.push(client);
  const error = await client.call(echo, { text: 'x' }).catch((reason: unknown) => reason);
  await client.call(echo, { text: 'x' }, { timeoutMs: -1 }).catch(() => undefined);
  const [first, second] = [told.slice(0, 2), told.slice(2)];
  expect(first).toMatchObject([
    ['start', { action: 'demo:echo', remote: null }],
    ['end', { requestId: null, remote: null, error }],
  ]);
  expect(second).toMatchObject([
    ['start', {}],
    ['end', { error: { code: 'ERR_USAGE' } }],
  ]);
  expect(new Set(told.map(([, { callId }]) => callId)).size).toBe(2);
});
