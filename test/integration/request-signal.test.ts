import { afterEach, expect, test } from 'vitest';
import { type Client, createClient, createServer, defineAction, type Server, stream, string, struct } from '../../src/index.ts';
import type { ServedChannel } from '../../src/transport/call/peer-channel.ts';
import type { ServerCallContext } from '../../src/transport/call/server-context.ts';

const echo = defineAction({ name: 'demo:echo', request: struct({ text: string }), response: struct({ text: string }) });
const download = defineAction({ name: 'demo:download', request: struct({}), response: struct({ content: stream() }) });
const open: { close(options?: { drainMs?: number }): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close({ drainMs: 0 });
});

async function pair(prepare: (server: Server) => void): Promise<Client> {
  const server = createServer();
  prepare(server);
  const { port } = await server.listen(0);
  const client = createClient({ nodes: [`127.0.0.1:${port}`], reconnect: false });
  open.push(server, client);
  return client;
}

const signalsOf = ({ channel }: ServerCallContext): number => (channel as ServedChannel).requestSignals.size;

test('listeners of answered requests are forgotten while the connection goes on', async () => {
  let most = 0;
  let last: ServerCallContext | null = null;
  const signals = new Set<AbortSignal>();
  const client = await pair((server) =>
    server.handle(echo, async ({ text }, context) => {
      context.signal.addEventListener('abort', () => undefined);
      signals.add(context.signal);
      most = Math.max(most, signalsOf(context));
      last = context;
      await Promise.resolve();
      if (text === 'fail') throw new Error('fail');
      return { text };
    }),
  );
  for (let round = 0; round < 20; round++) await Promise.all(Array.from({ length: 10 }, () => client.call(echo, { text: 'x' })));
  await expect(client.call(echo, { text: 'fail' })).rejects.toThrow('fail');
  expect(signals.size).toBe(201);
  expect(most).toBeGreaterThan(1);
  expect(signalsOf(last as never)).toBe(0);
});

test('the signal fires when the connection ends before the answer, and is that of the connection behind it', async () => {
  const fired: unknown[] = [];
  const contexts: ServerCallContext[] = [];
  let reach = (): void => undefined;
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const client = await pair((server) =>
    server.handle(echo, ({ text }, context) => {
      contexts.push(context);
      context.signal.addEventListener('abort', () => fired.push([text, context.signal.reason]));
      if (text !== 'slow') return { text };
      reach();
      return new Promise<never>(() => undefined);
    }),
  );
  await client.call(echo, { text: 'quick' });
  void client.call(echo, { text: 'slow' }).catch(() => undefined);
  await reached;
  const [quick, slow] = contexts as [ServerCallContext, ServerCallContext];
  expect(quick.signal).toBe(quick.channel.ended);
  expect(slow.signal).not.toBe(slow.channel.ended);
  await client.close({ drainMs: 0 });
  await expect.poll(() => fired).toEqual([['slow', expect.objectContaining({ code: 'ERR_CONNECTION_LOST' })]]);
  expect(quick.signal.aborted).toBe(true);
});

test('the signal of an answer that is a stream fires while the stream is written', async () => {
  let isFired = false;
  let last: ServerCallContext | null = null;
  async function* chunks(count: number) {
    for (let i = 0; i < count; i++) yield Buffer.alloc(10);
    if (count < 10) await new Promise(() => undefined);
  }
  let count = 10;
  const client = await pair((server) =>
    server.handle(download, (_request, context) => {
      context.signal.addEventListener('abort', () => {
        isFired = true;
      });
      last = context;
      return { content: { size: 100, chunks: chunks(count) } };
    }),
  );
  for (let i = 0; i < 5; i++) {
    const { content } = await client.call(download, {});
    for await (const chunk of content) void chunk;
  }
  expect(signalsOf(last as never)).toBe(1);
  count = 1;
  const { content } = await client.call(download, {});
  for await (const chunk of content) {
    void chunk;
    break;
  }
  await client.close({ drainMs: 0 });
  await expect.poll(() => isFired).toBe(true);
});
