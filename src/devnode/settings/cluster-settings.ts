import { isValidSettingKey, propertyRefusal } from '../../protocol/action/extension/setting-rules.ts';
import type { WriteableSetting } from '../../protocol/action/extension/setting.ts';
import { setKey } from '../../protocol/codec/combinators.ts';
import type { Settings, SettingValue } from '../../protocol/codec/settings.ts';
import type { JsonObject } from '../../protocol/rest/json.ts';
import { matchesPattern } from '../wildcard.ts';
import { BUILT_IN_SETTINGS, loggerSetting } from './built-in-settings.ts';
import { type KnownSetting, knownSetting, type SetValue } from './known-setting.ts';
import { type ReleaseLine, SettingsErrors } from './settings-errors.ts';
import { type ClusterSettingsUpdate, loadedSettings } from './settings-update.ts';
import { structuredSettings } from './structured.ts';
import { type SettingUpdateListener, UpdateConsumers } from './update-consumers.ts';

/** How the settings of a node are set up. */
export interface ClusterSettingsOptions {
  /** Line of releases whose behaviour is shown. */
  readonly line: ReleaseLine;
  /** Settings the node was started with, by flat key. @default {} */
  readonly startUp?: Settings;
}

/** How settings are shown. */
export interface ShownSettings {
  /** Keys with dots instead of objects in objects. @default false */
  readonly flat?: boolean;
  /** Adds the settings that neither persistent nor transient settings have. @default false */
  readonly includeDefaults?: boolean;
}

type Scope = 'persistent' | 'transient';

/**
 * The settings of a node: its own, and those that extensions registered. Refusals are errors as a genuine node of the line throws them; they can be
 * thrown by REST handlers and by handlers of native actions. Has no I/O.
 *
 * @see extensions.md §1.6
 */
export class ClusterSettings {
  readonly startUp: Settings;
  readonly #line: ReleaseLine;
  readonly #errors: SettingsErrors;
  readonly #known = new Map<string, KnownSetting>(BUILT_IN_SETTINGS.map((setting) => [setting.key, setting]));
  /** Keys that were registered twice: unknown, and refused for good. */
  readonly #burnt = new Set<string>();
  readonly #consumers: UpdateConsumers;
  #persistent: ReadonlyMap<string, SetValue> = new Map();
  #transient: ReadonlyMap<string, SetValue> = new Map();
  #version = 1;

  constructor({ line, startUp = {} }: ClusterSettingsOptions) {
    this.#line = line;
    this.startUp = startUp;
    this.#errors = new SettingsErrors(line);
    this.#consumers = new UpdateConsumers((key) => this.value(key));
  }

  /**
   * Registers settings of an extension, one after the other; those before a refused one stay registered. Registering a key that exists is refused
   * *and* removes it, and it cannot be registered again.
   *
   * @throws RemoteError `settings_exception` or `illegal_argument_exception`
   */
  register(settings: readonly WriteableSetting[]): void {
    // A node makes its objects of all settings before it registers the first.
    for (const { key, properties } of settings) {
      const refusal = propertyRefusal(key, properties);
      if (refusal !== null) throw this.#errors.argument(refusal);
    }
    for (const setting of settings) this.#register(setting);
  }

  #register(setting: WriteableSetting): void {
    const { key } = setting;
    const isRefused = this.#burnt.has(key) || !isValidSettingKey(key, setting.properties);
    if (!isRefused && !this.#known.has(key)) {
      this.#known.set(key, knownSetting(setting, this.#line));
      return;
    }
    if (this.#known.delete(key)) this.#burnt.add(key);
    throw this.#errors.settings(`Could not register setting:${key}`);
  }

