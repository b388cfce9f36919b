import { expect, test } from 'vitest';
import { backOffMs } from '../../../../src/transport/util/back-off.ts';

test('grows by the factor up to the longest wait, whatever the attempt', () => {
  const waits = [0, 1, 2, 3, 4, 5, 6, 100, 100_000].map((attempt) => backOffMs(attempt, { random: () => 1 }));
  expect(waits).toEqual([1000, 2000, 4000, 5000, 5000, 5000, 5000, 5000, 5000]);
  expect(backOffMs(3, { baseMs: 10, factor: 3, maxMs: 200, random: () => 1 })).toBe(200);
  expect(backOffMs(2, { baseMs: 10, factor: 3, maxMs: 200, random: () => 1 })).toBe(90);
});

test('a share that is not from 0 to 1 is bounded; one that cannot be had is all of it', () => {
  const throwing = (): number => {
    throw new Error('no randomness');
  };
  expect([throwing, () => Number.NaN, () => 5, () => -1].map((random) => backOffMs(0, { random }))).toEqual([1000, 1000, 1000, 0]);
  expect(backOffMs(0, { random: () => 'x' as never })).toBe(1000);
});

test('jitter goes from nothing to all of it', () => {
  expect(backOffMs(5, { random: () => 0 })).toBe(0);
  expect(backOffMs(0, { random: () => 0.25 })).toBe(250);
  const waits = Array.from({ length: 1000 }, () => backOffMs(2));
  expect(Math.max(...waits)).toBeLessThanOrEqual(4000);
  expect(new Set(waits).size).toBeGreaterThan(900);
});
