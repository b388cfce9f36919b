import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { transportHandshake } from '../../../../src/protocol/action/internal/transport-handshake.ts';
import type { ResponseOf } from '../../../../src/protocol/action/define-action.ts';
import { type RemoteCause, RemoteError } from '../../../../src/protocol/error/remote-error.ts';
import { firstResponsive, probeOrder } from '../../../../src/extension/sockets/first-responsive.ts';
import { NodeSocket, type ProbedChannel } from '../../../../src/extension/sockets/node-socket.ts';

const NO_HANDLER: RemoteCause = {
  class: 'org.opensearch.transport.ActionNotFoundTransportException',
  message: 'No handler for action',
  cause: null,
  stack: [],
  suppressed: [],
  headers: {},
  metadata: {},
  status: 500,
  type: 'action_not_found_transport_exception',
};

type Told = ResponseOf<typeof transportHandshake>;

/** A connection whose probes are answered by hand. */
class FakeChannel implements ProbedChannel {
  state: 'open' | 'draining' | 'closed' = 'open';
  readonly ended: AbortSignal = new AbortController().signal;
  readonly answerer: object = {};
  readonly probes: PromiseWithResolversOf<Told>[] = [];

  call(): Promise<Told> {
    const settlers = {} as PromiseWithResolversOf<Told>;
    const promise = new Promise<Told>((resolve, reject) => Object.assign(settlers, { resolve, reject }));
    this.probes.push(settlers);
    return promise;
  }

  answer(place = this.probes.length - 1): void {
    this.probes[place]?.resolve({ discoveryNode: null, clusterName: 'c', version: 137307827 });
  }
}

interface PromiseWithResolversOf<T> {
  resolve(value: T): void;
  reject(error: unknown): void;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function thirteen() {
  const channels = Array.from({ length: 13 }, () => new FakeChannel());
  const sockets = channels.map((channel) => new NodeSocket(channel));
  const probed = (): number[] => channels.flatMap(({ probes }, place) => (probes.length > 0 ? [place] : []));
  return { channels, sockets, probed };
}

describe('the order of probes', () => {
  test('begins with the own socket and goes on in steps, so that neighbours come late', () => {
    expect(probeOrder(13, 5)).toEqual([5, 8, 11, 1, 4, 7, 10, 0, 3, 6, 9, 12, 2]);
  });

  test.each([1, 2, 3, 6, 9, 32])('names each of %i sockets once', (count) => {
    expect([...probeOrder(count, count - 1)].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, place) => place));
  });
});

describe('the first responsive socket', () => {
  test('is the first of four whose probe is answered', async () => {
    const { channels, sockets, probed } = thirteen();
    const found = firstResponsive(sockets, 0);
    expect(probed()).toEqual([0, 3, 6, 9]);
    channels[6]?.answer();
    expect(await found).toBe(sockets[6]);
    channels[0]?.answer();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(probed()).toEqual([0, 3, 6, 9]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is one of the others if the four are silent for 20 ms', async () => {
    const { channels, sockets, probed } = thirteen();
    const found = firstResponsive(sockets, 0);
    await vi.advanceTimersByTimeAsync(20);
    expect(probed()).toHaveLength(13);
    channels[7]?.answer();
    expect(await found).toBe(sockets[7]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is none if all are silent for 9 seconds', async () => {
    const { sockets } = thirteen();
    let found: NodeSocket | null | undefined;
    void firstResponsive(sockets, 0).then((socket) => (found = socket));
    await vi.advanceTimersByTimeAsync(8_999);
    expect(found).toBe(undefined);
    await vi.advanceTimersByTimeAsync(1);
    expect(found).toBe(null);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('may answer its probe with an error of the node', async () => {
    const { channels, sockets } = thirteen();
    const found = firstResponsive(sockets, 0);
    channels[3]?.probes[0]?.reject(new RemoteError(NO_HANDLER));
    expect(await found).toBe(sockets[3]);
  });

  test('is none at once if all connections fail', async () => {
    const { channels, sockets } = thirteen();
    const found = firstResponsive(sockets.slice(0, 2), 0);
    for (const { probes } of channels) for (const probe of probes) probe.reject(new Error('gone'));
    expect(await found).toBe(null);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is none if all connections have ended', async () => {
    const { channels, sockets } = thirteen();
    for (const channel of channels) channel.state = 'closed';
    expect(await firstResponsive(sockets, 0)).toBe(null);
    expect(await firstResponsive([], 0)).toBe(null);
  });

  test('needs a probe of its own: the answer to an earlier one may have left before the loop was blocked', async () => {
    const { channels, sockets } = thirteen();
    void firstResponsive(sockets, 0);
    let isFound = false;
    void firstResponsive(sockets, 0).then(() => (isFound = true));
    channels[0]?.probes[0]?.resolve({ discoveryNode: null, clusterName: 'c', version: 137307827 });
    await vi.advanceTimersByTimeAsync(1);
    expect(isFound).toBe(false);
    channels[0]?.answer();
    await vi.advanceTimersByTimeAsync(1);
    expect(isFound).toBe(true);
  });

  test('is waited for by all beyond 4 with one probe, which is sent when the others are answered', async () => {
    const channel = new FakeChannel();
    const socket = new NodeSocket(channel);
    const found = Array.from({ length: 20 }, () => firstResponsive([socket], 0));
    expect(channel.probes).toHaveLength(4);
    for (let place = 0; place < 4; place++) channel.answer(place);
    await vi.advanceTimersByTimeAsync(0);
    expect(channel.probes).toHaveLength(5);
    let count = 0;
    for (const each of found) void each.then(() => count++);
    await vi.advanceTimersByTimeAsync(0);
    expect(count).toBe(4);
    channel.answer(4);
    expect(await Promise.all(found)).toEqual(found.map(() => socket));
  });
});
