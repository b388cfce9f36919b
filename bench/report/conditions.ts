import { difference, median } from '../figures/statistics.ts';
import { digits } from '../figures/units.ts';
import type { Results } from './results.ts';

/** Share of the machine that other processes may use before a run is called disturbed. */
const QUIET_SHARE = 0.04;

/** Returns when and where a run was taken. */
export function measuredWhen({ when, machine }: Results): string {
  const pinned = machine.pinned ? 'client and server on a core each' : 'processes not pinned';
  return `${when.slice(0, 10)}, Node ${machine.node}, ${machine.cpu}, ${machine.cores} cores, ${pinned}, loopback.`;
}

/** Returns what the run says about its own noise: its A/A, and how much of the machine others used. */
export function noiseText(results: Results): string {
  const noise = noiseOf(results);
  const others = results.others ?? null;
  const aa = noise === null ? '' : `Noise: measuring the same library twice gave a difference of ${digits(noise * 100)} %.`;
  const disturbed = `Other processes used ${digits((others ?? 0) * 100)} % of the machine: these figures are provisional.`;
  return [aa, others !== null && others > QUIET_SHARE ? disturbed : ''].filter(Boolean).join(' ');
}

/** Returns why a run must not be published, or null. */
export function whyNotPublish({ mode, others }: Pick<Results, 'mode' | 'others'>): string | null {
  if (mode === 'quick') return 'cannot publish a quick run: it is not a measurement';
  if ((others ?? 0) <= QUIET_SHARE) return null;
  return `cannot publish a disturbed run: other processes used ${digits((others ?? 0) * 100)} % of the machine, expected at most ${QUIET_SHARE * 100} %`;
}

/** Returns the median share of the machine that other processes used during the samples; null where it is not known. */
export function othersShare(samples: Results['samples']): number | null {
  const shares = samples.flatMap((sample) => {
    const { others } = sample as { others?: number | null };
    return typeof others === 'number' ? [others] : [];
  });
  return shares.length === 0 ? null : median(shares);
}

/** How far the control is from itself in calls per second of the headline case. */
function noiseOf({ measures, controls }: Pick<Results, 'measures' | 'controls'>): number | null {
  const control = controls.find(({ part }) => part === 'call');
  const series = (contender: string | undefined): readonly (number | null)[] =>
    measures.find((one) => one.part === 'call' && one.case === 'k64 128 B c1' && one.figure === 'throughput' && one.contender === contender)
      ?.rounds ?? [];
  return difference(series(control?.contender), series(control?.again));
}
