import { afterEach, expect, test } from 'vitest';
import { echo } from '../../src/cli/demo/echo.ts';
import { createExampleServer } from '../../src/cli/demo/example-server.ts';
import { formatEndpoint } from '../../src/transport/carrier/endpoint.ts';
import { createClient } from '../../src/transport/client/client.ts';
import type { Server } from '../../src/transport/server/server.ts';
import { type Running, start } from '../unit/cli/run.ts';

let server: Server | null = null;
let running: Running | null = null;
afterEach(async () => {
  running?.interrupt();
  await running?.done;
  await server?.close({ drainMs: 0 });
  server = null;
  running = null;
});

/** Starts `ostp inspect` in front of a target, and returns where it listens. */
async function inspecting(target: string, ...options: string[]): Promise<{ address: string; running: Running }> {
  running = start(['inspect', target, ...options]);
  const notice = await running.untilNoticed(/passing (\S+) on to/);
  return { address: notice, running };
}

test('passes calls on and prints both directions', async () => {
  server = createExampleServer({});
  const target = formatEndpoint(await server.listen(0));
  const { address, running: proxy } = await inspecting(target, '--brief');
  await using client = createClient(address);
  const text = 'x'.repeat(300_000);
  expect(await client.call(echo, { text })).toMatchObject({ text });
  const printed = await proxy.until('to demo:echo');
  expect(printed).toContain('handshake request');
  expect(printed).toMatch(/request \d+ {2}demo:echo/);
  await client.close();
  proxy.interrupt();
  expect((await proxy.done).exit).toBe(0);
});

test('prints JSON lines', async () => {
  server = createExampleServer({});
  const { address, running: proxy } = await inspecting(formatEndpoint(await server.listen(0)), '--json');
  await using client = createClient(address);
  await client.call(echo, { text: 'hi' });
  const lines = (await proxy.until('"demo:echo"')).trim().split('\n');
  for (const line of lines) expect(JSON.parse(line)).toHaveProperty('connection');
});

test('ends a connection that cannot be passed on, and says why', async () => {
  const { address, running: proxy } = await inspecting('127.0.0.1:1');
  await using client = createClient({ nodes: [address], timeoutMs: 5_000 });
  await expect(client.call(echo, { text: 'hi' })).rejects.toThrow();
  proxy.interrupt();
  expect((await proxy.done).stderr).toMatch(/connection 1: .*127\.0\.0\.1:1/);
});

test('refuses a port that is taken', async () => {
  server = createExampleServer({});
  const { port } = await server.listen(0);
  running = start(['inspect', '127.0.0.1:1', '--port', String(port)]);
  const { exit, stderr } = await running.done;
  expect(exit).toBe(4);
  expect(stderr).toContain('ERR_ADDRESS_IN_USE');
});
