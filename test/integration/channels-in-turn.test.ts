import { afterEach, describe, expect, test } from 'vitest';
import { bytes, createClient, createServer, defineAction, struct, vInt } from '../../src/index.ts';

const CHANNELS = 4;
const whichSocket = defineAction({ name: 'demo:which', request: struct({ body: bytes }), response: struct({ port: vInt }) });
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** A connected client with several channels, and how many calls each of them carried. */
async function underTest() {
  const server = createServer();
  open.push(server);
  server.handle(whichSocket, (_request, { remote }) => ({ port: remote.port }));
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  const client = createClient({ nodes: [`127.0.0.1:${port}`], profile: { reg: CHANNELS } });
  open.push(client);
  await client.connect();
  const ask = async (bodyBytes: number): Promise<number> => (await client.call(whichSocket, { body: Buffer.alloc(bodyBytes) })).port;
  return { ask };
}

function tally(ports: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const port of ports) counts.set(port, (counts.get(port) ?? 0) + 1);
  return [...counts.values()];
}

describe('the channels of a connection', () => {
  test('take calls that wait for each other in turn', async () => {
    const { ask } = await underTest();
    const ports: number[] = [];
    for (let i = 0; i < 2 * CHANNELS; i++) ports.push(await ask(10));
    expect(tally(ports)).toEqual([2, 2, 2, 2]);
    expect(ports.slice(0, CHANNELS)).toEqual(ports.slice(CHANNELS));
  });

  test('take small calls made together a write at a time', async () => {
    const { ask } = await underTest();
    expect(tally(await Promise.all(Array.from({ length: 48 }, () => ask(10))))).toEqual([12, 12, 12, 12]);
  });

  test('take larger calls made together one at a time', async () => {
    const { ask } = await underTest();
    for (const bodyBytes of [5_000, 50_000]) {
      expect(tally(await Promise.all(Array.from({ length: 8 }, () => ask(bodyBytes))))).toEqual([2, 2, 2, 2]);
    }
  });
});