  /**
   * Subscribes to changes of settings. Nodes of 2.x always answer false. Times, sizes and versions are accepted and never delivered, as on 3.x.
   *
   * @param listener is called when a value has changed, null in an update being the default; called twice for a setting that is subscribed twice
   * @returns what the node answers: false if one of the settings is unknown or of index scope
   * @throws RemoteError `illegal_state_exception` for a setting that is not dynamic
   */
  addUpdateConsumers(settings: readonly WriteableSetting[], listener: SettingUpdateListener): boolean {
    if (this.#line === 2) return false;
    let isComplete = true;
    for (const setting of settings) {
      const known = this.#known.get(setting.key);
      if (known === undefined || known.isIndexScope) isComplete = false;
      else if (!known.isDynamic) throw this.#errors.state(`setting [${setting.key}] is not dynamic`);
      else this.#consumers.add(setting, listener);
    }
    return isComplete;
  }

  /** Ends the subscriptions of a listener. */
  removeUpdateConsumers(listener: SettingUpdateListener): void {
    this.#consumers.remove(listener);
  }

  /**
   * Changes settings, as `PUT _cluster/settings` does: all of them or, after a refusal, none. Null and keys with `*` remove.
   *
   * @param update the body of the request
   * @param flat shows keys with dots in the answer, as `flat_settings` does
   * @returns the body of the answer
   * @throws RemoteError in the node's words
   */
  update(update: ClusterSettingsUpdate, flat: boolean = false): JsonObject {
    const given = {
      transient: loadedSettings(update.transient, this.#errors),
      persistent: loadedSettings(update.persistent, this.#errors),
    };
    if (Object.keys(given.transient).length + Object.keys(given.persistent).length === 0) throw this.#errors.nothingToUpdate();
    const changedTransient = this.#changed(this.#transient, given.transient, 'transient');
    const changedPersistent = this.#changed(this.#persistent, given.persistent, 'persistent');
    this.#consumers.around(() => {
      this.#transient = changedTransient;
      this.#persistent = changedPersistent;
      this.#version++;
    });
    return { acknowledged: true, persistent: show(setOnly(given.persistent), flat), transient: show(setOnly(given.transient), flat) };
  }

  #changed(present: ReadonlyMap<string, SetValue>, given: Settings, scope: Scope): ReadonlyMap<string, SetValue> {
    const next = new Map(present);
    const keys = Object.keys(given).sort();
    const isWildcard = (key: string): boolean => given[key] === null && key.endsWith('*');
    for (const key of keys) if (!isWildcard(key)) this.#checkChange(key, given[key] as SettingValue, scope);
    for (const key of keys.filter(isWildcard)) removeMatches(next, key);
    for (const key of keys) {
      const value = given[key] as SettingValue;
      if (value === null) next.delete(key);
      else next.set(key, value);
    }
    return next;
  }

  #checkChange(key: string, value: SettingValue, scope: Scope): void {
    const known = this.setting(key);
    if (known === undefined || known.isIndexScope) throw this.#errors.update(`${scope} setting [${key}], not recognized`);
    if (known.isFinal) throw this.#errors.update(`final ${scope} setting [${key}], not updateable`);
    if (!known.isDynamic) throw this.#errors.update(`${scope} setting [${key}], not dynamically updateable`);
    try {
      if (value !== null) known.check(value);
    } catch (error) {
      throw this.#errors.ofRefusal(error);
    }
  }

  /** Returns the body of `GET _cluster/settings`. */
  get({ flat = false, includeDefaults = false }: ShownSettings = {}): JsonObject {
    const stated = { persistent: show(objectOf(this.#persistent), flat), transient: show(objectOf(this.#transient), flat) };
    return includeDefaults ? { ...stated, defaults: show(this.#defaults(), flat) } : stated;
  }

  /** The settings that are set, as the metadata of the cluster state has them. The version grows with every change. */
  get metadata(): { readonly version: number; readonly persistent: Settings; readonly transient: Settings } {
    return { version: this.#version, persistent: objectOf(this.#persistent), transient: objectOf(this.#transient) };
  }

  #defaults(): Settings {
    const defaults: Record<string, SettingValue> = {};
    for (const { key, isIndexScope } of this.#known.values()) {
      if (isIndexScope || this.#transient.has(key) || this.#persistent.has(key)) continue;
      setKey(defaults, key, this.value(key) as SettingValue);
    }
    return defaults;
  }

  /** Returns what is known of a setting; undefined if the node does not know it. */
  setting(key: string): KnownSetting | undefined {
    return this.#known.get(key) ?? (this.#burnt.has(key) ? undefined : loggerSetting(key));
  }

  /** Returns the value that is in force: transient, persistent, of the start, of the fallback, or the default. Undefined if the node does not know the key. */
  value(key: string): SetValue | undefined {
    const known = this.setting(key);
    if (known === undefined) return undefined;
    const set = this.#transient.get(key) ?? this.#persistent.get(key) ?? this.startUp[key] ?? null;
    if (set !== null) return set;
    return (known.fallback === null ? undefined : this.value(known.fallback)) ?? known.default;
  }
}

function show(settings: Settings, flat: boolean): JsonObject {
  return flat ? ({ ...settings } as JsonObject) : structuredSettings(settings);
}

function objectOf(settings: ReadonlyMap<string, SettingValue>): Settings {
  const out: Record<string, SettingValue> = {};
  for (const key of [...settings.keys()].sort()) setKey(out, key, settings.get(key) as SettingValue);
  return out;
}

function setOnly(settings: Settings): Settings {
  return objectOf(new Map(Object.entries(settings).filter(([, value]) => value !== null)));
}

/** Removes the keys that match a pattern in which `*` stands for any characters. */
function removeMatches(settings: Map<string, SetValue>, pattern: string): void {
  for (const key of settings.keys()) if (matchesPattern(pattern, key)) settings.delete(key);
}
