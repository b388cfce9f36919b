import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { echo } from '../../../src/cli/demo/echo.ts';
import { createExampleServer } from '../../../src/cli/demo/example-server.ts';
import { chaosCarrier } from '../../../src/testing/chaos-carrier.ts';
import { formatEndpoint } from '../../../src/transport/carrier/endpoint.ts';
import { tcp } from '../../../src/transport/carrier/tcp.ts';
import { type Client, createClient } from '../../../src/transport/client/client.ts';
import type { Server } from '../../../src/transport/server/server.ts';

const opened: (Client | Server)[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close({ drainMs: 0 });
});

async function connected(chaos: ReturnType<typeof chaosCarrier>): Promise<Client> {
  const server = createExampleServer({});
  opened.push(server);
  const client = createClient({ nodes: [formatEndpoint(await server.listen(0))], carrier: chaos, timeoutMs: 5_000 });
  opened.push(client);
  await client.connect();
  return client;
}

test('calls survive cuts and delays', async () => {
  const client = await connected(chaosCarrier(tcp(), { maxPieceBytes: 5, maxDelayMs: 1 }));
  const texts = Array.from({ length: 10 }, (_, i) => `text ${i}`);
  const answers = await Promise.all(texts.map((text) => client.call(echo, { text })));
  expect(answers.map(({ text }) => text)).toEqual(texts);
});

test('the same seed makes the same cuts', async () => {
  const cuts = async (seed: number): Promise<number[]> => {
    const sizes: number[] = [];
    const chaos = chaosCarrier(tcp(), { maxPieceBytes: 100, seed });
    const sink = { readTarget: () => null, onFilled: () => {}, onDrain: () => {}, onClose: () => {} };
    const listener = await tcp().listen({ port: 0 }, (link) => {
      link.write(Buffer.alloc(5_000));
      return { ...sink, onBytes: () => {} };
    });
    const link = await chaos.dial(listener.endpoint, () => ({ ...sink, onBytes: (chunk) => void sizes.push(chunk.length) }));
    while (sizes.reduce((sum, size) => sum + size, 0) < 5_000) await sleep(1);
    link.abort();
    await listener.close();
    return sizes;
  };
  const first = await cuts(7);
  expect(first.length).toBeGreaterThan(50);
  expect(await cuts(7)).toEqual(first);
  expect(await cuts(8)).not.toEqual(first);
});

test('a peer falls silent, and calls meet their deadline', async () => {
  const chaos = chaosCarrier(tcp());
  const client = await connected(chaos);
  chaos.setFaults({ silentAfterBytes: 0 });
  await expect(client.call(echo, { text: 'hi' }, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'ERR_DEADLINE' });
});

test('links are reset', async () => {
  const chaos = chaosCarrier(tcp());
  const client = await connected(chaos);
  chaos.setFaults({ silentAfterBytes: 0 });
  const call = client.call(echo, { text: 'hi' });
  expect(chaos.linkCount).toBeGreaterThan(0);
  chaos.resetLinks();
  await expect(call).rejects.toMatchObject({ code: 'ERR_CONNECTION_LOST', message: expect.stringContaining('reset on purpose') });
  chaos.setFaults({ resetAfterBytes: 10 });
  await expect(client.call(echo, { text: 'hi' }, { timeoutMs: 300 })).rejects.toThrow();
  chaos.setFaults({});
  expect(await client.call(echo, { text: 'again' })).toMatchObject({ text: 'again' });
});

test('a negative number is refused', () => {
  expect(() => chaosCarrier(tcp(), { maxDelayMs: -1 })).toThrow('maxDelayMs must be a number >= 0, got -1');
});
