import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setting } from '../../src/extension/settings/setting.ts';
import type { RealNode } from '../../src/realnode/real-node.ts';
import { WatchedExtension } from '../support/interop-extension.ts';
import { Http } from '../support/interop-http.ts';
import { bootedNodes, describeReleases } from '../support/interop-node.ts';

/** Longest time for a change to arrive, in milliseconds: far above the interval of 100 ms. */
const ARRIVAL = { timeout: 10_000 };

const NAME = setting.string('custom.hello.name', { default: 'World', dynamic: true, matches: /^\w+$/ });

function withSettings() {
  const watched = new WatchedExtension({ settingsIntervalMs: 100 });
  const { ext } = watched;
  const handles = {
    on: ext.setting(setting.boolean('custom.hello.on', { default: false, dynamic: true })),
    count: ext.setting(setting.integer('custom.hello.count', { default: 5, min: 1, max: 100, dynamic: true })),
    total: ext.setting(setting.long('custom.hello.total', { default: 5n, dynamic: true })),
    ratio: ext.setting(setting.float('custom.hello.ratio', { default: -0.5, max: 2, dynamic: true })),
    share: ext.setting(setting.double('custom.hello.share', { default: 0, dynamic: true })),
    name: ext.setting(NAME),
    wait: ext.setting(setting.time('custom.hello.wait', { default: '30s', min: '1s', max: '1m', dynamic: true })),
    size: ext.setting(setting.byteSize('custom.hello.size', { default: '10mb', min: '1kb', dynamic: true })),
    version: ext.setting(setting.version('custom.hello.version', { default: '3.0.0', dynamic: true })),
    fixed: ext.setting(setting.string('custom.hello.fixed', { default: 'fixed' })),
    other: ext.setting(setting.string('custom.hello.other', { fallback: NAME, dynamic: true })),
  };
  ext.setting(setting.string('index.hello.color', { default: 'red', scope: 'index', dynamic: true }));
  return { watched, handles };
}

async function put(http: Http, settings: object): Promise<{ status: number; text: string }> {
  return http.sendJson('PUT /_cluster/settings', { persistent: settings });
}

function live(node: () => RealNode): void {
  const made = {} as { http: Http } & ReturnType<typeof withSettings>;
  beforeAll(async () => {
    made.http = new Http(node().httpUrl);
    Object.assign(made, withSettings());
    await made.watched.listen();
    expect(await made.watched.initialise(made.http, 'settings-1')).toMatchObject({ type: 'registered' });
  });
  afterAll(async () => {
    await made.watched.ext.close({ drainMs: 0 });
    made.http.close();
  });

  test('every type has its default, then the value that is set, then its default again', async () => {
    const { http, handles } = made;
    const defaults = {
      on: false,
      count: 5,
      total: 5,
      ratio: -0.5,
      share: 0,
      name: 'World',
      wait: 30_000,
      size: 10 * 2 ** 20,
      version: '3.0.0',
    };
    const values = (): object => Object.fromEntries(Object.keys(defaults).map((key) => [key, handles[key as keyof typeof handles].value]));
    expect(values()).toEqual(defaults);
    const seen: number[] = [];
    const stop = handles.wait.onChange((value) => seen.push(value));
    const changes = { on: true, count: 7, total: 8, ratio: 1.5, share: -2.5, name: 'Ada', wait: '45s', size: '2mb', version: '137227827' };
    const answer = await put(http, Object.fromEntries(Object.entries(changes).map(([key, value]) => [`custom.hello.${key}`, value])));
    expect(answer.status, answer.text).toBe(200);
    await expect.poll(values, ARRIVAL).toEqual({ ...changes, wait: 45_000, size: 2 * 2 ** 20, version: '3.1.0' });
    expect(handles.other.value).toBe('Ada');
    expect((await put(http, { 'custom.hello.*': null })).status).toBe(200);
    await expect.poll(values, ARRIVAL).toEqual(defaults);
    expect(seen).toEqual([45_000, 30_000]);
    stop();
  });

  test.each([
    ['count', 101, 'Failed to parse value [101] for setting [custom.hello.count] must be <= 100'],
    ['wait', '2m', 'failed to parse value [2m] for setting [custom.hello.wait], must be <= [1m]'],
    ['fixed', 'x', 'persistent setting [custom.hello.fixed], not dynamically updateable'],
  ])('a bad value of %s is refused by the node', async (key, value, reason) => {
    const answer = await put(made.http, { [`custom.hello.${key}`]: value });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toMatchObject({ error: { reason } });
  });

  test('a text that does not match is not applied', async () => {
    const { http, handles, watched } = made;
    expect(await put(http, { 'custom.hello.name': 'two words' })).toMatchObject({ status: 200 });
    await expect
      .poll(() => watched.events.filter(({ type }) => type === 'settingRefused'), ARRIVAL)
      .toMatchObject([{ key: 'custom.hello.name', reason: "'two words' does not match /^\\w+$/" }]);
    expect(handles.name.value).toBe('World');
    await put(http, { 'custom.hello.name': null });
  });

  test('an extension under another id finds its settings and the value that was set before', async () => {
    const { http } = made;
    expect((await put(http, { 'custom.hello.count': 42, 'custom.hello.wait': '50s' })).status).toBe(200);
    const again = withSettings();
    await again.watched.listen();
    try {
      expect(await again.watched.initialise(http, 'settings-2')).toMatchObject({ type: 'registered' });
      expect([again.handles.count.value, again.handles.wait.value]).toEqual([42, 50_000]);
      expect((await put(http, { 'custom.hello.count': 43 })).status).toBe(200);
      await expect.poll(() => [again.handles.count.value, made.handles.count.value], ARRIVAL).toEqual([43, 43]);
      const index = await http.sendJson('PUT /hello-index', { settings: { 'index.hello.color': 'blue', 'index.number_of_replicas': 0 } });
      expect(index.status, index.text).toBe(200);
    } finally {
      await again.watched.ext.close({ drainMs: 0 });
      await put(http, { 'custom.hello.*': null });
    }
  });
}

await describeReleases('settings of an extension', (version) => {
  const nodes = bootedNodes({ node: { version } });
  describe('on one node', () => live(() => nodes.node));
});
