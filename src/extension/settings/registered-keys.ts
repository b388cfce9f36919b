import { createIndex } from '../../protocol/action/indices/create-index.ts';
import { settingText } from '../../protocol/action/extension/setting-text.ts';
import { RemoteError, type RemoteCause } from '../../protocol/error/remote-error.ts';
import { TransportError } from '../../protocol/error/transport-error.ts';
import type { PeerChannel } from '../../transport/call/peer-channel.ts';
import { updateClusterSettings } from '../../protocol/action/shared/cluster-settings.ts';
import type { SettingDefinition } from './setting.ts';

/** A key that no node knows, behind `key` in the order in which nodes check keys. */
const unknownBehind = (key: string): string => `${key}.unknown-on-purpose`;

/** An index that is never made. */
const NO_INDEX = 'opensearch-transport-no-index';

/**
 * Returns whether a key is registered already. Registering it again would remove it, and only a change of settings tells: one is asked for that no node
 * takes, because it has an unknown key as well. The refusal names the first unknown key.
 *
 * @throws ERR_REMOTE if the refusal says neither
 * @see extensions.md §1.6
 */
export async function isRegistered(channel: PeerChannel, definition: SettingDefinition, signal: AbortSignal): Promise<boolean> {
  const { key, scope } = definition;
  const refusal = await refusalOf(scope === 'index' ? askIndex(channel, definition, signal) : askNode(channel, key, signal));
  const texts = messages(refusal.remote);
  if (texts.some((text) => text.includes(`setting [${key}]`) && /unknown|not recognized/.test(text))) return false;
  // Either the key behind is the unknown one, or this one was found and cannot be changed.
  if (texts.some((text) => text.includes(`[${unknownBehind(key)}]`) || text.includes(`setting [${key}]`))) return true;
  throw new TransportError(
    'ERR_REMOTE',
    { cause: refusal },
    `cannot find out whether the setting '${key}' is registered: ${refusal.message}`,
  );
}

/** Null would remove a value, were it not for the other key. */
function askNode(channel: PeerChannel, key: string, signal: AbortSignal): Promise<unknown> {
  return channel.call(updateClusterSettings, { persistent: { [key]: null, [unknownBehind(key)]: null } }, { signal });
}

function askIndex(channel: PeerChannel, { key, type, wire }: SettingDefinition, signal: AbortSignal): Promise<unknown> {
  const settings = { [key]: settingText(type, wire.default), [unknownBehind(key)]: 'x' };
  return channel.call(createIndex, { index: NO_INDEX, settings }, { signal });
}

async function refusalOf(asked: Promise<unknown>): Promise<RemoteError> {
  try {
    await asked;
  } catch (error) {
    if (error instanceof RemoteError) return error;
    throw error;
  }
  throw new TransportError('ERR_REMOTE', {}, 'the node took a setting that no node knows');
}

function messages({ message, cause, suppressed }: RemoteCause): string[] {
  return [message ?? '', ...(cause === null ? [] : messages(cause)), ...suppressed.flatMap(messages)];
}
