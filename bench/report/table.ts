import { difference, median, paired, spread } from '../figures/statistics.ts';
import { caseTitle, figureTitle } from '../corpus/titles.ts';
import { digits, withUnit } from '../figures/units.ts';
import { type Measure, ran, type Results } from './results.ts';

/** Measures of one case and figure, side by side. */
export interface Group {
  readonly part: Measure['part'];
  readonly case: string;
  readonly figure: string;
  readonly unit: Measure['unit'];
  readonly better: Measure['better'];
  readonly rows: readonly Row[];
  /** How far the control is from itself, as a share; null when it did not run twice. */
  readonly aa: number | null;
}

/** One contender in a group. */
export interface Row {
  readonly contender: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Median of the ratios to the control inside each round; null for the control, and for a contender that shares no round with it. */
  readonly ratio: number | null;
  readonly role: 'control' | 'again' | 'peer';
}

/** Groups the measures of a run by case and figure, the best contender first. */
export function group(results: Pick<Results, 'measures' | 'controls'>): Group[] {
  const groups = new Map<string, Measure[]>();
  for (const measure of results.measures) {
    const key = [measure.part, measure.case, measure.figure].join('\n');
    groups.set(key, [...(groups.get(key) ?? []), measure]);
  }
  return [...groups.values()].map((measures) => groupOf(measures, results.controls));
}

function groupOf(measures: readonly Measure[], controls: Results['controls']): Group {
  const { part, case: name, figure, unit, better } = measures[0] as Measure;
  const control = controls.find((one) => one.part === part);
  const base = measures.find(({ contender }) => contender === control?.contender);
  const second = measures.find(({ contender }) => contender === control?.again);
  const rows = measures.map((measure): Row => {
    const ratios = base === undefined || measure === base ? [] : paired(measure.rounds, base.rounds);
    const role = measure === base ? 'control' : measure === second ? 'again' : 'peer';
    return { contender: measure.contender, ...spread(ran(measure)), ratio: ratios.length > 0 ? median(ratios) : null, role };
  });
  rows.sort((a, b) => (better === 'higher' ? b.median - a.median : a.median - b.median));
  return {
    part,
    case: name,
    figure,
    unit,
    better,
    rows,
    aa: base === undefined || second === undefined ? null : difference(base.rounds, second.rounds),
  };
}

/** Parts with so many cases that each gets one line. */
const BY_LINE: readonly Measure['part'][] = ['codec'];

/** Returns the groups as text: median, bounds and the ratio to the control, with unit and direction; one line per case where there are many. */
export function table(groups: readonly Group[]): string {
  const blocks: string[] = [];
  for (const part of new Set(groups.map((one) => one.part))) {
    const own = groups.filter((one) => one.part === part);
    if (BY_LINE.includes(part)) blocks.push(...[...new Set(own.map(({ figure }) => figure))].map((figure) => linesText(own, figure)));
    else blocks.push(...own.map(groupText));
  }
  return blocks.join('\n\n');
}

function linesText(groups: readonly Group[], figure: string): string {
  const own = groups.filter((one) => one.figure === figure);
  const cells = lines(own);
  return [`${own[0]?.part} · ${figureTitle(figure)} · lower is better (in brackets: times the first column)`, ...columns(cells)].join('\n');
}

/** Returns a heading and a line for each case: the control first, then the other contenders with their ratio to it. */
export function lines(groups: readonly Group[]): string[][] {
  const names = [...new Set(groups.flatMap(({ rows }) => rows.map(({ contender }) => contender)))];
  const control = groups.flatMap(({ rows }) => rows).find(({ role }) => role === 'control')?.contender;
  names.sort((a, b) => Number(b === control) - Number(a === control));
  const body = groups.map(({ case: name, unit, rows }) => [
    name,
    ...names.map((contender) => {
      const row = rows.find((one) => one.contender === contender);
      if (row === undefined) return '';
      return `${withUnit(row.median, unit)}${row.ratio === null ? '' : ` (× ${digits(row.ratio)})`}`;
    }),
  ]);
  return [['', ...names], ...body];
}

function groupText({ part, case: name, figure, unit, better, aa, rows }: Group): string {
  const noise = aa === null ? '' : `   A/A ±${digits(aa * 100)} %`;
  const lines = rows.map(({ contender, median: middle, min, max, ratio }) => [
    contender,
    withUnit(middle, unit),
    min === max ? '' : `${withUnit(min, unit)} – ${withUnit(max, unit)}`,
    ratio === null ? '' : `× ${digits(ratio)}`,
  ]);
  return [`${part} · ${caseTitle(name)} · ${figureTitle(figure)} · ${better} is better${noise}`, ...columns(lines)].join('\n');
}

/** Pads cells so that columns align: texts to the left, figures to the right. @param texts how many columns, from the first, hold texts */
export function columns(rows: readonly (readonly string[])[], texts = 1): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) =>
    `  ${row.map((cell, at) => (at < texts ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ')}`.trimEnd(),
  );
}
