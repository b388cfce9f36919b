import type { Purpose } from '../../protocol/action/define-action.ts';
import { checkOptions, configError, must, type OptionCheck, type OptionChecks } from '../util/check-options.ts';

/** Number of channels of a connection for each purpose. A purpose without channels uses those of `reg`. */
export type ConnectionProfile = Readonly<Partial<Record<Purpose, number>>>;

/** OpenSearch's own 13 channels, in the order it opens them. @see wire-format.md §9.1 */
const NODE_PROFILE: ConnectionProfile = { bulk: 3, ping: 1, state: 1, recovery: 2, reg: 6 };

/** One channel for everything: more channels lower the throughput of small messages. @see performance.md L12 */
const SINGLE_PROFILE: ConnectionProfile = { reg: 1 };

/** Order in which channels are opened. The handshakes go by the first one. */
const ORDER: readonly Purpose[] = ['bulk', 'ping', 'state', 'recovery', 'reg'];

const MAX_CHANNELS = 100;

const isChannelCount = must(
  `an integer from 0 to ${MAX_CHANNELS}`,
  (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_CHANNELS,
);

const COUNTS: OptionChecks<ConnectionProfile> = {
  recovery: isChannelCount,
  bulk: isChannelCount,
  reg: isChannelCount,
  state: isChannelCount,
  ping: isChannelCount,
};

/** The check of a profile by purpose: counts of channels, at least one of them for `reg`. */
export const areChannelCounts: OptionCheck = (name, value) => {
  checkOptions('a connection profile', value, COUNTS, name);
  const { reg = 0 } = value as ConnectionProfile;
  if (reg < 1) throw configError(`${name}.reg must be an integer >= 1, got ${reg}: every purpose without channels of its own uses these`);
};

/** Returns the purpose of each channel to open, in order. @param profile checked */
export function channelPlan(profile: 'single' | 'node' | ConnectionProfile): readonly Purpose[] {
  const counts = profile === 'single' ? SINGLE_PROFILE : profile === 'node' ? NODE_PROFILE : profile;
  return ORDER.flatMap((purpose) => new Array<Purpose>(counts[purpose] ?? 0).fill(purpose));
}
