import { execFile } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createClient, createServer, defineAction, string, struct } from '../../src/index.ts';
import { EXTENSION_EVENTS } from '../../src/extension/extension-options.ts';
import { diagnostics } from '../../src/transport/call/diagnostics.ts';
import { CLIENT_EVENTS } from '../../src/transport/client/client-options.ts';
import { SERVER_EVENTS } from '../../src/transport/server/server-options.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PAGE = readFileSync(`${ROOT}docs/diagnostics.md`, 'utf8');
const echo = defineAction({ name: 'demo:echo', request: struct({ text: string }), response: struct({ text: string }) });

/** The cells of the table below a heading, without its header. Each cell is the list of its words in code. */
function table(heading: string): string[][][] {
  const section = PAGE.split(/^#+ /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| ---'));
  const cells = (row: string): string[][] =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word as string));
  return rows.slice(1).map(cells);
}

const firstWords = (heading: string): (string | undefined)[] => table(heading).map(([first]) => first?.[0]);

test('every diagnostics channel is on the page, with the fields of its messages', async () => {
  const told = new Map<string, object>();
  const names = Object.values(diagnostics).map(({ name }) => String(name));
  const hear = (message: unknown, name: string | symbol): void => void told.set(String(name), message as object);
  for (const name of names) subscribe(name, hear);
  const server = createServer();
  server.handle(echo, ({ text }) => ({ text }));
  const { port } = await server.listen(0);
  const client = createClient(`127.0.0.1:${port}`);
  await client.call(echo, { text: 'x' });
  await client.close();
  await server.close();
  for (const name of names) unsubscribe(name, hear);
  const onPage = table('Diagnostics channels').map(([name, fields]) => [name?.[0], fields?.toSorted()]);
  expect(onPage).toEqual(names.map((name) => [name, Object.keys(told.get(name) ?? {}).toSorted()]));
});

test.each([
  ['Events of a client', CLIENT_EVENTS],
  ['Events of a server', SERVER_EVENTS],
  ['Events of an extension', EXTENSION_EVENTS],
])('every event is on the page: %s', (heading, events) => {
  expect(firstWords(heading)).toEqual(Object.keys(events));
});

test('every metric is on the page', async () => {
  const server = createServer({ metrics: true });
  server.handle(echo, ({ text }) => ({ text }));
  const { port } = await server.listen(0);
  const client = createClient({ nodes: [`127.0.0.1:${port}`], metrics: true });
  await client.call(echo, { text: 'x' });
  const [metric] = client.metrics;
  await client.close();
  await server.close();
  expect(firstWords('Metrics')).toEqual(Object.keys(metric ?? {}));
  const latency = table('Metrics').at(-1)?.[1] ?? [];
  for (const field of latency) expect(metric?.latency).toHaveProperty(field.replace(/\(.*/, ''));
});

const APP = `
  import { createClient, createServer, defineAction, string, struct } from ${JSON.stringify(`${ROOT}dist/index.js`)};
  import { connect } from 'node:net';
  const echo = defineAction({ name: 'demo:echo', request: struct({ text: string }), response: struct({ text: string }) });
  const server = createServer();
  const { port } = await server.listen(0);
  const client = createClient('127.0.0.1:' + port);
  await client.call(echo, { text: 'x' }).catch(() => undefined);
  await client.close();
  await new Promise((resolve) => connect(port, '127.0.0.1').on('close', resolve).on('error', resolve).end('SSH-2.0-x'));
  await server.close();
`;

async function logOf(nodeDebug: string): Promise<string[]> {
  const args = ['--input-type=module', '--eval', APP];
  const { stderr } = await promisify(execFile)(process.execPath, args, { cwd: ROOT, env: { ...process.env, NODE_DEBUG: nodeDebug } });
  return stderr.split('\n').filter((line) => line !== '');
}

test('the debug log has the lines of the page, and no others', async () => {
  const patterns = firstWords('Debug log').map((line = '') => {
    const text = line
      .replaceAll(/[[\].]/g, String.raw`\$&`)
      .replaceAll(/<(\w+)>/g, (_all, name) => (name === 'text' ? '.+' : String.raw`[\w:/.]+`));
    return new RegExp(String.raw`^OPENSEARCH-TRANSPORT \d+: (dialed|accepted) \[127\.0\.0\.1:\d+\] ${text}(, requests have [\d.]+)?$`);
  });
  const lines = await logOf('opensearch-transport');
  for (const pattern of patterns)
    expect(
      lines.some((line) => pattern.test(line)),
      String(pattern),
    ).toBe(true);
  expect(lines.filter((line) => !patterns.some((pattern) => pattern.test(line)))).toEqual([]);
});

test('nothing is logged unless it is asked for', async () => {
  expect(await logOf('')).toEqual([]);
});
