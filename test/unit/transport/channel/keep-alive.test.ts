import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { TransportError } from '../../../../src/protocol/error/transport-error.ts';
import type { Channel } from '../../../../src/transport/channel/channel.ts';
import { KeepAlive } from '../../../../src/transport/channel/keep-alive.ts';

class FakeChannel {
  receivedCount = 0;
  receivedBytes = 0;
  writtenCount = 0;
  bufferedBytes = 0;
  isReading = true;
  mayDelayPongs = false;
  inFlightCount = 0;
  readonly label = '[fake]';
  answers = true;
  pings = 0;
  error: TransportError | null = null;

  ping(): void {
    this.pings++;
    this.writtenCount++;
    if (this.answers) this.receive();
  }

  receive(bytes = 6): void {
    this.receivedCount++;
    this.receivedBytes += bytes;
  }

  abort(error: TransportError): void {
    this.error = error;
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Who was suspected, and who was heard again, in this order. */
const suspicions: [FakeChannel, boolean][] = [];

function keepAliveOf(idleMs: number): KeepAlive {
  suspicions.length = 0;
  return new KeepAlive(idleMs, (channel, isSuspected) => suspicions.push([channel as unknown as FakeChannel, isSuspected]));
}

test('an idle channel gets one ping a round, a busy one none', () => {
  const keepAlive = keepAliveOf(1000);
  const [idle, reading, writing, gone] = [new FakeChannel(), new FakeChannel(), new FakeChannel(), new FakeChannel()];
  for (const channel of [idle, reading, writing, gone]) keepAlive.add(channel as unknown as Channel);
  keepAlive.remove(gone as unknown as Channel);
  vi.advanceTimersByTime(500);
  for (let round = 0; round < 5; round++) {
    reading.receive();
    writing.writtenCount++;
    writing.receive();
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

function watching(...channels: FakeChannel[]): KeepAlive {
  return watchingWith(1000, ...channels);
}

function watchingWith(idleMs: number, ...channels: FakeChannel[]): KeepAlive {
  const keepAlive = keepAliveOf(idleMs);
  for (const channel of channels) keepAlive.add(channel as unknown as Channel);
  return keepAlive;
}

test('a peer that does not answer two pings is given up, whether calls are sent to it or not', () => {
  const [idle, calling, midMessage] = [new FakeChannel(), new FakeChannel(), new FakeChannel()];
  for (const channel of [idle, calling, midMessage]) channel.answers = false;
  const keepAlive = watching(idle, calling, midMessage);
  midMessage.receive(500);
  for (let round = 0; round < 2; round++) {
    calling.writtenCount++;
    vi.advanceTimersByTime(1000);
  }
  expect([idle.error, calling.error, midMessage.error]).toEqual([null, null, null]);
  for (let round = 0; round < 3; round++) {
    calling.writtenCount++;
    vi.advanceTimersByTime(1000);
  }
  for (const { error } of [idle, calling, midMessage]) {
    expect(error).toMatchObject({
      code: 'ERR_CONNECTION_LOST',
      message: expect.stringMatching(/^\[fake\] does not answer: \d pings, nothing received for \[\d+ms\]/),
    });
  }
  keepAlive.stop();
});

test.each<[string, Partial<FakeChannel>]>([
  ['whose bytes we do not read', { isReading: false }],
  ['whose answers to pings may wait behind a stream', { mayDelayPongs: true }],
])('a peer %s is not given up', (_what, state) => {
  const channel = Object.assign(new FakeChannel(), { answers: false }, state);
  const keepAlive = watching(channel);
  vi.advanceTimersByTime(20_000);
  expect(channel.error).toBeNull();
  keepAlive.stop();
});

test('a peer that takes what waits in front of a ping is not given up; one that takes nothing is, after the time that so many bytes are given', () => {
  const taking = Object.assign(new FakeChannel(), { answers: false, bufferedBytes: 20 * 1024 * 1024 });
  const stuck = Object.assign(new FakeChannel(), { answers: false, bufferedBytes: 1024 * 1024 });
  const keepAlive = watching(taking, stuck);
  for (let round = 1; round <= 20; round++) {
    taking.bufferedBytes -= 1000;
    stuck.bufferedBytes += 6;
    vi.advanceTimersByTime(1000);
    // 1 MiB at 128 bytes per millisecond: not before 8 seconds.
    if (round === 8) expect(stuck.error).toBeNull();
  }
  expect(taking.error).toBeNull();
  expect(stuck.error).toMatchObject({ code: 'ERR_CONNECTION_LOST' });
  keepAlive.stop();
});

test('what a process that stood still has not read yet counts', () => {
  const channel = Object.assign(new FakeChannel(), { answers: false });
  const keepAlive = watchingWith(500, channel);
  vi.advanceTimersByTime(999);
  expect(channel.pings).toBe(1);
  // The timer of the next look fires, then the process reads, then it looks.
  vi.advanceTimersToNextTimer();
  channel.receive();
  vi.advanceTimersByTime(500);
  expect([channel.error, suspicions]).toEqual([null, []]);
  keepAlive.stop();
});

test('a peer is suspected as soon as one answer is missing, and no longer once it is heard', () => {
  const channel = Object.assign(new FakeChannel(), { answers: false });
  const keepAlive = watchingWith(10_000, channel);
  vi.advanceTimersByTime(10_500);
  expect([channel.pings, suspicions]).toEqual([1, []]);
  vi.advanceTimersByTime(1000);
  expect(suspicions).toEqual([[channel, true]]);
  vi.advanceTimersByTime(5000);
  expect(suspicions).toHaveLength(1);
  channel.receive();
  vi.advanceTimersByTime(1000);
  expect(suspicions).toEqual([
    [channel, true],
    [channel, false],
  ]);
  keepAlive.stop();
});

describe('without pings on idle channels', () => {
  test('a channel that waits for nothing is not pinged', () => {
    const channel = new FakeChannel();
    const keepAlive = watchingWith(0, channel);
    vi.advanceTimersByTime(3_600_000);
    channel.writtenCount++;
    channel.receive();
    vi.advanceTimersByTime(3_600_000);
    expect(channel.pings).toBe(0);
    keepAlive.stop();
  });

  test('one that waits for a slow answer is pinged, and goes on as long as the peer answers', () => {
    const channel = Object.assign(new FakeChannel(), { inFlightCount: 1 });
    const keepAlive = watchingWith(0, channel);
    vi.advanceTimersByTime(600_500);
    expect(channel.pings).toBeGreaterThan(100);
    expect([channel.error, suspicions]).toEqual([null, []]);
    keepAlive.stop();
  });

  test.each<[string, (channel: FakeChannel) => void]>([
    ['holds a call', (channel) => (channel.inFlightCount = 1)],
    [
      'has taken a call that was given up since',
      (channel) => {
        channel.inFlightCount = 1;
        vi.advanceTimersByTime(600);
        channel.inFlightCount = 0;
      },
    ],
  ])('a peer that %s and is silent is suspected within two seconds, and ended after 30 more', (_what, ask) => {
    const channel = Object.assign(new FakeChannel(), { answers: false });
    const keepAlive = watchingWith(0, channel);
    vi.advanceTimersByTime(600_000);
    ask(channel);
    vi.advanceTimersByTime(1600);
    expect(suspicions).toEqual([[channel, true]]);
    vi.advanceTimersByTime(26_000);
    expect(channel.error).toBeNull();
    vi.advanceTimersByTime(5000);
    expect(channel.error).toMatchObject({ code: 'ERR_CONNECTION_LOST' });
    expect(vi.getTimerCount()).toBe(0);
    keepAlive.stop();
  });

  test('answers to pings in the middle of a message are no sign of life: they may be ours, put into its body', () => {
    const channel = Object.assign(new FakeChannel(), { inFlightCount: 1 });
    channel.ping = () => {
      channel.pings++;
      channel.writtenCount++;
      channel.receivedBytes += 6;
    };
    const keepAlive = watchingWith(0, channel);
    channel.receive(500);
    vi.advanceTimersByTime(40_000);
    expect(channel.error).toMatchObject({ code: 'ERR_CONNECTION_LOST' });
    keepAlive.stop();
  });
});
