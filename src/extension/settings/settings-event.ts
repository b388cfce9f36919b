import type { TransportError } from '../../protocol/error/transport-error.ts';
import type { HostNode } from '../node/host-node.ts';

/** An event about the settings of an extension. */
export type SettingsEvent =
  /** A value was not applied: the handle keeps the one it has. `node` is null for a value that a node sent by itself. */
  | { readonly type: 'settingRefused'; readonly node: HostNode | null; readonly key: string; readonly reason: string }
  /** Changes of settings cannot be read from the node for now; the extension tries again. */
  | { readonly type: 'settingsUnread'; readonly node: HostNode; readonly error: TransportError };
