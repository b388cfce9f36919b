import { findPeer, isOwn, peerNames, versionsOf } from '../peers/registry.ts';
import type { Peer } from '../peers/peer.ts';
import type { Part } from '../report/results.ts';

/** A peer that can run here, under the name of its series. */
export interface Contender {
  /** Name in the registry. */
  readonly key: string;
  /** Name in tables. */
  readonly name: string;
  readonly peer: Peer;
}

/** Parts a contender is measured in by default. */
const DEFAULT_PARTS: readonly Part[] = ['call', 'bulk', 'memory'];

/** The contenders that run, and those that cannot, with the reason. */
export interface Field {
  readonly contenders: readonly Contender[];
  readonly absent: readonly { readonly contender: string; readonly reason: string }[];
  readonly versions: Record<string, string>;
  /** The first contender, which runs twice (A/A), and the name of its second series. */
  readonly control: Contender | null;
  readonly again: Contender | null;
}

/** Returns the name of the control's second series. */
export function againOf(control: string): string {
  return `${control}, again`;
}

/**
 * Loads the contenders of a part. The first is the control and runs a second time at the end of each round.
 *
 * @param only names; empty for all
 * @param own this project's contenders only: no package of a peer is loaded
 */
export async function gather(part: Part, { only, own }: { readonly only: readonly string[]; readonly own: boolean }): Promise<Field> {
  const contenders: Contender[] = [];
  const absent: { contender: string; reason: string }[] = [];
  const versions: Record<string, string> = {};
  for (const key of peerNames.filter((name) => (only.length === 0 || only.includes(name)) && (!own || isOwn(name)))) {
    try {
      const peer = await findPeer(key);
      if (!(peer.parts ?? DEFAULT_PARTS).includes(part)) continue;
      const reason = (await peer.missing?.()) ?? null;
      if (reason === null) {
        contenders.push({ key, name: peer.name, peer });
        // Variants of this project are of one version.
        if (!isOwn(key) || contenders.length === 1) versions[peer.name] = versionsOf(peer.packages);
      } else absent.push({ contender: peer.name, reason });
    } catch (error) {
      absent.push({ contender: key, reason: error instanceof Error ? (error.message.split('\n', 1)[0] as string) : String(error) });
    }
  }
  const control = contenders[0] ?? null;
  const again = control === null ? null : { ...control, name: againOf(control.name) };
  return { contenders, absent, versions, control, again };
}
