import { afterEach, describe, expect, test } from 'vitest';
import { devNode } from '../../src/devnode/dev-node.ts';
import { extension } from '../../src/extension/extension.ts';
import { setting } from '../../src/extension/settings/setting.ts';
import { updateClusterSettings } from '../../src/protocol/action/shared/cluster-settings.ts';
import { createClient } from '../../src/transport/client/client.ts';
import { closeAll, open } from '../support/devnode-extension.ts';

afterEach(closeAll);

async function start(version: string) {
  const node = open(await devNode({ version }));
  const client = open(createClient({ nodes: [node.address], profile: 'single' }));
  const begin = async (uniqueId: string) => {
    const ext = open(extension({ port: 0, settingsIntervalMs: 20 }));
    const word = ext.setting(setting.string('custom.hello.word', { default: 'Hello', dynamic: true }));
    const wait = ext.setting(setting.time('custom.hello.wait', { default: '30s', max: '1m', dynamic: true }));
    await ext.listen();
    await ext.initialize(node.httpUrl, { name: uniqueId, uniqueId });
    return { word, wait };
  };
  const put = (persistent: Record<string, string | null>) => client.call(updateClusterSettings, { persistent });
  return { begin, put };
}

describe.each(['2.19.6', '3.9.0'])('a development node of %s', (version) => {
  test('tells an extension the values of its settings, and their changes', async () => {
    const { begin, put } = await start(version);
    const { word, wait } = await begin('first');
    expect([word.value, wait.value]).toEqual(['Hello', 30_000]);
    const set = { 'custom.hello.word': 'Ahoy', 'custom.hello.wait': '45s' };
    expect(await put(set)).toEqual({ acknowledged: true, transient: {}, persistent: set });
    await expect.poll(() => [word.value, wait.value]).toEqual(['Ahoy', 45_000]);
    await put({ 'custom.hello.word': null, 'custom.hello.wait': null });
    await expect.poll(() => [word.value, wait.value]).toEqual(['Hello', 30_000]);
  });

  test('refuses bad values, and knows the settings after the extension is another', async () => {
    const { begin, put } = await start(version);
    await begin('first');
    await expect(put({ 'custom.hello.wait': '2m' })).rejects.toMatchObject({
      status: 400,
      message: expect.stringMatching(/must be <=/) as string,
    });
    await put({ 'custom.hello.word': 'Ahoy' });
    const { word } = await begin('second');
    expect(word.value).toBe('Ahoy');
  });
});
