import { extensionEnvironmentSettings } from '../../protocol/action/extension/extension-info.ts';
import { addSettingsUpdateConsumer, registerCustomSettings } from '../../protocol/action/extension/extension-to-node.ts';
import type { UpdateSettingsRequest } from '../../protocol/action/extension/node-to-extension.ts';
import { parseSetting } from '../../protocol/action/extension/setting-text.ts';
import type { SettingType, SettingValues } from '../../protocol/action/extension/setting-type.ts';
import type { Settings } from '../../protocol/codec/settings.ts';
import { reasonOf } from '../../protocol/error/reason-of.ts';
import { TransportError, UsageError } from '../../protocol/error/transport-error.ts';
import type { HostNode } from '../node/host-node.ts';
import type { ClusterMetadata } from '../../protocol/action/shared/cluster-settings.ts';
import { isRegistered } from './registered-keys.ts';
import type { SettingDefinition } from './setting.ts';
import { type IndexSettingHandle, LiveSetting, type SettingHandle } from './setting-handle.ts';
import { publicValue } from './setting-values.ts';
import type { SettingsEvent } from './settings-event.ts';
import { readSettings, watchSettings } from './settings-watch.ts';

/** Upper bound on settings of an extension. */
const MAX_SETTINGS = 1_000;

/** Types whose changes nodes of 3.x send. */
const PUSHED: readonly SettingType[] = ['Boolean', 'Integer', 'Long', 'Float', 'Double', 'String'];

/** How the settings of an extension live. */
export interface ExtensionSettingsOptions {
  /** Least time between two reads of a cluster's settings, in milliseconds. */
  readonly intervalMs: number;
  readonly emit: (event: SettingsEvent) => void;
}

/** What is known of the settings of one node. */
interface NodeState {
  readonly host: HostNode;
  /** The settings the node was started with; empty unless a setting has a fallback. */
  readonly startUp: Settings;
  /** Keys whose changes the node sends. */
  readonly pushed: ReadonlySet<string>;
}

/** The settings of an extension: registers them with nodes and keeps their values up to date. @see extensions.md §1.6 */
export class ExtensionSettings {
  readonly #options: ExtensionSettingsOptions;
  readonly #definitions = new Map<string, SettingDefinition>();
  readonly #live = new Map<string, LiveSetting<SettingType>>();
  /** Keys that a node sent while its settings were read for the first time: what was read is older. */
  readonly #reading = new Set<Set<string>>();

  constructor(options: ExtensionSettingsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#definitions.size;
  }

