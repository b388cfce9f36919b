import { expect, test, vi } from 'vitest';
import { CustomSettings } from '../../../../src/devnode/extensions/custom-settings.ts';
import type { InstalledExtension } from '../../../../src/devnode/extensions/installed-extension.ts';
import { ClusterSettings } from '../../../../src/devnode/settings/cluster-settings.ts';
import type { AddSettingsUpdateConsumerRequest } from '../../../../src/protocol/action/extension/extension-to-node.ts';
import { registerCustomSettings } from '../../../../src/protocol/action/extension/extension-to-node.ts';
import { updateSettings } from '../../../../src/protocol/action/extension/node-to-extension.ts';
import { decode, encode } from '../../../../src/protocol/codec/codec.ts';

/** Settings as a node receives them. */
const { settings } = decode(
  registerCustomSettings.request,
  encode(registerCustomSettings.request, {
    uniqueId: 'x',
    settings: [{ type: 'Integer', key: 'custom.count', default: 5, properties: ['Dynamic', 'NodeScope'] }],
  }),
);

function setUp(line: 2 | 3) {
  const registry = new ClusterSettings({ line });
  const call = vi.fn((..._given: unknown[]) => Promise.resolve({ status: true }));
  const failures: unknown[] = [];
  const find = (id: string) => (id === 'x' ? ({ call } as unknown as InstalledExtension) : undefined);
  const custom = new CustomSettings(registry, find, (...failure) => failures.push(failure));
  const subscribe = (id: string, of = settings) =>
    custom.subscribe({ extensionNode: { id }, settings: of } as unknown as AddSettingsUpdateConsumerRequest);
  custom.register({ uniqueId: 'x', settings } as never);
  return { registry, call, failures, subscribe };
}

test('a node of 3.x sends each new value to the extension that subscribed', () => {
  const { registry, call, subscribe } = setUp(3);
  expect(subscribe('x')).toBe(true);
  registry.update({ persistent: { 'custom.count': '7' }, transient: {} } as never);
  expect(call).toHaveBeenCalledExactlyOnceWith(
    updateSettings,
    { settingType: 'Integer', setting: settings[0], data: { t: 'int', v: 7 } },
    { timeoutMs: 10_000 },
  );
});

test('a value that no extension takes is told of', async () => {
  const { registry, failures, call, subscribe } = setUp(3);
  expect(subscribe('gone')).toBe(true);
  call.mockRejectedValue(new Error('refused'));
  expect(subscribe('x')).toBe(true);
  registry.update({ persistent: { 'custom.count': '8' }, transient: {} } as never);
  await expect.poll(() => failures).toHaveLength(2);
  expect(failures).toEqual(expect.arrayContaining([['x', 'custom.count', new Error('refused')]]));
});

test('settings without a scope are refused, and a node of 2.x subscribes to nothing', () => {
  const unscoped = settings.map((setting) => ({ ...setting, properties: [] }));
  expect(setUp(3).subscribe('x', unscoped)).toBe(false);
  const { registry, call, subscribe } = setUp(2);
  expect(subscribe('x')).toBe(false);
  registry.update({ persistent: { 'custom.count': '7' }, transient: {} } as never);
  expect(call).not.toHaveBeenCalled();
});
