import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { TransportError } from '../../../../src/protocol/error/transport-error.ts';
import type { Channel } from '../../../../src/transport/channel/channel.ts';
import { StallWatch } from '../../../../src/transport/server/stall-watch.ts';

class FakeChannel {
  receivedCount = 0;
  receivedBytes = 0;
  awaitsRest = false;
  readonly label = '[fake]';
  readonly remote: { host: string; port: number };
  error: TransportError | null = null;
  onAbort = (): void => undefined;

  constructor(host = '10.0.0.1') {
    this.remote = { host, port: 1 };
  }

  abort(error: TransportError): void {
    this.error = error;
    this.onAbort();
  }
}

function watching(times: { handshakeTimeoutMs: number; stallTimeoutMs: number }, ...channels: FakeChannel[]): StallWatch {
  const watch = new StallWatch(times);
  for (const channel of channels) {
    channel.onAbort = () => watch.remove(channel as unknown as Channel);
    watch.add(channel as unknown as Channel);
  }
  return watch;
}

function spoken(host?: string): FakeChannel {
  return Object.assign(new FakeChannel(host), { receivedCount: 1, receivedBytes: 50 });
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

test('hosts are told apart: one that speaks does not speak for another', () => {
  const [talker, sibling, stranger] = [spoken('10.0.0.1'), new FakeChannel('10.0.0.1'), new FakeChannel('10.0.0.2')];
  const watch = watching({ handshakeTimeoutMs: 1000, stallTimeoutMs: Infinity }, talker, sibling, stranger);
  vi.advanceTimersByTime(1000);
  expect(stranger.error).toBeNull();
  vi.advanceTimersByTime(250);
  expect(stranger.error).toMatchObject({ code: 'ERR_DEADLINE', phase: 'handshake', message: expect.stringContaining('[1000ms]') });
  vi.advanceTimersByTime(60_000);
  expect(sibling.error).toBeNull();
  watch.remove(talker as unknown as Channel);
  vi.advanceTimersByTime(1250);
  expect(sibling.error).toMatchObject({ code: 'ERR_DEADLINE' });
});

test('there is a timer only while there is something to watch', () => {
  const channel = new FakeChannel();
  const watch = watching({ handshakeTimeoutMs: 1000, stallTimeoutMs: 1000 });
  expect(vi.getTimerCount()).toBe(0);
  watch.add(channel as unknown as Channel);
  watch.add(spoken() as unknown as Channel);
  expect(vi.getTimerCount()).toBe(1);
  watch.remove(channel as unknown as Channel);
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
