import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Histogram } from '../../../../src/transport/util/histogram.ts';

function of(times: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const ms of times) histogram.record(ms);
  return histogram;
}

describe('histogram', () => {
  test('empty, it says nothing', () => {
    const histogram = new Histogram();
    expect([histogram.count, histogram.sumMs, histogram.maxMs, histogram.quantile(0.5)]).toEqual([0, 0, 0, 0]);
  });

  test('it counts and adds up', () => {
    const histogram = of([1, 2, 3.5]);
    expect([histogram.count, histogram.sumMs, histogram.maxMs]).toEqual([3, 6.5, 3.5]);
  });

  test('a quantile is the end of the bucket its time lies in: at most an eighth, or a microsecond, too long, never too short', () => {
    const time = fc.double({ min: 0, max: 1_000_000, noNaN: true });
    fc.assert(
      fc.property(fc.array(time, { minLength: 1, maxLength: 50 }), fc.double({ min: 0.01, max: 1, noNaN: true }), (times, share) => {
        const exact = times.toSorted((a, b) => a - b)[Math.ceil(times.length * share) - 1] as number;
        const found = of(times).quantile(share);
        expect(found).toBeGreaterThanOrEqual(exact);
        expect(found).toBeLessThanOrEqual(exact * 1.125 + 0.001);
      }),
    );
  });

  test('what is too long for its buckets counts as the longest', () => {
    const histogram = of([1, Number.POSITIVE_INFINITY]);
    expect(histogram.quantile(1)).toBeGreaterThan(1_000_000);
    expect(histogram.maxMs).toBe(Number.POSITIVE_INFINITY);
  });
});

test('console.log and JSON show its figures', () => {
  const histogram = new Histogram();
  for (let ms = 1; ms <= 100; ms++) histogram.record(ms);
  const figures = { count: 100, sumMs: 5050, maxMs: 100 };
  expect(JSON.parse(JSON.stringify({ latency: histogram }))).toMatchObject({ latency: figures });
  expect(histogram.toJSON().p50Ms).toBeCloseTo(50, -1);
  const shown = inspect([{ latency: histogram }]);
  for (const text of ['count: 100', 'sumMs: 5050', 'p50Ms:', 'p90Ms:', 'p99Ms:', 'maxMs: 100']) expect(shown).toContain(text);
});