  /** @throws ERR_USAGE for a key that was added before, and for more than 1 000 settings */
  add<T extends SettingType>(definition: SettingDefinition<T, 'node'>): SettingHandle<T>;
  add<T extends SettingType>(definition: SettingDefinition<T, 'index'>): IndexSettingHandle;
  add<T extends SettingType>(definition: SettingDefinition<T>): SettingHandle<T> | IndexSettingHandle {
    const { key, scope } = definition;
    if (this.#definitions.has(key)) throw new UsageError('ERR_USAGE', {}, `setting '${key}' was added before; add each key once`);
    if (this.#definitions.size === MAX_SETTINGS) {
      throw new UsageError('ERR_USAGE', {}, `an extension must have at most ${MAX_SETTINGS} settings, got '${key}' as one more`);
    }
    this.#definitions.set(key, definition as unknown as SettingDefinition);
    if (scope === 'index') return { key };
    const live = new LiveSetting(definition);
    this.#live.set(key, live as unknown as LiveSetting<SettingType>);
    return live;
  }

  /** Registers the settings that the node does not know, reads their values and begins to watch them. A step of the registration. */
  readonly register = async (host: HostNode, signal: AbortSignal): Promise<void> => {
    if (this.#definitions.size === 0) return;
    const unknown: SettingDefinition[] = [];
    for (const definition of this.#definitions.values()) {
      if (!(await isRegistered(host.channel, definition, signal))) unknown.push(definition);
    }
    if (unknown.length > 0) {
      const request = { uniqueId: host.uniqueId, settings: unknown.map(({ wire }) => wire) };
      const { status } = await host.channel.call(registerCustomSettings, request, { signal });
      if (!status) throw new TransportError('ERR_REMOTE', {}, 'the node did not acknowledge the settings');
    }
    if (this.#live.size > 0) await this.#follow(host, signal);
  };

  async #follow(host: HostNode, signal: AbortSignal): Promise<void> {
    const early = new Set<string>();
    this.#reading.add(early);
    try {
      const pushed = await this.#subscribe(host, signal);
      const hasFallback = [...this.#live.values()].some(({ definition }) => definition.fallback !== null);
      const startUp = hasFallback ? await host.channel.call(extensionEnvironmentSettings, { uniqueId: host.uniqueId }, { signal }) : {};
      const state = { host, startUp, pushed };
      const metadata = await readSettings(host.channel, signal);
      this.#apply(state, metadata, early);
      if (this.#isWatchNeeded(pushed)) void this.#watch(state, metadata.version);
    } finally {
      this.#reading.delete(early);
    }
  }

  /** Returns the keys whose changes the node sends: none on 2.x, where the answer is always false. */
  async #subscribe(host: HostNode, signal: AbortSignal): Promise<Set<string>> {
    const pushed = new Set<string>();
    const { extensionNode } = host;
    for (const { definition } of this.#live.values()) {
      if (!definition.isDynamic || !PUSHED.includes(definition.type)) continue;
      // One by one: an answer to several does not say which of them it means.
      const { status } = await host.channel.call(addSettingsUpdateConsumer, { extensionNode, settings: [definition.wire] }, { signal });
      if (!status) break;
      pushed.add(definition.key);
    }
    return pushed;
  }

  #isWatchNeeded(pushed: ReadonlySet<string>): boolean {
    return [...this.#live.values()].some(({ definition }) => definition.isDynamic && !pushed.has(definition.key));
  }

  #watch(state: NodeState, version: number): Promise<void> {
    const { host } = state;
    return watchSettings(
      {
        channel: host.channel,
        intervalMs: this.#options.intervalMs,
        onMetadata: (metadata) => this.#apply(state, metadata, state.pushed),
        onFailure: (error) => this.#options.emit({ type: 'settingsUnread', node: host, error }),
      },
      version,
    );
  }

  /** Applies what was read, except the keys to skip. */
  #apply({ host, startUp }: NodeState, metadata: ClusterMetadata, skipped: ReadonlySet<string>): void {
    for (const live of this.#live.values()) {
      if (skipped.has(live.key)) continue;
      try {
        const value = valueOf(live.definition, metadata, startUp);
        this.#give(host, live, publicValue(live.definition.type, value) as never);
      } catch (error) {
        this.#refused(host, live.key, reasonOf(error));
      }
    }
  }

  /** Takes a value that a node sends. Returns false for a setting that is not one of the extension. */
  update({ setting, data }: UpdateSettingsRequest): boolean {
    const live = this.#live.get(setting.key);
    if (live === undefined || setting.type !== live.definition.type || !('v' in data)) return false;
    if (!isOfType(setting.type, data.v)) return false;
    for (const early of this.#reading) early.add(setting.key);
    this.#give(null, live, publicValue(setting.type, data.v as never) as never);
    return true;
  }

  #give(host: HostNode | null, live: LiveSetting<SettingType>, value: never): void {
    const reason = live.apply(value);
    if (reason !== null) this.#refused(host, live.key, reason);
  }

  #refused(node: HostNode | null, key: string, reason: string): void {
    this.#options.emit({ type: 'settingRefused', node, key, reason });
  }
}

function isOfType(type: SettingType, value: unknown): boolean {
  if (type === 'Boolean') return typeof value === 'boolean';
  if (type === 'String') return typeof value === 'string';
  if (type === 'Long') return typeof value === 'bigint' || Number.isInteger(value);
  return typeof value === 'number';
}

/** Transient, persistent, of the start of the node, of the fallback, or the default. @throws StatusError for a text that is not of the type */
function valueOf<T extends SettingType>(definition: SettingDefinition<T>, metadata: ClusterMetadata, startUp: Settings): SettingValues[T] {
  const { key, wire, fallback } = definition;
  const text = metadata.transient[key] ?? metadata.persistent[key] ?? startUp[key] ?? null;
  if (text !== null) return parseSetting(wire, text) as SettingValues[T];
  return (fallback === null ? wire.default : valueOf(fallback, metadata, startUp)) as SettingValues[T];
}
