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

/** What is made of a series and those it is compared with. */
export type Form =
  /** Ours divided by theirs. */
  | 'ratio'
  /** Theirs divided by ours: how many times less we need. */
  | 'times less'
  /** Per cent of theirs that ours lacks. */
  | 'lost'
  /** The figure itself. */
  | 'amount';

/** Something that has to hold: its floor at least, its goal at best. */
export interface Target {
  readonly id: string;
  /** What is measured, in words. */
  readonly what: string;
  readonly form: Form;
  readonly ours: Series;
  /** Those it is compared with: the best of them counts. Empty for an amount. */
  readonly over: readonly Series[];
  readonly floor: number;
  readonly goal: number;
  /** Of an amount. */
  readonly unit?: Unit;
}
