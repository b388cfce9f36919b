import { TransportError } from '../../protocol/error/transport-error.ts';
import type { PeerChannel } from '../../transport/call/peer-channel.ts';
import { waitUntil } from '../../transport/util/deadline-wheel.ts';
import { type ClusterMetadata, readClusterMetadata } from '../../protocol/action/shared/cluster-settings.ts';

/** How long a node waits for a change before it answers that there is none, in seconds. */
const WAIT_S = 30;

/** How much longer than the node the extension waits, in milliseconds. */
const GRACE_MS = 10_000;

/** What a watch is told and tells. */
export interface WatchOptions {
  readonly channel: PeerChannel;
  /** Least time between two reads, in milliseconds. */
  readonly intervalMs: number;
  /** Called with every state that was read. Must not throw. */
  readonly onMetadata: (metadata: ClusterMetadata) => void;
  /** Called once when reads begin to fail, and again after one has succeeded. Must not throw. */
  readonly onFailure: (error: TransportError) => void;
}

/** Reads the settings of the cluster. @throws as a call */
export async function readSettings(channel: PeerChannel, signal: AbortSignal): Promise<ClusterMetadata> {
  const metadata = await channel.call(readClusterMetadata, { local: true }, { signal });
  if (metadata !== null) return metadata;
  throw new TransportError('ERR_REMOTE', {}, 'the node did not tell the settings of its cluster');
}

/**
 * Watches the settings of a cluster on the node's own connection until that ends: one read at a time, which the node answers when the metadata has
 * changed. Works on every line of releases. Never throws.
 */
export async function watchSettings({ channel, intervalMs, onMetadata, onFailure }: WatchOptions, known: number): Promise<void> {
  const { ended } = channel;
  let version = known;
  let isFailing = false;
  while (!ended.aborted) {
    try {
      const metadata = await nextMetadata(channel, version + 1);
      isFailing = false;
      if (metadata === null) continue;
      ({ version } = metadata);
      onMetadata(metadata);
    } catch (error) {
      if (ended.aborted) return;
      if (!isFailing) onFailure(TransportError.from(error));
      isFailing = true;
    }
    await pause(intervalMs, ended);
  }
}

function nextMetadata(channel: PeerChannel, version: number): Promise<ClusterMetadata | null> {
  const request = { local: true, waitForTimeout: `${WAIT_S}s`, waitForMetadataVersion: version };
  return channel.call(readClusterMetadata, request, { timeoutMs: WAIT_S * 1_000 + GRACE_MS, signal: channel.ended });
}

function pause(timeoutMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stop();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const stop = waitUntil(timeoutMs, done, { isAwaited: false });
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });
}
