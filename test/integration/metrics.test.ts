import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { type ActionMetrics, createClient, createServer, defineAction, StatusError, string, struct } from '../../src/index.ts';

const SLOW_MS = 30;
const greet = defineAction({ name: 'demo:greet', request: struct({ name: string }), response: struct({ text: string }) });
const slow = defineAction({ name: 'demo:slow', request: struct({}), response: struct({}) });
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function pair(metrics: boolean) {
  const server = createServer({ metrics });
  open.push(server);
  server.handle(greet, ({ name }) => {
    if (name === '') throw new StatusError(400, 'illegal_argument_exception', 'a name, please');
    return { text: `hello ${name}` };
  });
  server.handle(slow, async () => {
    await sleep(SLOW_MS);
    return {};
  });
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  const client = createClient({ nodes: [`127.0.0.1:${port}`], metrics });
  open.push(client);
  return { server, client };
}

function figures({ action, calls, errors }: ActionMetrics) {
  return { action, calls, errors };
}

describe('metrics', () => {
  test('both ends count calls and failures by action, in order of names', async () => {
    const { server, client } = await pair(true);
    await Promise.all(Array.from({ length: 100 }, (_, i) => client.call(greet, { name: String(i) })));
    await expect(client.call(greet, { name: '' })).rejects.toThrow('a name');
    await client.call(slow, {});
    const counted = [
      { action: 'demo:greet', calls: 101, errors: { ERR_REMOTE: 1 } },
      { action: 'demo:slow', calls: 1, errors: {} },
    ];
    expect(client.metrics.map(figures)).toEqual(counted);
    const served = server.metrics.map(figures).filter(({ action }) => action.startsWith('demo:'));
    expect(served).toEqual(counted);
  });

  test('times are those of the calls: a wait of the handler is in both', async () => {
    const { server, client } = await pair(true);
    await client.call(slow, {});
    for (const metrics of [client.metrics, server.metrics]) {
      const latency = metrics.find(({ action }) => action === slow.name)?.latency;
      // Timers of Node may fire a millisecond early.
      expect(latency?.quantile(0.5)).toBeGreaterThanOrEqual(SLOW_MS - 2);
      expect(latency?.sumMs).toBeLessThan(10_000);
    }
  });

  test('a call that never got a connection counts too', async () => {
    const client = createClient({ nodes: ['127.0.0.1:1'], metrics: true, reconnect: false });
    open.push(client);
    await expect(client.call(slow, {})).rejects.toThrow();
    expect(client.metrics.map(figures)).toEqual([{ action: 'demo:slow', calls: 1, errors: { ERR_DIAL: 1 } }]);
  });

  test('nobody counts unless asked to', async () => {
    const { server, client } = await pair(false);
    await client.call(slow, {});
    expect([client.metrics, server.metrics]).toEqual([[], []]);
  });
});

test('a subscriber of the call:end channel is told what, where and how long', async () => {
  const { client } = await pair(false);
  const told: unknown[] = [];
  const tell = (message: unknown): void => {
    told.push(message);
  };
  subscribe('opensearch-transport:call:end', tell);
  try {
    await client.call(slow, {});
  } finally {
    unsubscribe('opensearch-transport:call:end', tell);
  }
  expect(told).toContainEqual({
    callId: expect.any(Number),
    requestId: expect.any(Number),
    action: slow.name,
    remote: { host: '127.0.0.1', port: expect.any(Number) },
    durationMs: expect.any(Number),
    error: null,
  });
});
