import { describe, expect, test } from 'vitest';
import { blockBootstrap } from '../../../bench/figures/bootstrap.ts';

/** Blocks that differ by `between`, of values that differ by `within`, all around `centre`. */
function blocksAround(centre: number, between: number, within: number): number[][] {
  return [-1, -0.5, 0, 0, 0.5, 1].map((block) => [-1, -0.3, 0, 0.3, 1].map((value) => centre + block * between + value * within));
}

describe('blockBootstrap', () => {
  test('centres on the values', () => {
    expect(blockBootstrap(blocksAround(1.02, 0.01, 0.01)).value).toBeCloseTo(1.02, 6);
  });

  test('is not misled by many values of few blocks: what differs between blocks widens the interval', () => {
    const narrow = blockBootstrap(blocksAround(1, 0, 0.01));
    const wide = blockBootstrap(blocksAround(1, 0.03, 0.01));
    expect(wide.high - wide.low).toBeGreaterThan(2 * (narrow.high - narrow.low));
  });

  test('tells a cost of 3 % from nothing, and finds nothing where there is nothing', () => {
    const cost = blockBootstrap(blocksAround(0.97, 0.01, 0.02));
    expect(cost.high).toBeLessThan(1);
    const nothing = blockBootstrap(blocksAround(1, 0.01, 0.02));
    expect(nothing.low).toBeLessThan(1);
    expect(nothing.high).toBeGreaterThan(1);
  });

  test('gives the same interval for the same values', () => {
    expect(blockBootstrap(blocksAround(1, 0.01, 0.01))).toEqual(blockBootstrap(blocksAround(1, 0.01, 0.01)));
  });
});
