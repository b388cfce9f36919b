import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { TransportError } from '../../../../src/protocol/error/transport-error.ts';
import { UnreadWatch } from '../../../../src/transport/channel/unread-watch.ts';

const MIB = 1024 * 1024;

class FakeChannel {
  readonly label = '[fake]';
  isStuck = true;
  unsentBytes = 100_000;
  bufferedBytes = 123_456;
  takenBytes = 0;
  mayDelayReads = false;
  error: TransportError | null = null;
  readonly #watch: UnreadWatch;

  constructor(watch: UnreadWatch) {
    this.#watch = watch;
    watch.add(this);
  }

  abort(error: TransportError): void {
    this.error = error;
    this.#watch.remove(this);
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test.each([0, 999, 7_499, 20_000])(
  'a peer that takes nothing for a minute is left no earlier, and half as much later at most, begun at %i ms',
  (offset) => {
    const watch = new UnreadWatch(60_000);
    const other = new FakeChannel(watch);
    vi.advanceTimersByTime(offset);
    const channel = new FakeChannel(watch);
    other.isStuck = false;
    vi.advanceTimersByTime(60_000);
    expect(channel.error).toBeNull();
    vi.advanceTimersByTime(30_000);
    expect(channel.error).toMatchObject({
      code: 'ERR_CONNECTION_LOST',
      message:
        '[fake] does not read: 123456 bytes wait to be written, and less than 1024 of them were taken within [60000ms] (stallTimeoutMs)',
    });
    expect(other.error).toBeNull();
  },
);

test('1 KiB within the timeout is progress, less is not', () => {
  const watch = new UnreadWatch(1000);
  const [slow, slower] = [new FakeChannel(watch), new FakeChannel(watch)];
  for (let second = 0; second < 20; second++) {
    for (let quarter = 0; quarter < 4; quarter++) {
      slow.takenBytes += 256;
      slower.takenBytes += 100;
      vi.advanceTimersByTime(250);
    }
  }
  expect(slow.error).toBeNull();
  expect(slower.error).toMatchObject({ code: 'ERR_CONNECTION_LOST' });
});

test('a channel that waits for the next chunk of its own stream is not at fault', () => {
  const channel = new FakeChannel(new UnreadWatch(1000));
  channel.unsentBytes = 0;
  vi.advanceTimersByTime(100_000);
  expect(channel.error).toBeNull();
});

test('a peer that may wait for the reader of a stream is left alone, and has all the time when it need not wait any more', () => {
  const channel = new FakeChannel(new UnreadWatch(1000));
  vi.advanceTimersByTime(1000);
  channel.mayDelayReads = true;
  vi.advanceTimersByTime(100_000);
  channel.mayDelayReads = false;
  vi.advanceTimersByTime(1000);
  expect(channel.error).toBeNull();
  vi.advanceTimersByTime(500);
  expect(channel.error).toMatchObject({ code: 'ERR_CONNECTION_LOST' });
});

test('there is a timer only while a channel is stuck', () => {
  const watch = new UnreadWatch(1000);
  expect(vi.getTimerCount()).toBe(0);
  const channel = new FakeChannel(watch);
  watch.add(channel);
  expect(vi.getTimerCount()).toBe(1);
  channel.isStuck = false;
  vi.advanceTimersByTime(250);
  expect(vi.getTimerCount()).toBe(0);
});

test('Infinity is for ever, and times longer than a timer can wait are waited for in shorter rounds', () => {
  const forever = new FakeChannel(new UnreadWatch(Infinity));
  const long = new FakeChannel(new UnreadWatch(2 ** 40));
  vi.advanceTimersByTime(1000 * 60_000);
  expect([forever.error, long.error]).toEqual([null, null]);
});

describe('room of all channels', () => {
  test('is shared: beyond it, channels on which bytes wait get more only below their share', () => {
    const watch = new UnreadWatch(60_000, 8 * MIB);
    const [large, small] = [new FakeChannel(watch), new FakeChannel(watch)];
    Object.assign(large, { bufferedBytes: 7.5 * MIB });
    Object.assign(small, { bufferedBytes: 0.25 * MIB });
    expect(watch.hasRoom(large, 0.25 * MIB)).toBe(true);
    expect(watch.hasRoom(large, 1)).toBe(false);
    expect(watch.shortage(large, 1)).toBe(
      `${7.5 * MIB} bytes wait to be written on this connection and ${8 * MIB} on all, the answer takes 1 more, and at most ${8 * MIB} may wait on all, once room is short for a moment or some wait on this one`,
    );
    expect(watch.hasRoom(small, 0.25 * MIB + 1)).toBe(false);
    expect(watch.hasRoom(small, 0.25 * MIB)).toBe(true);
  });

  test('is twice as much for channels on which nothing waits', () => {
    const watch = new UnreadWatch(60_000, 8 * MIB);
    Object.assign(new FakeChannel(watch), { bufferedBytes: 8 * MIB });
    const reader = { bufferedBytes: 0 } as FakeChannel;
    for (let answer = 0; answer < 4; answer++) expect(watch.hasRoom(reader, 2 * MIB)).toBe(true);
    expect(watch.hasRoom(reader, 2 * MIB)).toBe(false);
    expect(watch.shortage(reader, 0)).toBe(
      `0 bytes wait to be written on this connection and ${16 * MIB} on all, and at most ${16 * MIB} may wait on all`,
    );
  });

  test('is twice as much for a quarter of a second only', () => {
    const watch = new UnreadWatch(60_000, 8 * MIB);
    Object.assign(new FakeChannel(watch), { bufferedBytes: 8 * MIB });
    const reader = { bufferedBytes: 0 } as FakeChannel;
    expect(watch.hasRoom(reader, 2 * MIB)).toBe(true);
    vi.advanceTimersByTime(250);
    expect(watch.hasRoom(reader, 2 * MIB)).toBe(false);
  });

  test('takes one answer that is larger than itself while two thirds of it wait', () => {
    const watch = new UnreadWatch(60_000, 6 * MIB);
    const only = Object.assign(new FakeChannel(watch), { bufferedBytes: 4 * MIB });
    expect(watch.hasRoom(only, 100 * MIB)).toBe(true);
    expect(watch.hasRoom(only, 1 * MIB)).toBe(false);
  });

  test('channels that take nothing make way within seconds, the others stay', () => {
    const watch = new UnreadWatch(60_000, 1_000_000);
    const channels = Array.from({ length: 4 }, () => Object.assign(new FakeChannel(watch), { bufferedBytes: 240_000 }));
    const [reading, ...deaf] = channels as [FakeChannel, ...FakeChannel[]];
    expect(watch.hasRoom(reading, 50_000)).toBe(false);
    for (let look = 0; look < 8; look++) {
      reading.takenBytes += 2000;
      vi.advanceTimersByTime(250);
    }
    expect(channels.map(({ error }) => error)).toEqual([null, null, null, null]);
    reading.takenBytes += 2000;
    vi.advanceTimersByTime(250);
    expect(reading.error).toBeNull();
    expect(deaf.filter(({ error }) => error !== null)).toHaveLength(2);
    expect(deaf[0]?.error?.message).toContain('does not read: 240000 bytes wait to be written, none were taken within [2000ms]');
    for (const channel of channels) channel.isStuck = false;
    vi.advanceTimersByTime(60_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('without a bound there is always room', () => {
    const watch = new UnreadWatch(60_000);
    expect(watch.hasRoom(Object.assign(new FakeChannel(watch), { bufferedBytes: 1e12 }), 1e12)).toBe(true);
  });
});
