import type { WriteableSetting } from '../../protocol/action/extension/setting.ts';
import { parseSetting, plainText } from '../../protocol/action/extension/setting-text.ts';
import type { SettingType } from '../../protocol/action/extension/setting-type.ts';
import type { GenericValue } from '../../protocol/codec/generic-kinds.ts';
import type { SetValue } from './known-setting.ts';

/** A change of a subscribed setting: what message 12 of the extension protocol carries. */
export interface SettingUpdate {
  readonly settingType: SettingType;
  readonly setting: WriteableSetting;
  readonly data: GenericValue;
}

/** Told of changes. It must not throw. */
export type SettingUpdateListener = (update: SettingUpdate) => void;

/** Upper bound on subscriptions: extensions may subscribe as often as they like. */
const MAX_SUBSCRIPTIONS = 10_000;

interface Subscription {
  readonly setting: WriteableSetting;
  readonly listener: SettingUpdateListener;
}

/** The subscriptions of extensions to changes of settings. */
export class UpdateConsumers {
  readonly #valueOf: (key: string) => SetValue | undefined;
  #subscriptions: Subscription[] = [];

  /** @param valueOf returns the value of a setting that is in force */
  constructor(valueOf: (key: string) => SetValue | undefined) {
    this.#valueOf = valueOf;
  }

  /** Adds a subscription; one too many is ignored. */
  add(setting: WriteableSetting, listener: SettingUpdateListener): void {
    if (this.#subscriptions.length < MAX_SUBSCRIPTIONS) this.#subscriptions.push({ setting, listener });
  }

  remove(listener: SettingUpdateListener): void {
    this.#subscriptions = this.#subscriptions.filter((each) => each.listener !== listener);
  }

  /** Makes a change and tells the listeners of the settings whose value is another one afterwards. */
  around(change: () => void): void {
    const before = this.#subscriptions.map(({ setting }) => this.#valueOf(setting.key));
    const subscriptions = this.#subscriptions;
    change();
    subscriptions.forEach(({ setting, listener }, i) => {
      const value = this.#valueOf(setting.key);
      const former = before[i];
      if (value === undefined || (former !== undefined && plainText(former) === plainText(value))) return;
      const data = genericOf(setting, value);
      if (data !== null) listener({ settingType: setting.type, setting, data });
    });
  }
}

/** Nodes cannot write times, sizes and versions as generic values: null. */
function genericOf(setting: WriteableSetting, text: SetValue): GenericValue | null {
  const value = parseSetting(setting, text) as never;
  switch (setting.type) {
    case 'Boolean':
      return { t: 'boolean', v: value };
    case 'Integer':
      return { t: 'int', v: value };
    case 'Long':
      return { t: 'long', v: value };
    case 'Float':
      return { t: 'float', v: value };
    case 'Double':
      return { t: 'double', v: value };
    case 'String':
      return { t: 'string', v: value };
    default:
      return null;
  }
}
