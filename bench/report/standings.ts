import { blockBootstrap, type Interval } from '../figures/bootstrap.ts';
import { difference, median, paired, uncertainty } from '../figures/statistics.ts';
import { digits, withUnit } from '../figures/units.ts';
import { type Measure, ran, type Results } from './results.ts';
import { columns } from './table.ts';
import { betterOf, type Series, type Target } from './target.ts';
import { TARGETS } from './targets.ts';

type Measured = Pick<Results, 'measures' | 'controls'>;

/** How a run stands to a target. `low` and `high` bound the value with the noise of the run. */
export interface Standing extends Target, Interval {
  /** How far the same comparison of a contender with itself is from equal (A/A), as a share; null where it was not measured. */
  readonly noise: number | null;
  /** `goal`: reaches the goal. `holds`: within the limit. `unclear`: beyond the limit, but the limit is inside the bounds. `missed`: beyond it, bounds included. */
  readonly verdict: 'goal' | 'holds' | 'unclear' | 'missed';
}

/** Returns how a run stands to each target that it measured. */
export function standings(results: Measured): Standing[] {
  return TARGETS.flatMap((target) => {
    const interval = intervalOf(target, results.measures);
    if (interval === null) return [];
    return [
      {
        ...target,
        versus: versusOf(target, results.measures),
        ...interval,
        noise: noiseOf(target, results),
        verdict: verdictOf(target, interval),
      },
    ];
  });
}

/** What a value is compared with. If it is the best of several contenders, their names: those that the run measured. */
function versusOf({ versus, over }: Target, measures: readonly Measure[]): string | null {
  if (over.length < 2) return versus;
  const names = over.filter((series) => find(measures, series) !== undefined).map(({ contender }) => contender);
  return `${versus} ${names.join(', ')}`;
}

/** Headings of {@link standingRows}. */
export const STANDING_COLUMNS = [
  'id',
  'metric',
  'unit',
  'compared with',
  'better',
  'this run',
  'bounds',
  'A/A',
  'limit',
  'goal',
  'verdict',
];

/** How many of {@link STANDING_COLUMNS} hold texts. */
const TEXT_COLUMNS = 5;

/** Returns the standings as text. */
export function standingsText(all: readonly Standing[]): string {
  return ['Targets', ...columns([STANDING_COLUMNS, ...standingRows(all)], TEXT_COLUMNS)].join('\n');
}

/** Returns the standings as rows of cells. */
export function standingRows(all: readonly Standing[]): string[][] {
  return all.map((one) => [
    one.id,
    one.metric,
    unitOf(one),
    one.versus ?? '–',
    betterOf(one),
    shown(one, one.value),
    `${shown(one, one.low)} – ${shown(one, one.high)}`,
    one.noise === null ? '–' : `±${digits(one.noise * 100)} %`,
    shown(one, one.limit),
    shown(one, one.goal),
    one.verdict,
  ]);
}

/** Returns a value of a target with its unit. */
export function shown({ form, unit }: Target, value: number): string {
  if (form === 'amount') return withUnit(value, unit ?? '×');
  return form === 'loss' ? `${digits(value)} %` : `${digits(value)}×`;
}

function unitOf({ form, unit }: Target): string {
  if (form === 'ratio') return 'ours ÷ theirs';
  return form === 'amount' ? (unit ?? '×') : form === 'loss' ? '%' : 'theirs ÷ ours';
}

function intervalOf({ form, ours, over }: Target, measures: readonly Measure[]): Interval | null {
  const own = find(measures, ours);
  if (own === undefined || ran(own).length === 0) return null;
  if (form === 'amount') return around(ran(own));
  const series = over.flatMap((one) => {
    const theirs = find(measures, one);
    const ratios = theirs === undefined ? [] : paired(own.rounds, theirs.rounds);
    return ratios.length === 0 ? [] : [ratios];
  });
  const [first, ...others] = series;
  if (first === undefined) return null;
  // Of several, the one that is hardest to beat.
  const isHarder = (a: number, b: number): boolean => (own.better === 'higher' ? a < b : a > b);
  const hardest = others.reduce((best, one) => (isHarder(median(one), median(best)) ? one : best), first);
  if (form === 'ratio') return interval(hardest, own.block);
  if (form === 'loss') return map(interval(hardest, own.block), (ratio) => (1 - ratio) * 100);
  return map(interval(hardest, own.block), (ratio) => 1 / ratio);
}

function interval(values: readonly number[], block: number | undefined): Interval {
  return block === undefined ? around(values) : blockBootstrap(blocksOf(values, block));
}

function around(values: readonly number[]): Interval {
  const value = median(values);
  const half = Math.abs(value) * (values.length > 1 ? uncertainty(values) : 0);
  // Ratios and amounts cannot be negative, however wide their noise.
  return { value, low: Math.max(Math.min(value, 0), value - half), high: value + half };
}

function blocksOf(values: readonly number[], block: number): number[][] {
  return Array.from({ length: Math.ceil(values.length / block) }, (_, at) => values.slice(at * block, (at + 1) * block));
}

function map({ value, low, high }: Interval, by: (value: number) => number): Interval {
  const ends = [by(low), by(high)].sort((a, b) => a - b) as [number, number];
  return { value: by(value), low: ends[0], high: ends[1] };
}

function noiseOf({ form, ours, over }: Target, { measures, controls }: Measured): number | null {
  const control = controls.find(({ part }) => part === ours.part);
  if (control === undefined) return null;
  const of = (series: Series, contender: string): readonly (number | null)[] | undefined =>
    find(measures, { ...series, contender })?.rounds;
  if (form === 'loss') {
    const series: Series = { ...ours, case: control.case ?? ours.case };
    const [first, second] = [of(series, control.contender), of(series, control.again)];
    if (first === undefined || second === undefined) return null;
    const { low, high } = interval(paired(second, first), find(measures, { ...series, contender: control.contender })?.block);
    return Math.max(Math.abs(low - 1), Math.abs(high - 1));
  }
  const [first, second] = [of(ours, control.contender), of(ours, control.again)];
  if (first === undefined || second === undefined) return null;
  const [base] = over;
  if (ours.part !== 'scaling' || base === undefined) return difference(first, second);
  // The A/A of a growth is the growth measured twice.
  const [less, lessAgain] = [of(base, control.contender), of(base, control.again)];
  return less === undefined || lessAgain === undefined ? null : difference(paired(first, less), paired(second, lessAgain));
}

function verdictOf(target: Target, { value, low, high }: Interval): Standing['verdict'] {
  const { limit, goal } = target;
  const isHigher = betterOf(target) === 'higher';
  const reaches = (reached: number, bound: number): boolean => (isHigher ? reached >= bound : reached <= bound);
  if (reaches(value, goal)) return 'goal';
  if (reaches(value, limit)) return 'holds';
  return reaches(isHigher ? high : low, limit) ? 'unclear' : 'missed';
}

function find(measures: readonly Measure[], { part, case: name, figure, contender }: Series): Measure | undefined {
  return measures.find((one) => one.part === part && one.case === name && one.figure === figure && one.contender === contender);
}
