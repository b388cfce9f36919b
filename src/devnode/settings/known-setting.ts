import type { SettingValue } from '../../protocol/codec/settings.ts';
import type { WriteableSetting } from '../../protocol/action/extension/setting.ts';
import { settingRefusal } from '../../protocol/action/extension/setting-refusal.ts';
import { parseSetting, plainText, settingText } from '../../protocol/action/extension/setting-text.ts';
import { StatusError } from '../../protocol/error/status-error.ts';
import { isOpenSearchVersion, V_EMPTY, versionText } from '../../protocol/wire/version.ts';
import type { ReleaseLine } from './settings-errors.ts';

/** A value that is set. */
export type SetValue = Exclude<SettingValue, null>;

/** A setting that a node knows: one of its own, or one that an extension registered. */
export interface KnownSetting {
  readonly key: string;
  readonly isDynamic: boolean;
  readonly isFinal: boolean;
  readonly isIndexScope: boolean;
  /** Its value while nothing sets it. */
  readonly default: SetValue;
  /** Key of the setting whose value it has while nothing sets it; null for none. */
  readonly fallback: string | null;
  /** @throws StatusError 400 in the node's words for a value that it refuses */
  check(value: SetValue): void;
}

/** Java's least float and double are above zero: a node's bounds where an extension sends none. */
function withLimits(setting: WriteableSetting): WriteableSetting {
  if (setting.parser !== null || setting.fallback !== null) return setting;
  if (setting.type === 'Float') return { ...setting, min: 2 ** -149 };
  return setting.type === 'Double' ? { ...setting, min: Number.MIN_VALUE } : setting;
}

/** Returns the setting of an extension as its node knows it. */
export function knownSetting(received: WriteableSetting, line: ReleaseLine): KnownSetting {
  const setting = withLimits(received);
  const { key, properties, fallback } = setting;
  return {
    key,
    isDynamic: properties.includes('Dynamic'),
    isFinal: properties.includes('Final'),
    isIndexScope: properties.includes('IndexScope'),
    default: settingText(setting.type, setting.default),
    fallback: fallback?.key ?? null,
    check: (value) => {
      const parsed = parseSetting(setting, value);
      if (setting.type === 'Version' && line === 3) checkVersion(key, value, parsed as number);
    },
  };
}

/** Nodes of 3.x refuse the ids of Elasticsearch. */
function checkVersion(key: string, text: SetValue, id: number): void {
  if (id === V_EMPTY || isOpenSearchVersion(id)) return;
  const cause = new StatusError(400, 'unsupported_version_exception', `Unsupported version [ES ${versionText(id)}]`);
  throw settingRefusal(`Failed to parse value [${plainText(text)}] for setting [${key}]`, cause);
}
