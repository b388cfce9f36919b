import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { arrivals } from '../../../../src/transport/util/arrival-clock.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  arrivals.end();
  vi.useRealTimers();
});

test('within a read the time stands still, from the first look on', () => {
  vi.advanceTimersByTime(10);
  arrivals.begin();
  vi.advanceTimersByTime(5);
  const first = arrivals.now();
  vi.advanceTimersByTime(5);
  expect(arrivals.now()).toBe(first);
  expect(first).toBe(performance.now() - 5);
});

test('each read has a time of its own, and between reads it is the time', () => {
  arrivals.begin();
  const first = arrivals.now();
  arrivals.end();
  vi.advanceTimersByTime(7);
  expect(arrivals.now()).toBe(first + 7);
  vi.advanceTimersByTime(7);
  arrivals.begin();
  expect(arrivals.now()).toBe(first + 14);
});
