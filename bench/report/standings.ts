import { median, paired } from '../figures/statistics.ts';
import { digits, withUnit } from '../figures/units.ts';
import { type Measure, ran, type Results } from './results.ts';
import { columns } from './table.ts';
import type { Series, Target } from './target.ts';
import { TARGETS } from './targets.ts';

/** How a run stands to a target. */
export interface Standing extends Target {
  readonly value: number;
  readonly verdict: 'goal' | 'holds' | 'MISSED';
}

/** How the run stands to each target it measured. */
export function standings({ measures }: Pick<Results, 'measures'>): Standing[] {
  return TARGETS.flatMap((target) => {
    const value = valueOf(target, measures);
    return value === null ? [] : [{ ...target, value, verdict: verdictOf(target, value) }];
  });
}

/** The standings as text. */
export function standingsText(all: readonly Standing[]): string {
  return ['targets', ...columns(standingRows(all))].join('\n');
}

/** The standings as rows of cells: id, what, value, floor, goal, verdict. */
export function standingRows(all: readonly Standing[]): string[][] {
  return all.map((one) => [
    `${one.id}  ${one.what}`,
    shown(one, one.value),
    `floor ${shown(one, one.floor)}`,
    `goal ${shown(one, one.goal)}`,
    one.verdict,
  ]);
}

/** A value of a target with what it counts. */
export function shown({ form, unit }: Target, value: number): string {
  if (form === 'amount') return withUnit(value, unit ?? '×');
  return form === 'lost' ? `${digits(value)} %` : digits(value);
}

function valueOf({ form, ours, over }: Target, measures: readonly Measure[]): number | null {
  const own = find(measures, ours);
  if (own === undefined || ran(own).length === 0) return null;
  if (form === 'amount') return median(ran(own));
  const ratios = over.flatMap((series) => {
    const theirs = find(measures, series);
    const pairs = theirs === undefined ? [] : paired(own.rounds, theirs.rounds);
    return pairs.length === 0 ? [] : [median(pairs)];
  });
  if (ratios.length === 0) return null;
  // The hardest to beat of several.
  const least = own.better === 'higher' ? Math.min(...ratios) : Math.max(...ratios);
  if (form === 'ratio') return least;
  return form === 'lost' ? (1 - least) * 100 : 1 / least;
}

function verdictOf({ floor, goal }: Target, value: number): Standing['verdict'] {
  const higher = goal > floor;
  if (higher ? value >= goal : value <= goal) return 'goal';
  return (higher ? value >= floor : value <= floor) ? 'holds' : 'MISSED';
}

function find(measures: readonly Measure[], { part, case: name, figure, contender }: Series): Measure | undefined {
  return measures.find((one) => one.part === part && one.case === name && one.figure === figure && one.contender === contender);
}
