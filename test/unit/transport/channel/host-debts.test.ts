import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HostDebts } from '../../../../src/transport/channel/host-debts.ts';

const MIB = 1024 * 1024;
const SMALL = 1024;
const LARGE = 1025;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

test('32 MiB are free, then 16 MiB a second', () => {
  const debts = new HostDebts();
  debts.charge('a', LARGE, 32 * MIB);
  expect(debts.restMs('a', LARGE)).toBe(0);
  debts.charge('a', LARGE, -MIB);
  debts.charge('a', LARGE, 4 * MIB);
  expect(debts.restMs('a', LARGE)).toBe(250);
  expect(debts.restMs('b', LARGE)).toBe(0);
  vi.advanceTimersByTime(250);
  expect(debts.restMs('a', LARGE)).toBe(0);
});

test('large bodies wait for less than a second, and never make small ones wait', () => {
  const debts = new HostDebts();
  for (let i = 0; i < 100; i++) debts.charge('a', LARGE, 32 * MIB);
  expect(debts.restMs('a', LARGE)).toBeGreaterThan(900);
  expect(debts.restMs('a', LARGE)).toBeLessThan(1000);
  expect(debts.restMs('a', SMALL)).toBeLessThanOrEqual(0);
});

test('thousands of costly small bodies wait for each other', () => {
  const debts = new HostDebts();
  let passed = 0;
  for (let ms = 0; ms < 10_000; ms++) {
    if (debts.restMs('a', SMALL) <= 0) {
      debts.charge('a', SMALL, MIB);
      passed++;
    }
    vi.advanceTimersByTime(1);
  }
  // 32 MiB and 15 MiB at first, and 16 MiB a second.
  expect(passed).toBeGreaterThan(190);
  expect(passed).toBeLessThan(220);
  expect(debts.restMs('a', LARGE)).toBeLessThanOrEqual(1000);
});

test('a host is forgotten when a thousand others owe more', () => {
  const debts = new HostDebts();
  debts.charge('a', LARGE, 40 * MIB);
  for (let i = 0; i < 1000; i++) debts.charge(`host ${i}`, LARGE, 40 * MIB);
  expect(debts.restMs('a', LARGE)).toBe(0);
  expect(debts.restMs('host 999', LARGE)).toBe(500);
});
