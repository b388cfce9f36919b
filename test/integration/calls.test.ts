import { afterEach, describe, expect, test } from 'vitest';
import {
  bytes,
  createClient,
  createServer,
  defineAction,
  RemoteError,
  StatusError,
  string,
  struct,
  type TransportError,
  vLong,
} from '../../src/index.ts';
import type { Carrier } from '../../src/transport/carrier/link.ts';
import { memoryCarrier } from '../../src/transport/carrier/memory.ts';
import { tcp } from '../../src/transport/carrier/tcp.ts';

const echo = defineAction({
  name: 'demo:echo',
  request: struct({ text: string }),
  response: struct({ text: string, at: vLong }),
  idempotent: true,
});
const blob = defineAction({ name: 'demo:blob', request: struct({ body: bytes }), response: struct({ body: bytes }) });
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function pair(carrier: Carrier, options: { compress?: boolean } = {}) {
  const server = createServer({ carrier, nodeName: 'n1' });
  open.push(server);
  server.handle(echo, ({ text }) => ({ text, at: 7 }));
  server.handle(blob, async ({ body }) => ({ body }));
  const { port } = await server.listen(0);
  const client = createClient({ nodes: [`127.0.0.1:${port}`], carrier, ...options });
  open.push(client);
  return { server, client, port };
}

describe.each([
  ['memory', () => memoryCarrier()],
  ['tcp', () => tcp()],
  ['tcp, data path', () => tcp({ reads: 'data' })],
] as const)('calls over %s', (_name, carrier) => {
  test('a call is answered', async () => {
    const { client } = await pair(carrier());
    expect(await client.call(echo, { text: 'hé😀' })).toEqual({ text: 'hé😀', at: 7 });
    expect(client.nodes[0]).toMatchObject({
      state: 'open',
      name: 'n1',
      clusterName: 'opensearch',
      version: '2.19.0',
      streamVersion: '2.19.0',
    });
  });

  test('a thousand calls in flight come back each to its caller', async () => {
    const { client } = await pair(carrier());
    const texts = Array.from({ length: 1000 }, (_, i) => `text ${i}`);
    const answers = await Promise.all(texts.map((text) => client.call(echo, { text })));
    expect(answers.map(({ text }) => text)).toEqual(texts);
    expect(client.inFlight).toBe(0);
  });

  test.each([0, 1, 16_383, 16_384, 65_536, 1_048_576, 5_000_000])('%i bytes go both ways', async (size) => {
    const { client } = await pair(carrier());
    const body = Buffer.alloc(size, 'opensearch');
    const answers = await Promise.all([1, 2, 3].map(() => client.call(blob, { body })));
    for (const answer of answers) expect(answer.body.equals(body)).toBe(true);
  });

  test.each([0, 1, 16_385, 1_048_577, 5_000_000])('%i compressed bytes go both ways', async (size) => {
    const { client } = await pair(carrier(), { compress: true });
    const body = Buffer.alloc(size, 'opensearch');
    const answer = await client.call(blob, { body });
    expect(answer.body.equals(body)).toBe(true);
  });

  test('an action nobody serves is an error of the call, not of the channel', async () => {
    const { client } = await pair(carrier());
    const nobody = defineAction({ name: 'demo:nobody', request: struct({ body: bytes }), response: struct({}) });
    const error = await client.call(nobody, { body: Buffer.alloc(100_000) }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(RemoteError);
    expect(error).toMatchObject({ code: 'ERR_UNKNOWN_ACTION', delivery: 'answered', reason: 'No handler for action [demo:nobody]' });
    expect(await client.call(echo, { text: 'still here' })).toMatchObject({ text: 'still here' });
  });

  test('what a handler throws reaches the caller with type and status', async () => {
    const { client, server } = await pair(carrier());
    const failing = defineAction({ name: 'demo:fail', request: struct({ how: string }), response: struct({}) });
    server.handle(failing, ({ how }) => {
      if (how === 'status') throw new StatusError(404, 'note_missing_exception', 'no such note');
      throw new TypeError('boom');
    });
    await expect(client.call(failing, { how: 'status' })).rejects.toMatchObject({
      status: 404,
      remoteType: 'note_missing_exception',
      reason: 'no such note',
    });
    await expect(client.call(failing, { how: 'type' })).rejects.toMatchObject({ status: 500, code: 'ERR_REMOTE' });
  });

  test('a deadline and a signal end a call whose answer is dropped when it comes', async () => {
    const { client, server } = await pair(carrier());
    const slow = defineAction({ name: 'demo:slow', request: struct({}), response: struct({}) });
    const release: (() => void)[] = [];
    server.handle(slow, () => new Promise<object>((resolve) => release.push(() => resolve({}))));
    await client.call(echo, { text: 'x' });
    const controller = new AbortController();
    const cancelled = client.call(slow, {}, { signal: controller.signal });
    const late = client.call(slow, {}, { timeoutMs: 30 });
    await expect(late).rejects.toMatchObject({ code: 'ERR_DEADLINE', phase: 'answer', delivery: 'maybe-sent' });
    controller.abort(new Error('enough'));
    await expect(cancelled).rejects.toMatchObject({ code: 'ERR_CANCELLED', delivery: 'maybe-sent' });
    for (const answer of release) answer();
    await client.call(echo, { text: 'x' });
    await expect.poll(() => client.strayAnswers).toEqual({ late: 2, unknown: 0 });
  });

  test('when the server dies every call in flight settles at once and says what is known of it', async () => {
    const { client, server } = await pair(carrier());
    const never = defineAction({ name: 'demo:never', request: struct({}), response: struct({}) });
    server.handle(never, () => new Promise<object>(() => undefined));
    await client.call(echo, { text: 'x' });
    const calls = Array.from({ length: 5_000 }, () => client.call(never, {}).catch((e: unknown) => e as TransportError));
    await client.call(echo, { text: 'x' });
    server.abort();
    const errors = await Promise.all(calls);
    expect(new Set(errors.map((e) => `${(e as TransportError).code} ${(e as TransportError).delivery}`))).toEqual(
      new Set(['ERR_CONNECTION_LOST maybe-sent']),
    );
  });
});

test('a node that stayed away too long is asked again while another one answers', async () => {
  const carrier = memoryCarrier();
  const [first, second] = [createServer({ carrier, nodeName: 'a' }), createServer({ carrier, nodeName: 'b' })];
  open.push(first);
  first.handle(echo, () => ({ text: 'a', at: 1 }));
  second.handle(echo, () => ({ text: 'b', at: 1 }));
  const { port } = await first.listen(0);
  const { port: awayPort } = await second.listen(0);
  await second.close();
  const nodes = [`127.0.0.1:${port}`, `127.0.0.1:${awayPort}`];
  const client = createClient({ nodes, carrier, reconnect: { attempts: 1, baseMs: 1, maxMs: 50 } });
  open.push(client);
  const ask = async () => (await client.call(echo, { text: '?' })).text;
  expect(await ask()).toBe('a');
  await expect.poll(() => client.nodes[1]?.state).toBe('idle');
  const back = createServer({ carrier, nodeName: 'b' });
  open.push(back);
  back.handle(echo, () => ({ text: 'b', at: 1 }));
  await back.listen(awayPort);
  await expect.poll(ask).toBe('b');
});
