import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Channel } from '../../../../src/transport/channel/channel.ts';
import { KeepAlive } from '../../../../src/transport/channel/keep-alive.ts';

class FakeChannel {
  receivedCount = 0;
  writtenCount = 0;
  pings = 0;

  ping(): void {
    this.pings++;
    this.writtenCount++;
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('an idle channel gets one ping a round, a busy one none', () => {
  const keepAlive = new KeepAlive(1000);
  const [idle, reading, writing, gone] = [new FakeChannel(), new FakeChannel(), new FakeChannel(), new FakeChannel()];
  for (const channel of [idle, reading, writing, gone]) keepAlive.add(channel as unknown as Channel);
  keepAlive.remove(gone as unknown as Channel);
  for (let round = 0; round < 5; round++) {
    reading.receivedCount++;
    writing.writtenCount++;
    vi.advanceTimersByTime(1000);
  }
  expect([idle.pings, reading.pings, writing.pings, gone.pings]).toEqual([5, 0, 0, 0]);
  vi.advanceTimersByTime(1000);
  expect([idle.pings, reading.pings, writing.pings]).toEqual([6, 1, 1]);
  keepAlive.stop();
  vi.advanceTimersByTime(10_000);
  expect(idle.pings).toBe(6);
  expect(vi.getTimerCount()).toBe(0);
});
