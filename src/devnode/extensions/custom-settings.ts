import type { AddSettingsUpdateConsumerRequest, RegisterCustomSettingsRequest } from '../../protocol/action/extension/extension-to-node.ts';
import { updateSettings, type UpdateSettingsRequest } from '../../protocol/action/extension/node-to-extension.ts';
import type { WriteableSetting } from '../../protocol/action/extension/setting.ts';
import { StatusError } from '../../protocol/error/status-error.ts';
import type { InstalledExtension } from './installed-extension.ts';

/** The settings of a node, as far as extensions use them. */
export interface SettingRegistry {
  /** @throws RemoteError in the words of a node; settings before a refused one stay registered */
  register(settings: readonly WriteableSetting[]): void;
  /** Subscribes to changes. @returns what the node answers. @throws RemoteError for a setting that is not dynamic */
  addUpdateConsumers(settings: readonly WriteableSetting[], listener: (update: UpdateSettingsRequest) => void): boolean;
}

/** Upper bound on the settings that all extensions of a node can register. */
const MAX_SETTINGS = 10_000;

/** Time that an extension has to acknowledge a new value, in milliseconds. What it answers changes nothing. */
const UPDATE_TIMEOUT_MS = 10_000;

/** Told of a value that an extension did not take. */
export type UpdateFailureListener = (uniqueId: string, key: string, error: unknown) => void;

/** The settings that extensions register and subscribe to. @see extensions.md §1.6 */
export class CustomSettings {
  readonly #registry: SettingRegistry;
  readonly #find: (uniqueId: string) => InstalledExtension | undefined;
  readonly #onFailed: UpdateFailureListener;
  #count = 0;

  constructor(registry: SettingRegistry, find: (uniqueId: string) => InstalledExtension | undefined, onFailed: UpdateFailureListener) {
    this.#registry = registry;
    this.#find = find;
    this.#onFailed = onFailed;
  }

  /** Registers settings. @throws RemoteError in the words of a node, StatusError 429 for too many */
  register({ settings }: RegisterCustomSettingsRequest): void {
    if (this.#count + settings.length > MAX_SETTINGS) {
      const reason = `the node takes at most ${MAX_SETTINGS} settings of extensions; restart it to free them`;
      throw new StatusError(429, 'too_many_settings_exception', reason);
    }
    this.#count += settings.length;
    this.#registry.register(settings);
  }

  /** Subscribes an extension to settings; a node of 2.x subscribes it to none. @returns what the node answers. @throws RemoteError */
  subscribe({ extensionNode, settings }: AddSettingsUpdateConsumerRequest): boolean {
    const hasScope = ({ properties }: WriteableSetting): boolean => properties.includes('NodeScope') || properties.includes('IndexScope');
    const isComplete = settings.every(hasScope);
    return (
      this.#registry.addUpdateConsumers(settings.filter(hasScope), (update) => void this.#send(extensionNode.id, update)) && isComplete
    );
  }

  async #send(uniqueId: string, update: UpdateSettingsRequest): Promise<void> {
    try {
      const extension = this.#find(uniqueId);
      if (extension === undefined) throw new Error(`the node has no extension [${uniqueId}]`);
      await extension.call(updateSettings, update, { timeoutMs: UPDATE_TIMEOUT_MS });
    } catch (error) {
      this.#onFailed(uniqueId, update.setting.key, error);
    }
  }
}
