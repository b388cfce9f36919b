import { digits } from '../figures/units.ts';
import { difference } from '../figures/statistics.ts';
import type { Results } from './results.ts';
import { shown, type Standing, standings } from './standings.ts';

/** Ids of the targets the README tells of, in its order. */
const HEADLINES = ['T2', 'T3', 'T1', 'T1b', 'T1c', 'T1e', 'T18', 'T4', 'T7', 'T17'];

/** The run as a short list of ratios for the front page. */
export function readmeSection(results: Results): string {
  const all = standings(results);
  const told = HEADLINES.flatMap((id) => all.filter((one) => one.id === id && one.form !== 'amount'));
  const rows = told.map((one) => `| ${one.what} | ${shown(one, one.value)} |`);
  return ['| measured in one run | ratio |', '|---|---|', ...rows, '', conditions(results)].join('\n');
}

/** Every target with where the run stands. */
export function targetsSection(results: Results): string {
  const rows = standings(results).map(row);
  const missing = results.absences.map(({ part, contender, case: name, reason }) => {
    return `- ${[part, name, contender].filter(Boolean).join(' · ')}: ${reason.split('\n', 1)[0]}`;
  });
  const absent = missing.length === 0 ? [] : ['', 'Not measured in this run:', '', ...missing];
  return ['| | measure | this run | floor | goal | |', '|---|---|---|---|---|---|', ...rows, '', conditions(results), ...absent].join('\n');
}

function row(one: Standing): string {
  const verdict = one.verdict === 'MISSED' ? '**missed**' : one.verdict === 'goal' ? 'goal' : 'holds';
  return `| ${[one.id, one.what, shown(one, one.value), shown(one, one.floor), shown(one, one.goal), verdict].join(' | ')} |`;
}

/** Where the figures hold. */
function conditions({ machine, when, measures, controls }: Results): string {
  const rounds = Math.min(...measures.filter(({ part }) => part === 'call').map((one) => one.rounds.length), 99);
  const noise = noiseOf({ measures, controls });
  const pinned = machine.pinned ? 'client and server on a core each' : 'not pinned';
  const aa = noise === null ? '' : ` The same contender measured twice (A/A) differed by ${digits(noise * 100)} %.`;
  return `64 calls in flight on one connection, bodies of 128 B, default options, unless said otherwise. Medians of the ratios inside each of ${rounds} rounds; ${when.slice(0, 10)}, Node ${machine.node}, ${machine.cores} cores, ${pinned}, loopback.${aa}`;
}

/** How far the control is from itself in requests per second of the headline case. */
function noiseOf({ measures, controls }: Pick<Results, 'measures' | 'controls'>): number | null {
  const control = controls.find(({ part }) => part === 'call');
  const series = (contender: string | undefined): readonly (number | null)[] =>
    measures.find(
      (one) => one.part === 'call' && one.case.startsWith('k64 128 B c1') && one.figure === 'throughput' && one.contender === contender,
    )?.rounds ?? [];
  return difference(series(control?.contender), series(control?.again));
}
