import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { IdlePings } from '../../../../src/devnode/extensions/idle-pings.ts';
import type { Channel } from '../../../../src/transport/channel/channel.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

class FakeChannel {
  writtenCount = 0;
  pings = 0;
  ping(): void {
    this.pings++;
    this.writtenCount++;
  }
}

const asChannel = (channel: FakeChannel) => channel as unknown as Channel;

test('each channel that was silent for an interval gets a ping, whatever the peer does', () => {
  const pings = new IdlePings(1000);
  const [idle, busy] = [new FakeChannel(), new FakeChannel()];
  pings.add(asChannel(idle));
  pings.add(asChannel(busy));
  for (let i = 0; i < 5; i++) {
    busy.writtenCount++;
    vi.advanceTimersByTime(1000);
  }
  expect(idle.pings).toBe(5);
  expect(busy.pings).toBe(0);
  pings.remove(asChannel(idle));
  pings.remove(asChannel(busy));
  expect(vi.getTimerCount()).toBe(0);
});

test('without an interval there are none', () => {
  new IdlePings(0).add(asChannel(new FakeChannel()));
  expect(vi.getTimerCount()).toBe(0);
});
