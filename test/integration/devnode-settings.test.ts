import { encode } from 'cborg';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type DevNode, devNode } from '../../src/devnode/dev-node.ts';
import { setting } from '../../src/extension/settings/setting.ts';
import { writeSmile } from '../../src/protocol/rest/smile/smile-writer.ts';
import { WatchedExtension } from '../support/interop-extension.ts';

const PATH = '/_cluster/settings';

async function ask(node: DevNode, method: string, path: string, body?: string | Uint8Array, type: string = 'json') {
  const headers = body === undefined ? {} : { 'content-type': `application/${type}` };
  const answer = await fetch(`${node.httpUrl}${path}`, { method, headers, body: body as string });
  return { status: answer.status, text: await answer.text() };
}

const put = (node: DevNode, body: unknown, query = '') => ask(node, 'PUT', `${PATH}${query}`, JSON.stringify(body));

/** A node with an extension that has a setting. */
async function withExtension(version: string) {
  const node = await devNode({ version });
  const watched = new WatchedExtension({ settingsIntervalMs: 100 });
  onTestFinished(async () => {
    await watched.ext.close({ drainMs: 0 });
    await node.close();
  });
  const greeting = watched.ext.setting(setting.string('custom.hello.greeting', { default: 'Hello', dynamic: true, matches: /^\w+$/ }));
  await watched.listen();
  await watched.ext.initialize(node.httpUrl, { name: 'hello', uniqueId: 'hello' });
  return { node, greeting };
}

test.each(['2.19.6', '3.9.0'])('a setting of an extension is changed, shown and refused by a node of %s', async (version) => {
  const { node, greeting } = await withExtension(version);
  const shown = await ask(node, 'GET', `${PATH}?include_defaults&flat_settings`);
  expect(JSON.parse(shown.text)).toMatchObject({ persistent: {}, defaults: { 'custom.hello.greeting': 'Hello' } });
  const changed = '{"acknowledged":true,"persistent":{"custom":{"hello":{"greeting":"Moin"}}},"transient":{}}';
  expect(await put(node, { persistent: { 'custom.hello.greeting': 'Moin' } })).toEqual({ status: 200, text: changed });
  await vi.waitFor(() => expect(greeting.value).toBe('Moin'), { timeout: 10_000 });
  // A node does not know the pattern: the extension refuses the value and keeps the last one.
  expect((await put(node, { persistent: { 'custom.hello.greeting': 'two words' } })).status).toBe(200);
  expect((await put(node, { persistent: { 'custom.hello.other': 'x' } })).status).toBe(400);
  expect((await put(node, { persistent: { 'custom.hello.greeting': null } })).status).toBe(200);
  await vi.waitFor(() => expect(greeting.value).toBe('Hello'), { timeout: 10_000 });
});

test.each([
  ['2.19.6', 'illegal_argument_exception', 500],
  ['3.9.0', 'settings_exception', 400],
])('a node of %s has its own types and statuses', async (version, type, status) => {
  await using node = await devNode({ version });
  const unknown = await put(node, { persistent: { nope: 1 } });
  expect([unknown.status, JSON.parse(unknown.text)]).toMatchObject([400, { error: { type } }]);
  expect((await put(node, { persistent: { a: [{ b: 1 }] } })).status).toBe(status);
});

test.each<[type: string, content: Uint8Array | string, shown: unknown]>([
  ['yaml', 'persistent:\n  search.max_buckets: 5\n', 'acknowledged: true'],
  ['cbor', encode({ persistent: { 'search.max_buckets': 5 } }), 'acknowledged'],
  ['smile', writeSmile({ persistent: { 'search.max_buckets': 5 } }), 'acknowledged'],
  ['json', '{"persistent":{"search.max_buckets":5}}', '"acknowledged":true'],
])('settings in %s are read', async (type, content, shown) => {
  await using node = await devNode();
  expect(await ask(node, 'PUT', PATH, content, type)).toMatchObject({ status: 200, text: expect.stringContaining(shown as string) });
  expect((await ask(node, 'GET', PATH)).text).toBe('{"persistent":{"search":{"max_buckets":"5"}},"transient":{}}');
});

test('a body of YAML that would take seconds is refused at once', async () => {
  await using node = await devNode();
  const startedAt = process.cpuUsage();
  for (const bomb of [`${'? '.repeat(2_000)}1`, 'a: &a [1]\nb: [*a, *a]\n', '['.repeat(20_000)])
    for (const path of [PATH, '/i/_doc/1', '/i/_search'])
      expect((await ask(node, path === '/i/_search' ? 'POST' : 'PUT', path, bomb, 'yaml')).status).toBe(400);
  const { user, system } = process.cpuUsage(startedAt);
  expect((user + system) / 1000).toBeLessThan(5_000);
});

test('time parameters and unread parameters are checked before anything changes', async () => {
  await using node = await devNode();
  const change = { persistent: { 'search.max_buckets': 5 } };
  for (const query of ['?timeout=x', '?bogus', '?master_timeout=1s&cluster_manager_timeout=1s', '?flat_settings=x'])
    expect((await put(node, change, query)).status).toBe(400);
  expect((await ask(node, 'GET', PATH)).text).toBe('{"persistent":{},"transient":{}}');
});
