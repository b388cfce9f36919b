import { readClusterMetadata, updateClusterSettings } from '../../protocol/action/shared/cluster-settings.ts';
import { type AnswerOf, defineAction, type ReceivedOf } from '../../protocol/action/define-action.ts';
import { rest } from '../../protocol/codec/primitives.ts';
import { toMilliseconds } from '../../protocol/codec/time-value.ts';
import { StreamOutput } from '../../protocol/wire/stream-output.ts';
import { minVersion, type VersionId } from '../../protocol/wire/version.ts';
import { waitUntil } from '../../transport/util/deadline-wheel.ts';
import { clusterStateBytes } from './cluster-state-bytes.ts';
import type { NodeFacts } from '../node-facts.ts';
import type { NodeParts } from '../node-parts.ts';
import type { ClusterSettings } from '../settings/cluster-settings.ts';

/** How often a waiting request looks again, in milliseconds. */
const LOOK_MS = 20;

/** The cluster state with an answer as bytes: only a node writes it. */
const { name, request, summary, idempotent } = readClusterMetadata;
const serveClusterState = defineAction({ name, request, response: rest, summary, idempotent });

/** Serves the native actions that change the settings of the cluster, and that read them with its state or wait for a change. */
export function installNativeSettings({ server, facts, settings }: NodeParts): void {
  server.handle(updateClusterSettings, (update) => updated(settings, update));
  server.handle(serveClusterState, async (asked, { version, signal }) => {
    const isReached = await waitForVersion(settings, asked, signal);
    return stateAnswer(facts, settings, minVersion(version, facts.identity.version), isReached);
  });
}

function updated(settings: ClusterSettings, update: ReceivedOf<typeof updateClusterSettings>): AnswerOf<typeof updateClusterSettings> {
  const { transient, persistent } = update;
  settings.update({ transient, persistent });
  const set = (given: typeof transient) => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  return { acknowledged: true, transient: set(transient), persistent: set(persistent) };
}

/** Returns false if the time for a newer version is over, or the caller has gone. */
async function waitForVersion(
  settings: ClusterSettings,
  { waitForMetadataVersion, waitForTimeout }: ReceivedOf<typeof readClusterMetadata>,
  signal: AbortSignal,
): Promise<boolean> {
  const endsAt = performance.now() + toMilliseconds(waitForTimeout);
  for (;;) {
    if (settings.metadata.version >= Number(waitForMetadataVersion ?? 0)) return true;
    const left = endsAt - performance.now();
    if (left <= 0 || signal.aborted) return false;
    await new Promise<void>((resolve) => void waitUntil(Math.min(LOOK_MS, left), resolve));
  }
}

/** `str` cluster name, then the state; without one `bool` false, `bool` waited in vain. */
function stateAnswer(facts: NodeFacts, settings: ClusterSettings, version: VersionId, isReached: boolean): Buffer {
  const output = new StreamOutput({ version });
  output.writeString(facts.identity.clusterName);
  if (isReached) return Buffer.concat([output.toBuffer(), clusterStateBytes(facts, version, settings.metadata)]);
  output.writeBoolean(false);
  output.writeBoolean(true);
  return output.toBuffer();
}
