import type { SettingProperty } from './setting.ts';

// The rules by which a node takes or refuses the settings of an extension.

const KEY = /^(?:[-\w]+\.)*[-\w]+$/;

/** Returns whether a node takes a key with these properties: exactly one scope, words with dots between, and `index.` before keys of index scope. */
export function isValidSettingKey(key: string, properties: readonly SettingProperty[]): boolean {
  const isIndex = properties.includes('IndexScope');
  return KEY.test(key) && isIndex !== properties.includes('NodeScope') && (!isIndex || key.startsWith('index.'));
}

const INDEX_ONLY = ['NotCopyableOnResize', 'InternalIndex', 'PrivateIndex', 'UnmodifiableOnRestore'] as const;

/** Returns the words in which a node refuses properties that exclude each other; null if they do not. @see `Setting` of OpenSearch */
export function propertyRefusal(key: string, properties: readonly SettingProperty[]): string | null {
  if (properties.includes('Dynamic') && properties.includes('Final')) return `final setting [${key}] cannot be dynamic`;
  const wrong = properties.includes('IndexScope') ? undefined : INDEX_ONLY.find((property) => properties.includes(property));
  return wrong === undefined ? null : `non-index-scoped setting [${key}] can not have property [${wrong}]`;
}
