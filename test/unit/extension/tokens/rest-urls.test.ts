import { expect, test, vi } from 'vitest';
import { initializeTargets } from '../../../../src/extension/initialize/initialize-options.ts';
import type { HostNode } from '../../../../src/extension/node/host-node.ts';
import { AskedUrls } from '../../../../src/extension/initialize/asked-urls.ts';
import { isRestUrl, RestUrls } from '../../../../src/extension/tokens/rest-urls.ts';

const { signal } = new AbortController();

function nodeOf(settings: Record<string, unknown>, { nodeId = 'n1', publishHost = '10.0.0.1' } = {}): HostNode {
  const environment = vi.fn(() => Promise.resolve(settings));
  return { name: 'node', nodeId, uniqueId: 'hello', publishHost, environment } as unknown as HostNode;
}

const unasked = (): null => null;

test.each<[settings: Record<string, unknown>, host: string, url: string]>([
  [{ 'http.port': '9201' }, '10.0.0.1', 'http://10.0.0.1:9201'],
  [{ 'http.port': '9200-9300', 'http.publish_port': '80' }, '::1', 'http://[::1]:80'],
  [{ 'http.port': '9200', 'plugins.security.ssl.http.enabled': 'true' }, 'a.example', 'https://a.example:9200'],
])('the settings %j of a node tell its URL', async (settings, publishHost, url) => {
  const node = nodeOf(settings, { publishHost });
  const urls = new RestUrls(null, unasked);
  expect([await urls.of(node, signal), await urls.of(node, signal)]).toEqual([url, url]);
  expect(node.environment).toHaveBeenCalledTimes(1);
});

test.each([{}, { 'http.port': '9200-9300' }, { 'http.port': '0' }, { 'http.port': ['1', '2'] }])(
  'the settings %j do not tell the URL',
  async (settings) => {
    await expect(new RestUrls(null, unasked).of(nodeOf(settings), signal)).rejects.toMatchObject({
      code: 'ERR_CONFIG',
      message: expect.stringContaining('set the option restUrl of the extension') as string,
    });
  },
);

test('the option goes before the URL of initialize(), and this before the settings', async () => {
  const node = nodeOf({ 'http.port': '9201' });
  expect(await new RestUrls('http://given:1', () => 'http://asked:2').of(node, signal)).toBe('http://given:1');
  expect(await new RestUrls(null, () => 'http://asked:2').of(node, signal)).toBe('http://asked:2');
});

test('each node has the URL at which it was asked', () => {
  const asked = new AskedUrls();
  const targets = initializeTargets(['http://one:1/', 'http://two:2'], { name: 'Hello', uniqueId: 'hello' });
  for (const [at, target] of targets.entries()) asked.add(target, { name: 'node', version: '3.9.0', nodeId: `n${at + 1}` });
  expect(['n1', 'n2', 'n3'].map((nodeId) => asked.of(nodeOf({}, { nodeId })))).toEqual(['http://one:1', 'http://two:2', null]);
});

test('a node that a supervisor asked is known if it is the only one', () => {
  const asked = new AskedUrls();
  const targets = initializeTargets(['http://one:1', 'http://two:2'], { name: 'Hello', uniqueId: 'hello' });
  asked.add(targets[0] as never, null);
  expect(asked.of(nodeOf({}))).toBe('http://one:1');
  asked.add(targets[1] as never, null);
  expect(asked.of(nodeOf({}))).toBeNull();
});

test.each([
  ['http://127.0.0.1:9200', true],
  ['https://a.example/prefix/', true],
  ['http://user:secret@a', false],
  ['http://a/?x=1', false],
  ['ftp://a', false],
  [9200, false],
])('%j as the option: %s', (value, isGood) => {
  const check = () => isRestUrl('restUrl', value);
  if (isGood) expect(check).not.toThrow();
  else expect(check).toThrow('restUrl must be a URL such as http://127.0.0.1:9200');
});
