import type { Purpose } from '../../protocol/action/define-action.ts';
import { UsageError } from '../../protocol/error/transport-error.ts';

/** How many channels a connection has for each purpose. A purpose with none shares the `reg` channels. */
export type ConnectionProfile = Readonly<Partial<Record<Purpose, number>>>;

/** OpenSearch's own 13 channels, in the order it opens them. @see wire-format.md §9.1 */
const NODE_PROFILE: ConnectionProfile = { bulk: 3, ping: 1, state: 1, recovery: 2, reg: 6 };

/** One channel for everything: more lower the throughput of small messages. @see performance.md L12 */
const SINGLE_PROFILE: ConnectionProfile = { reg: 1 };

/** Order in which channels are opened: the first one shakes hands. */
const ORDER: readonly Purpose[] = ['bulk', 'ping', 'state', 'recovery', 'reg'];

const MAX_CHANNELS = 100;

/** For each channel to open, what it is for. */
export function channelPlan(profile: 'single' | 'node' | ConnectionProfile): readonly Purpose[] {
  const counts = profile === 'single' ? SINGLE_PROFILE : profile === 'node' ? NODE_PROFILE : profile;
  const plan = ORDER.flatMap((purpose) => new Array<Purpose>(checked(purpose, counts[purpose] ?? 0)).fill(purpose));
  if (plan.length === 0 || (counts.reg ?? 0) === 0) throw new UsageError('ERR_CONFIG', {}, 'profile: at least one reg channel is needed');
  return plan;
}

function checked(purpose: Purpose, count: number): number {
  if (!Number.isInteger(count) || count < 0 || count > MAX_CHANNELS) {
    throw new UsageError('ERR_CONFIG', {}, `profile.${purpose}: ${String(count)} is no number of channels from 0 to ${MAX_CHANNELS}`);
  }
  return count;
}
