import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { V_3_9_0 } from '../../../../src/protocol/wire/version.ts';
import { ownNode } from '../../../../src/transport/channel/own-identity.ts';
import { NodeSockets, type OpenChannel } from '../../../../src/extension/sockets/node-sockets.ts';

/** A connection whose peer says who it is; null for one that says nothing. */
class Peer implements OpenChannel {
  readonly state = 'open';
  readonly ended: AbortSignal = new AbortController().signal;
  readonly answerer: object = {};
  readonly remote: OpenChannel['remote'];
  isFree = true;
  callCount = 0;
  readonly #ids: readonly [nodeId: string, ephemeralId: string] | null;

  constructor(ids: readonly [string, string] | null, host = '10.0.0.1') {
    this.#ids = ids;
    this.remote = { host, port: 1 };
  }

  call: OpenChannel['call'] = () => {
    this.callCount++;
    if (!this.isFree) return new Promise(() => undefined);
    const [nodeId, ephemeralId] = this.#ids ?? ['', ''];
    const node = ownNode({ nodeName: 'n', clusterName: 'c', nodeId, ephemeralId, version: V_3_9_0 }, this.remote);
    return Promise.resolve({ discoveryNode: this.#ids === null ? null : node, clusterName: 'c', version: V_3_9_0 });
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const peers = (count: number, ...how: ConstructorParameters<typeof Peer>): Peer[] => Array.from({ length: count }, () => new Peer(...how));

/** Which connection answers a request of the first; the others in `busy` do not answer probes. */
async function answering(sockets: NodeSockets, all: readonly Peer[], free: readonly Peer[]): Promise<Peer | null> {
  for (const peer of all) peer.isFree = free.includes(peer);
  const context = { channel: all[0] as never, answerer: null as object | null };
  const routed = sockets.route(context);
  await vi.advanceTimersByTimeAsync(9_000);
  await routed;
  return all.find(({ answerer }) => answerer === context.answerer) ?? null;
}

test('connections of one address that say another id, or none, do not belong to the node', async () => {
  const mine = peers(2, ['a', 'p1']);
  const others = [new Peer(['a', 'p2']), new Peer(['b', 'p1']), new Peer(null), new Peer(['a', 'p1'], '10.0.0.2')];
  const all = [...mine, ...others];
  const sockets = new NodeSockets(() => all);
  await sockets.learn(all[0] as Peer);
  expect(await answering(sockets, all, mine.slice(1))).toBe(mine[1]);
  for (const other of others) expect(await answering(sockets, all, [other])).toBe(null);
  expect(others[3]?.callCount).toBe(0);
});

test('ids cannot be cut differently to look like those of another node', async () => {
  const all = [new Peer(['a', 'b c']), new Peer(['a b', 'c'])];
  const sockets = new NodeSockets(() => all);
  await sockets.learn(all[0] as Peer);
  expect(await answering(sockets, all, all.slice(1))).toBe(null);
});

test('a connection joins when it says whose it is, and the registration waits no longer than 250 ms for it', async () => {
  const all = peers(3, ['a', 'p']);
  const late = all[2] as Peer;
  let say: (() => Promise<void>) | undefined;
  const { call } = late;
  late.call = (...how) => new Promise((resolve, reject) => (say = () => call(...how).then(resolve, reject)));
  const sockets = new NodeSockets(() => all);
  const learned = sockets.learn(all[0] as Peer);
  await vi.advanceTimersByTimeAsync(250);
  await learned;
  late.call = call;
  expect(await answering(sockets, all, [late])).toBe(null);
  late.isFree = true;
  await say?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(await answering(sockets, all, [late])).toBe(late);
});

test('at most 64 connections are asked, and 32 are used', async () => {
  const all = peers(200, ['a', 'p']);
  const sockets = new NodeSockets(() => all);
  await sockets.learn(all[0] as Peer);
  expect(all.filter(({ callCount }) => callCount > 0)).toHaveLength(64);
  expect(await answering(sockets, all, all.slice(31, 32))).toBe(all[31]);
  expect(await answering(sockets, all, all.slice(32))).toBe(null);
});

test('a node that says no id, or one that is too long, is answered on the connection of its request', async () => {
  for (const ids of [null, ['a'.repeat(257), 'p'] as const]) {
    const all = peers(2, ids);
    const sockets = new NodeSockets(() => all);
    await sockets.learn(all[0] as Peer);
    expect(await answering(sockets, all, all)).toBe(null);
  }
});

test('a request on a connection that was never learned is answered there at once', async () => {
  const all = peers(2, ['a', 'p']);
  const context = { channel: all[0] as never, answerer: null as object | null };
  await new NodeSockets(() => all).route(context);
  expect(context.answerer).toBe(null);
  expect(all.map(({ callCount }) => callCount)).toEqual([0, 0]);
});
