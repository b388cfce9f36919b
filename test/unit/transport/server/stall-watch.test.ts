import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { TransportError } from '../../../../src/protocol/error/transport-error.ts';
import type { Channel } from '../../../../src/transport/channel/channel.ts';
import { StallWatch } from '../../../../src/transport/server/stall-watch.ts';

class FakeChannel {
  receivedCount = 0;
  receivedBytes = 0;
  awaitsRest = false;
  readonly label = '[fake]';
  mayWait = false;
  error: TransportError | null = null;
  onAbort = (): void => undefined;

  abort(error: TransportError): void {
    this.error = error;
    this.onAbort();
  }
}

function watching(times: { handshakeTimeoutMs: number; stallTimeoutMs: number }, ...channels: FakeChannel[]) {
  const open = new Set<Channel>();
  const watch = new StallWatch(times, open, (channel) => channel.receivedCount > 0 || (channel as unknown as FakeChannel).mayWait);
  const add = (channel: FakeChannel): void => {
    channel.onAbort = () => remove(channel);
    open.add(channel as unknown as Channel);
    watch.onAdded();
  };
  const remove = (channel: FakeChannel): void => {
    open.delete(channel as unknown as Channel);
    watch.onRemoved(channel as unknown as Channel);
  };
  for (const channel of channels) add(channel);
  return { add, remove, stop: () => watch.stop() };
}

function spoken(): FakeChannel {
  return Object.assign(new FakeChannel(), { receivedCount: 1, receivedBytes: 50 });
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test.each([0, 999, 7_499, 20_000])(
  'a stall of a minute is ended no earlier, and half as much later at most, begun %i ms after a round',
  (offset) => {
    const channel = spoken();
    watching({ handshakeTimeoutMs: Infinity, stallTimeoutMs: 60_000 }, channel);
    vi.advanceTimersByTime(offset);
    Object.assign(channel, { awaitsRest: true, receivedBytes: channel.receivedBytes + 5 });
    vi.advanceTimersByTime(60_000);
    expect(channel.error).toBeNull();
    vi.advanceTimersByTime(30_000);
    expect(channel.error).toMatchObject({ code: 'ERR_CONNECTION_LOST' });
  },
);

test('a message begins anew with each header, and with each KiB', () => {
  const [headers, bytes, trickle] = [spoken(), spoken(), spoken()];
  watching({ handshakeTimeoutMs: Infinity, stallTimeoutMs: 1000 }, headers, bytes, trickle);
  for (const channel of [headers, bytes, trickle]) channel.awaitsRest = true;
  for (let second = 0; second < 20; second++) {
    headers.receivedCount++;
    bytes.receivedBytes += 1024;
    trickle.receivedBytes += 10;
    vi.advanceTimersByTime(1000);
  }
  expect([headers.error, bytes.error]).toEqual([null, null]);
  expect(trickle.error).toMatchObject({ code: 'ERR_CONNECTION_LOST' });
});

test('a channel that is quiet between messages, and one we do not read, wait for ever', () => {
  const channel = spoken();
  watching({ handshakeTimeoutMs: 1000, stallTimeoutMs: 1000 }, channel);
  vi.advanceTimersByTime(1_000_000);
  expect(channel.error).toBeNull();
});

test('a silent channel is ended, unless it may stay silent, and for as long as it may', () => {
  const [silent, excused] = [new FakeChannel(), Object.assign(new FakeChannel(), { mayWait: true })];
  watching({ handshakeTimeoutMs: 1000, stallTimeoutMs: Infinity }, silent, excused);
  vi.advanceTimersByTime(1000);
  expect(silent.error).toBeNull();
  vi.advanceTimersByTime(250);
  expect(silent.error).toMatchObject({ code: 'ERR_DEADLINE', phase: 'handshake', message: expect.stringContaining('[1000ms]') });
  vi.advanceTimersByTime(60_000);
  expect(excused.error).toBeNull();
  excused.mayWait = false;
  vi.advanceTimersByTime(1250);
  expect(excused.error).toMatchObject({ code: 'ERR_DEADLINE' });
});

test('there is a timer only while there is something to watch', () => {
  const channel = new FakeChannel();
  const watch = watching({ handshakeTimeoutMs: 1000, stallTimeoutMs: 1000 });
  expect(vi.getTimerCount()).toBe(0);
  watch.add(channel);
  watch.add(spoken());
  expect(vi.getTimerCount()).toBe(1);
  watch.remove(channel);
  expect(vi.getTimerCount()).toBe(1);
  watch.stop();
  expect(vi.getTimerCount()).toBe(0);
});

test('Infinity is for ever', () => {
  const channel = Object.assign(new FakeChannel(), { awaitsRest: true });
  watching({ handshakeTimeoutMs: Infinity, stallTimeoutMs: Infinity }, channel);
  expect(vi.getTimerCount()).toBe(0);
});

test('times longer than a timer of the platform can wait are waited for in shorter rounds', () => {
  const channel = new FakeChannel();
  watching({ handshakeTimeoutMs: 2 ** 40, stallTimeoutMs: 2 ** 40 }, channel);
  vi.advanceTimersByTime(1000 * 60_000);
  expect(channel.error).toBeNull();
});
