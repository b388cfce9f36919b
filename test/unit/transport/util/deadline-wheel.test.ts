import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type DeadlineHolder, DeadlineWheel, isMadeBy, waitUntil } from '../../../../src/transport/util/deadline-wheel.ts';

class Holder implements DeadlineHolder {
  earliest: number;
  readonly isAwaited = true;
  readonly expired: number[] = [];
  readonly #then: () => void;

  constructor(wheel: DeadlineWheel, timeoutMs: number, then: () => void = () => undefined) {
    this.earliest = wheel.after(timeoutMs);
    this.#then = then;
    if (this.earliest < Number.POSITIVE_INFINITY) wheel.watch(this, this.earliest);
  }

  expire(now: number): void {
    this.expired.push(now);
    this.earliest = Number.POSITIVE_INFINITY;
    this.#then();
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('deadlines', () => {
  test.each([1, 5, 50, 99, 100, 101, 250, 999])('below a second %i ms are exact', (timeoutMs) => {
    const wheel = new DeadlineWheel();
    const holder = new Holder(wheel, timeoutMs);
    vi.advanceTimersByTime(timeoutMs - 1);
    expect(holder.expired).toHaveLength(0);
    vi.advanceTimersByTime(2);
    expect(holder.expired).toHaveLength(1);
  });

  test.each([1000, 1234, 30_000])('%i ms are never early and at most one tick late', (timeoutMs) => {
    const wheel = new DeadlineWheel();
    new Holder(wheel, 20_000_000);
    vi.advanceTimersByTime(77);
    const holder = new Holder(wheel, timeoutMs);
    vi.advanceTimersByTime(timeoutMs - 1);
    expect(holder.expired).toHaveLength(0);
    vi.advanceTimersByTime(102);
    expect(holder.expired).toHaveLength(1);
  });

  test('a short one that comes behind a long one is not late', () => {
    const wheel = new DeadlineWheel();
    new Holder(wheel, 30_000);
    vi.advanceTimersByTime(30);
    const holder = new Holder(wheel, 10);
    vi.advanceTimersByTime(11);
    expect(holder.expired).toHaveLength(1);
  });

  test('an infinite one never comes and holds no timer', () => {
    const wheel = new DeadlineWheel();
    const holder = new Holder(wheel, Number.POSITIVE_INFINITY);
    expect(holder.earliest).toBe(Number.POSITIVE_INFINITY);
    expect(wheel.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('with the last holder the clock stops; it starts again with the next', () => {
    const wheel = new DeadlineWheel();
    for (let round = 0; round < 3; round++) {
      const holder = new Holder(wheel, 10);
      vi.advanceTimersByTime(200);
      expect(holder.expired).toHaveLength(1);
      expect(wheel.size).toBe(0);
      expect(vi.getTimerCount()).toBe(0);
      vi.advanceTimersByTime(3_600_000);
    }
  });

  test('ten thousand holders need one timer', () => {
    const wheel = new DeadlineWheel();
    const holders = Array.from({ length: 10_000 }, (_, i) => new Holder(wheel, 1 + (i % 900)));
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1100);
    expect(holders.every(({ expired }) => expired.length === 1)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a holder that begins another wait while it expires is looked after', () => {
    const wheel = new DeadlineWheel();
    let second: Holder | undefined;
    new Holder(wheel, 10, () => (second = new Holder(wheel, 10)));
    vi.advanceTimersByTime(12);
    expect(second?.expired).toHaveLength(0);
    vi.advanceTimersByTime(220);
    expect(second?.expired).toHaveLength(1);
  });

  test('one holder that throws does not stop the clock of the others', () => {
    const wheel = new DeadlineWheel();
    new Holder(wheel, 10, () => {
      throw new Error('mine alone');
    });
    const [same, later] = [new Holder(wheel, 10), new Holder(wheel, 300)];
    expect(() => vi.advanceTimersByTime(50)).toThrow('mine alone');
    vi.advanceTimersByTime(500);
    expect([same.expired.length, later.expired.length]).toEqual([1, 1]);
    expect(wheel.size).toBe(0);
  });

  /** So much time passes without a turn of the event loop. */
  function standStill(ms: number): void {
    vi.setSystemTime(Date.now() + ms);
    const now = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => now() + ms);
  }

  test('time in which the process stood still counts, and one look is enough for all of it', () => {
    const wheel = new DeadlineWheel();
    const holder = new Holder(wheel, 5_000);
    vi.advanceTimersByTime(100);
    standStill(20_000);
    vi.advanceTimersByTime(102);
    expect(holder.expired).toHaveLength(1);
    vi.restoreAllMocks();
  });

  test('a deadline that is set behind a standstill is not early', () => {
    const wheel = new DeadlineWheel();
    new Holder(wheel, 60_000);
    vi.advanceTimersByTime(10);
    standStill(20_000);
    const holder = new Holder(wheel, 2_000);
    vi.advanceTimersByTime(1_999);
    expect(holder.expired).toHaveLength(0);
    vi.advanceTimersByTime(101);
    expect(holder.expired).toHaveLength(1);
    vi.restoreAllMocks();
  });

  test.each([
    ['at the end of the standstill', 900, 0],
    ['behind an exact deadline', 900, 500],
    ['after a long one', 30_000, 0],
  ])('nor is a rough one that is set %s', (_what, stoodMs, exactMs) => {
    const wheel = new DeadlineWheel();
    new Holder(wheel, 60_000);
    vi.advanceTimersByTime(10);
    const { calls, postponed } = roughHolder(wheel);
    standStill(stoodMs);
    calls.add(1_000);
    if (exactMs > 0) new Holder(wheel, exactMs);
    vi.advanceTimersByTime(999);
    expect(calls.expired).toBe(0);
    expect(postponed).toHaveLength(1);
    vi.advanceTimersByTime(stoodMs + 300);
    expect(calls.expired).toBe(1);
    vi.restoreAllMocks();
  });

  /** Holds one rough deadline, as a table of calls does. */
  function roughHolder(wheel: DeadlineWheel) {
    const postponed: number[] = [];
    const calls = {
      earliest: Number.POSITIVE_INFINITY,
      isAwaited: true,
      expired: 0,
      timeoutMs: 0,
      add(timeoutMs: number): void {
        calls.timeoutMs = timeoutMs;
        calls.earliest = wheel.roughlyAfter(timeoutMs);
        wheel.watch(calls, calls.earliest);
      },
      postpone(since: number, byMs: number): void {
        if (!isMadeBy(since, calls.earliest, calls.timeoutMs)) return;
        calls.earliest += byMs;
        postponed.push(byMs);
      },
      expire(): void {
        calls.expired++;
        calls.earliest = Number.POSITIVE_INFINITY;
      },
    };
    return { calls, postponed };
  }

  test('what is due expires behind the next poll: an answer that is read in it is in time', () => {
    const wheel = new DeadlineWheel();
    const holder = new Holder(wheel, 10);
    const setImmediate = vi.spyOn(globalThis, 'setImmediate').mockImplementation(() => undefined as never);
    vi.advanceTimersByTime(50);
    expect(holder.expired).toHaveLength(0);
    expect(setImmediate).toHaveBeenCalledTimes(1);
    holder.earliest = Number.POSITIVE_INFINITY;
    const [[expire, now]] = setImmediate.mock.calls as unknown as [[(now: number) => void, number]];
    expire(now);
    expect(holder.expired).toHaveLength(0);
    expect(wheel.size).toBe(0);
    vi.restoreAllMocks();
  });
});

describe('waitUntil', () => {
  test('calls back once, unless cancelled', () => {
    const [due, cancelled] = [vi.fn(), vi.fn()];
    waitUntil(50, due);
    const stop = waitUntil(50, cancelled);
    stop();
    vi.advanceTimersByTime(500);
    stop();
    expect(due).toHaveBeenCalledTimes(1);
    expect(cancelled).not.toHaveBeenCalled();
  });

  test('an infinite wait is none', () => {
    const due = vi.fn();
    waitUntil(Number.POSITIVE_INFINITY, due)();
    vi.advanceTimersByTime(1e9);
    expect(due).not.toHaveBeenCalled();
  });
});
