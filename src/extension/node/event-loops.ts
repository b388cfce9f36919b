import { extensionEnvironmentSettings } from '../../protocol/action/extension/extension-info.ts';
import type { SettingValue } from '../../protocol/codec/settings.ts';
import type { HostNode } from './host-node.ts';
import type { RegistrationStep } from './registration.ts';

/** The setting that gives HTTP event loops of its own. */
const KEY = 'http.netty.worker_count';

/** Milliseconds for the question. */
const ASK_MS = 10_000;

/** Upper bound on the nodes that are told of; any peer can claim to be a node. */
const MAX_TOLD = 256;

/** What to do about {@link sharedLoopsText}. */
export const SHARED_LOOPS_REMEDY = `start the node with ${KEY}: 8 (1 or more, 8 to 32 is sensible)`;

/** Returns what shared event loops do. @see extensions.md §1.5 */
export function sharedLoopsText(): string {
  return `${KEY} is 0: HTTP and transport share event loops, so that calls of the extension may end with a false status 408 after 10 seconds`;
}

/**
 * Returns the event loops that HTTP has for itself at a node; 0 if it shares those of the transport.
 *
 * @param value of `http.netty.worker_count`; undefined if it is not set, which means 0
 */
export function httpLoopsOf(value: SettingValue | undefined): number {
  const count = typeof value === 'string' ? Number(value) : 0;
  return Number.isInteger(count) && count > 0 ? count : 0;
}

/**
 * Returns the step that asks each node whether HTTP shares the event loops of the transport. The registration does not wait for the answer, and a node that
 * does not tell is passed over.
 *
 * @param onShared is told of a node that shares them, once for each id of a node
 */
export function watchSharedLoops(onShared: (node: HostNode) => void): RegistrationStep {
  const toldIds = new Set<string>();
  const ask = async (node: HostNode): Promise<void> => {
    const { channel, uniqueId, nodeId } = node;
    const settings = await channel.call(extensionEnvironmentSettings, { uniqueId }, { timeoutMs: ASK_MS }).catch(() => null);
    if (settings === null || httpLoopsOf(settings[KEY]) > 0 || toldIds.has(nodeId) || toldIds.size >= MAX_TOLD) return;
    toldIds.add(nodeId);
    onShared(node);
  };
  return (node) => {
    void ask(node);
    return Promise.resolve();
  };
}
