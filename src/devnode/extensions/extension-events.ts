import type { TransportError } from '../../protocol/error/transport-error.ts';

/** An event of a node about one of its extensions, which `uniqueId` names. */
export type NodeExtensionEvent =
  /** The extension answered its initialisation with its own name. */
  | { readonly type: 'extensionInitialized'; readonly uniqueId: string; readonly name: string }
  /** Connecting, a handshake or the initialisation failed. The id stays taken only in the last case. */
  | { readonly type: 'extensionFailed'; readonly uniqueId: string; readonly error: Error }
  /** The extension registered routes: `GET /path`, below its prefix. */
  | { readonly type: 'routesRegistered'; readonly uniqueId: string; readonly routes: readonly string[] }
  /** A registration was refused; `action` says which. `uniqueId` is what the request says, null for none. */
  | { readonly type: 'extensionRefused'; readonly uniqueId: string | null; readonly action: string; readonly error: Error }
  /** The connection ended. The extension is never connected again. */
  | { readonly type: 'extensionDisconnected'; readonly uniqueId: string; readonly error: TransportError | null }
  /** A deprecated route was called for the first time since the node started, or for the first time with an `X-Opaque-Id`. */
  | { readonly type: 'deprecatedRouteUsed'; readonly uniqueId: string; readonly message: string }
  /** The extension answered what HTTP cannot carry, such as status 100: the client's connection ends, or it waits in vain. `reason` says what is wrong. */
  | { readonly type: 'answerUnfit'; readonly uniqueId: string; readonly uri: string; readonly reason: string }
  /** The extension did not take the new value of a setting. */
  | { readonly type: 'settingNotDelivered'; readonly uniqueId: string; readonly key: string; readonly error: unknown };

/** Every type of {@link NodeExtensionEvent}. */
export const NODE_EXTENSION_EVENTS: Readonly<Record<NodeExtensionEvent['type'], true>> = {
  extensionInitialized: true,
  extensionFailed: true,
  routesRegistered: true,
  extensionRefused: true,
  extensionDisconnected: true,
  deprecatedRouteUsed: true,
  answerUnfit: true,
  settingNotDelivered: true,
};
