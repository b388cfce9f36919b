import { median } from './statistics.ts';

/** A value and the interval that holds it with 95 % confidence. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 2000;
const TAIL = 0.025;
const SEED = 0x9e3779b9;

/**
 * Returns the median of series that were taken in blocks, with a bootstrap interval.
 *
 * Values of one block share what a pair of processes is like (its compiled code, its place in memory), so they are not independent. Whole blocks are drawn,
 * then values inside each of them. A fixed seed makes the interval of a results file reproducible.
 */
export function blockBootstrap(blocks: readonly (readonly number[])[]): Interval {
  const random = generator(SEED);
  const draw = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const medians = Array.from({ length: RESAMPLES }, () =>
    estimate(
      blocks.map(() => {
        const block = draw(blocks);
        return block.map(() => draw(block));
      }),
    ),
  ).sort((a, b) => a - b);
  const at = (share: number): number => medians[Math.round(share * (RESAMPLES - 1))] as number;
  return { value: estimate(blocks), low: at(TAIL), high: at(1 - TAIL) };
}

/** The mean of the blocks' medians: a block counts once, whatever happened in it. */
function estimate(blocks: readonly (readonly number[])[]): number {
  return blocks.reduce((sum, block) => sum + median(block), 0) / blocks.length;
}

/** A small generator of uniform numbers from 0 to 1 (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
