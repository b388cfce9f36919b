import { difference, median, paired, uncertainty } from '../figures/statistics.ts';
import { type Measure, ran, type Results } from './results.ts';

/** Differences smaller than this are not claimed, whatever the rounds say. */
const LEAST_SMALL = 0.05;
const LEAST_BULK = 0.25;
/** Fewer rounds than this do not show their spread: nothing is claimed. */
const LEAST_ROUNDS = 3;
/** Contenders that stay what they are between two branches, the steadiest first: what both runs are measured against. */
const ANCHORS = ['raw net', 'protobufjs'];

/** One figure in two runs. */
export interface Change {
  readonly name: string;
  readonly unit: Measure['unit'];
  readonly a: number;
  readonly b: number;
  /** B ÷ A, each as its ratio to the anchor where there is one. */
  readonly ratio: number;
  /** Share within which nothing is claimed. */
  readonly bound: number;
  readonly anchor: string | null;
  readonly verdict: 'better' | 'worse' | 'same' | 'too few rounds';
}

/** What of a contender changed from run A to run B; only figures that are in both. */
export function changes(a: Results, b: Results, contender: string): Change[] {
  return a.measures.flatMap((inA) => {
    if (inA.contender !== contender) return [];
    const inB = same(b, inA, contender);
    return inB === undefined || ran(inA).length === 0 || ran(inB).length === 0 ? [] : [changeOf(a, b, inA, inB)];
  });
}

function changeOf(a: Results, b: Results, inA: Measure, inB: Measure): Change {
  const anchor =
    ANCHORS.find((name) => name !== inA.contender && same(a, inA, name) !== undefined && same(b, inA, name) !== undefined) ?? null;
  const [seriesA, seriesB] = [against(a, inA, anchor), against(b, inB, anchor)];
  const ratio = median(seriesB) / median(seriesA);
  const bound = Math.max(
    inA.part === 'bulk' ? LEAST_BULK : LEAST_SMALL,
    noise(a, inA),
    noise(b, inB),
    uncertainty(seriesA) + uncertainty(seriesB),
  );
  const gain = inA.better === 'higher' ? ratio - 1 : 1 - ratio;
  const rounds = Math.min(seriesA.length, seriesB.length);
  return {
    name: `${inA.part} · ${inA.case} · ${inA.figure}`,
    unit: inA.unit,
    a: median(ran(inA)),
    b: median(ran(inB)),
    ratio,
    bound,
    anchor,
    verdict: Math.abs(ratio - 1) <= bound ? 'same' : rounds < LEAST_ROUNDS ? 'too few rounds' : gain > 0 ? 'better' : 'worse',
  };
}

/** The rounds as ratios to the anchor's, so that a machine that became slower between the runs does not count. */
function against(results: Results, measure: Measure, anchor: string | null): number[] {
  const base = anchor === null ? undefined : same(results, measure, anchor);
  return base === undefined ? ran(measure) : paired(measure.rounds, base.rounds);
}

/** How far the control was from itself: the A/A of this case. */
function noise(results: Results, measure: Measure): number {
  const control = results.controls.find(({ part }) => part === measure.part);
  const [first, second] = [same(results, measure, control?.contender ?? ''), same(results, measure, control?.again ?? '')];
  if (first === undefined || second === undefined) return 0;
  return difference(first.rounds, second.rounds) ?? 0;
}

function same(results: Results, of: Measure, contender: string): Measure | undefined {
  return results.measures.find(
    (one) => one.part === of.part && one.case === of.case && one.figure === of.figure && one.contender === contender,
  );
}
