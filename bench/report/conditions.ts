import { difference, median } from '../figures/statistics.ts';
import { digits } from '../figures/units.ts';
import type { Results } from './results.ts';
import type { Series } from './target.ts';

/** Share of the machine that other processes may use before a run is called disturbed. */
const QUIET_SHARE = 0.04;

/** The figures whose noise a run tells. */
const HEADLINES: readonly (readonly [name: string, of: Omit<Series, 'contender'>])[] = [
  ['calls per second', { part: 'call', case: 'k64 128 B c1', figure: 'throughput' }],
  ['CPU per call', { part: 'call', case: 'k64 128 B c1', figure: 'cpu' }],
  ['latency of a single call', { part: 'call', case: 'k1 128 B c1', figure: 'p50' }],
  ['1 MiB echo', { part: 'bulk', case: 'k8 1 MiB c1', figure: 'throughput' }],
];

/** Returns when and where a run was taken. */
export function measuredWhen({ when, machine }: Results): string {
  const pinned = machine.pinned ? 'client and server on a core each' : 'processes not pinned';
  return `${when.slice(0, 10)}, Node ${machine.node}, ${machine.cpu}, ${machine.cores} cores, ${pinned}, loopback.`;
}

/** Returns what the run says about its own noise: the A/A of its headline figures, and how much of the machine others used. */
export function noiseText(results: Results): string {
  const figures = HEADLINES.flatMap(([name, series]) => {
    const noise = noiseOf(series, results);
    return noise === null ? [] : [`${name} ${digits(noise * 100)} %`];
  });
  const aa = figures.length === 0 ? '' : `Noise (the same library measured twice): ${figures.join(', ')}.`;
  return [aa, disturbanceText(results)].filter(Boolean).join(' ');
}

/** Returns a sentence about other processes that disturbed the run; empty if none did. */
export function disturbanceText({ others }: Pick<Results, 'others'>): string {
  if ((others ?? 0) <= QUIET_SHARE) return '';
  return `Other processes used ${digits((others ?? 0) * 100)} % of the machine: these figures are provisional.`;
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

/** How far the control is from itself in a figure; null where it was not measured twice. */
function noiseOf(of: Omit<Series, 'contender'>, { measures, controls }: Pick<Results, 'measures' | 'controls'>): number | null {
  const control = controls.find(({ part }) => part === of.part);
  const rounds = (contender: string | undefined): readonly (number | null)[] =>
    measures.find((one) => one.part === of.part && one.case === of.case && one.figure === of.figure && one.contender === contender)
      ?.rounds ?? [];
  return difference(rounds(control?.contender), rounds(control?.again));
}
