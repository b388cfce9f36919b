import type { Unit } from '../figures/units.ts';
import type { Part } from './results.ts';

/** Name of the product's own series. */
export const OURS = 'opensearch-transport';

/** One series of a run. */
export interface Series {
  readonly part: Part;
  readonly case: string;
  readonly figure: string;
  readonly contender: string;
}

/** How a target's value is made of its series. */
export type Form =
  /** Ours divided by theirs. */
  | 'ratio'
  /** Theirs divided by ours: how many times lower ours is. */
  | 'times lower'
  /** The part of theirs that ours lacks, in per cent. */
  | 'loss'
  /** The figure itself. */
  | 'amount';

/** A measured value that this project promises: `limit` is the worst accepted value, `goal` the one aimed at. */
export interface Target {
  readonly id: string;
  /** What is measured, and in which case. */
  readonly metric: string;
  /** What it is compared with; null for an amount. With several series in {@link over}, the words before their names. */
  readonly versus: string | null;
  readonly form: Form;
  readonly ours: Series;
  /** The series it is compared with; the best of them counts. Empty for an amount. */
  readonly over: readonly Series[];
  /** Worst accepted value: a minimum where higher is better, a maximum where lower is better. */
  readonly limit: number;
  readonly goal: number;
  /** Of an amount. */
  readonly unit?: Unit;
}

/** Returns the direction in which a target's value is better. */
export function betterOf({ limit, goal }: Pick<Target, 'limit' | 'goal'>): 'higher' | 'lower' {
  return goal > limit ? 'higher' : 'lower';
}
