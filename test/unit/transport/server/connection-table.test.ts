import { describe, expect, test, vi } from 'vitest';
import type { TransportError } from '../../../../src/protocol/error/transport-error.ts';
import { ConnectionTable, type Occupant, type Place } from '../../../../src/transport/server/connection-table.ts';

let ports = 1;

class FakeChannel implements Occupant {
  receivedCount = 0;
  pingCount = 0;
  receivedBytes = 0;
  isWorking = false;
  awaitsRest = false;
  bufferedBytes = 0;
  readonly remote: { host: string; port: number };
  error: TransportError | null = null;
  place: Place | null = null;
  readonly #table: ConnectionTable;

  constructor(table: ConnectionTable, host: string) {
    this.#table = table;
    this.remote = { host, port: ports++ };
  }

  abort(error: TransportError): void {
    this.error = error;
    this.leave();
  }

  leave(): void {
    if (this.place !== null) this.#table.remove(this.place);
  }

  ask(): this {
    this.receivedCount++;
    this.receivedBytes += 60;
    return this;
  }

  shakeHands(): this {
    this.ask();
    if (this.place !== null) this.#table.onHandshake(this.place);
    return this;
  }

  ping(): this {
    this.receivedCount++;
    this.pingCount++;
    return this;
  }

  get isKept(): boolean {
    return this.place !== null && this.#table.look(this.place);
  }
}

function tableOf(maxConnections: number, maxConnectionsPerHost = Number.POSITIVE_INFINITY) {
  const table = new ConnectionTable({ maxConnections, maxConnectionsPerHost });
  const connect = (host = '10.0.0.1'): FakeChannel => {
    const channel = new FakeChannel(table, host);
    const refusal = table.makeRoom(host);
    if (refusal === null) channel.place = table.add(channel);
    else channel.error = refusal;
    return channel;
  };
  const connectMany = (count: number, host?: string): FakeChannel[] => Array.from({ length: count }, () => connect(host));
  const node = (host?: string): FakeChannel[] => {
    const channels = connectMany(13, host);
    channels[0]?.shakeHands();
    return channels;
  };
  return { table, connect, connectMany, node };
}

const keptOf = (channels: readonly FakeChannel[]): number => channels.filter(({ isKept }) => isKept).length;
const endedOf = (channels: readonly FakeChannel[]): number => channels.filter(({ error }) => error !== null).length;

describe('who may stay silent', () => {
  test('the twelve others of a node', () => {
    const { node, connectMany } = tableOf(100);
    const [one, two] = [node(), node()];
    expect([keptOf(one), keptOf(two)]).toEqual([13, 13]);
    expect(keptOf(connectMany(5))).toBe(0);
  });

  test.each([0, 1, 7, 12])('those opened since, before the handshake or shortly after it, whoever was silent before: %i after', (late) => {
    const { connect, connectMany } = tableOf(200);
    const strangers = connectMany(100);
    const first = connect();
    const others = connectMany(12 - late);
    first.shakeHands();
    others.push(...connectMany(late));
    expect([keptOf(strangers), first.isKept, keptOf(others)]).toEqual([0, true, 12]);
  });

  test('in the order in which the system handed them over, not that in which their TLS handshakes ended', () => {
    const { table, connectMany } = tableOf(200);
    const accepted = connectMany(20);
    const secured = accepted.toReversed().map((halfOpen) => {
      const channel = new FakeChannel(table, '10.0.0.1');
      halfOpen.leave();
      channel.place = table.add(channel, halfOpen.place?.number);
      return channel;
    });
    secured[12]?.shakeHands();
    expect(secured.map(({ isKept }) => isKept)).toEqual(secured.map((_channel, i) => i <= 12));
  });

  test('others, too, while there are fewer than twelve; but they make way', () => {
    const { connect, connectMany } = tableOf(14);
    const strangers = connectMany(13);
    connect().shakeHands();
    expect(keptOf(strangers)).toBe(12);
    connect();
    expect(endedOf(strangers)).toBe(1);
  });

  test('none for a ping, a request without a handshake, a second handshake, or the handshake of another host', () => {
    const { connect, connectMany } = tableOf(100);
    connect().ping();
    connect().ask();
    connect('10.0.0.2').shakeHands();
    const silent = connectMany(30);
    expect(keptOf(silent)).toBe(0);
    connect().shakeHands().shakeHands();
    expect(keptOf(silent)).toBe(12);
  });

  test('only while the one that has shaken hands is there', () => {
    const { connect, connectMany, node } = tableOf(100);
    const [first, ...others] = node();
    first?.leave();
    expect(keptOf(others)).toBe(0);
    connect().shakeHands();
    expect(keptOf([...others, ...connectMany(3)])).toBe(12);
  });

  test('one that shakes hands itself belongs to no other, and its place is free again', () => {
    const { connectMany, node } = tableOf(100);
    const channels = node();
    channels[5]?.shakeHands();
    expect(keptOf(channels)).toBe(13);
    expect(keptOf(connectMany(30))).toBe(13);
  });
});

describe('who makes way when all places are taken', () => {
  test('the oldest that never sent a message; pings are none', () => {
    const { table, connect, connectMany } = tableOf(20);
    const flood = connectMany(20);
    for (const channel of flood) channel.ping();
    flood[0]?.ask();
    const honest = connect();
    expect([honest.error, flood[0]?.error, table.size]).toEqual([null, null, 20]);
    expect(flood[1]?.error).toMatchObject({
      code: 'ERR_OVERLOADED',
      scope: 'channel',
      message: expect.stringMatching(/^\[10\.0\.0\.1:\d+\] never sent a message and makes way .* \(maxConnections\)$/),
    });
  });

  test('of the host that has most', () => {
    const { connect, connectMany } = tableOf(30);
    const few = connectMany(5, '10.0.0.2');
    const many = connectMany(25, '10.0.0.3');
    connect();
    expect([endedOf(few), endedOf(many)]).toEqual([0, 1]);
  });

  test('not the one that another host is just opening, while the largest host has an idle one', () => {
    const { connect, connectMany } = tableOf(20);
    const flood = connectMany(19, '10.0.0.3');
    for (const channel of flood) channel.shakeHands();
    const honest = connect('10.0.0.2');
    for (const channel of connectMany(10, '10.0.0.3')) channel.shakeHands();
    expect([honest.error, endedOf(flood)]).toEqual([null, 10]);
  });

  test('the one that another host left silent, before an idle one of the largest host', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { connect, connectMany } = tableOf(20);
    const silent = connect('10.0.0.2');
    const large = connectMany(19, '10.0.0.3');
    for (const channel of large) channel.shakeHands();
    vi.advanceTimersByTime(2_000);
    connect('10.0.0.3');
    expect([silent.error?.code, endedOf(large)]).toEqual(['ERR_OVERLOADED', 0]);
    vi.useRealTimers();
  });

  test('none of a node that is silent, before those that belong to none', () => {
    const { connectMany, node } = tableOf(60);
    const nodes = [...node(), ...node()];
    const strangers = connectMany(34);
    expect(endedOf(connectMany(34))).toBe(0);
    expect([endedOf(nodes), endedOf(strangers)]).toEqual([0, 34]);
  });

  test('behind them, the one that is idle for longest', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { table, connect, connectMany } = tableOf(20);
    const channels = connectMany(20);
    for (const channel of channels) {
      channel.shakeHands();
      if (channel.place !== null) table.look(channel.place);
    }
    const [busy, talking] = channels as [FakeChannel, FakeChannel];
    busy.isWorking = true;
    for (let made = 0; made < 10; made++) {
      vi.advanceTimersByTime(10);
      talking.ask();
      connect().shakeHands();
    }
    expect(channels.map(({ error }) => error !== null)).toEqual(channels.map((_channel, i) => i > 1 && i < 12));
    vi.useRealTimers();
  });

  test('not one on which a message is arriving; one whose message has stopped is idle', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { connect, connectMany } = tableOf(20);
    const [arriving, slow, ...others] = connectMany(20) as [FakeChannel, FakeChannel, ...FakeChannel[]];
    for (const channel of [arriving, slow, ...others]) channel.shakeHands();
    for (const channel of [arriving, slow]) channel.awaitsRest = true;
    for (let second = 0; second < 8; second++) {
      if (second % 4 === 0) arriving.receivedBytes += 65_536;
      if (second % 4 === 0) slow.receivedBytes += 1000;
      vi.advanceTimersByTime(1000);
      for (const channel of others) expect(channel.ask().isKept).toBe(true);
      connect().shakeHands();
    }
    expect(arriving.error).toBeNull();
    expect(slow.error?.message).toMatch('has stopped in the middle of a message and makes way for another connection');
    vi.advanceTimersByTime(5000);
    for (const channel of others) void channel.ask().isKept;
    connectMany(20).forEach((channel) => channel.shakeHands());
    expect(arriving.error).toMatchObject({ code: 'ERR_OVERLOADED' });
    vi.useRealTimers();
  });

  test('not one that was idle when all were looked at, and was used since', () => {
    const { connect, connectMany } = tableOf(20);
    const channels = connectMany(20);
    for (const channel of channels) channel.shakeHands();
    connect().shakeHands();
    channels[1]?.ask();
    expect(channels[1]?.isKept).toBe(true);
    connect().shakeHands();
    channels[3]?.ask();
    connect().shakeHands();
    expect(channels.flatMap(({ error }, i) => (error === null ? [] : [i]))).toEqual([0, 2, 4]);
  });

  test('of those that are idle for equally long, the one that has sent fewest messages', () => {
    const { connect, connectMany } = tableOf(20);
    const channels = connectMany(20);
    for (const channel of channels) channel.shakeHands();
    channels[0]?.ask().ask();
    connect();
    expect(channels.map(({ error }) => error !== null)).toEqual(channels.map((_channel, i) => i === 1));
  });

  test('a node whose first channel is idle is not idle while another of its channels is in use', () => {
    const { connect, node } = tableOf(26);
    const [one, two] = [node(), node()];
    for (const channel of one) channel.isWorking = true;
    (two[7] as FakeChannel).bufferedBytes = 1;
    expect(connect().error).toMatchObject({
      code: 'ERR_OVERLOADED',
      scope: 'call',
      message: 'the server has 26 connections open (maxConnections)',
    });
    (two[7] as FakeChannel).bufferedBytes = 0;
    expect([connect().error, endedOf(one), two[0]?.error?.code]).toEqual([null, 0, 'ERR_OVERLOADED']);
  });

  test('nobody, if no host has more than the connections of one node', () => {
    const { connect, node } = tableOf(26);
    const nodes = [...node('10.0.0.2'), ...node('10.0.0.3')];
    expect(connect().error).toMatchObject({ code: 'ERR_OVERLOADED' });
    expect(endedOf(nodes)).toBe(0);
  });
});

test('a host has at most maxConnectionsPerHost, and makes room by itself', () => {
  const { table, connect, connectMany } = tableOf(100, 20);
  const flood = connectMany(50);
  expect([table.size, endedOf(flood)]).toEqual([20, 30]);
  for (const channel of flood) channel.isWorking = true;
  for (const channel of flood) channel.ask();
  expect(connect().error).toMatchObject({ message: 'the server has 20 connections of 10.0.0.1 open (maxConnectionsPerHost)' });
  expect(connect('10.0.0.2').error).toBeNull();
  for (const channel of flood) channel.leave();
  expect(table.size).toBe(1);
});

test('whatever comes and goes, places are counted right', () => {
  const { table, connect } = tableOf(40, 30);
  let seed = 7;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fff_ffff;
    return seed % below;
  };
  const channels: FakeChannel[] = [];
  for (let step = 0; step < 20_000; step++) {
    const one = channels[random(channels.length + 1)];
    const what = random(6);
    if (what === 0 || one === undefined) channels.push(connect(`10.0.0.${random(3)}`));
    else if (what === 1) one.leave();
    else if (what === 2) one.shakeHands();
    else if (what === 3) one.ask();
    else if (what === 4) one.isWorking = random(2) > 0;
    else void one.isKept;
    if (channels.length > 100) channels.splice(0, 50).forEach((old) => old.leave());
  }
  expect(table.size).toBeLessThanOrEqual(40);
  for (const channel of channels) channel.leave();
  expect(table.size).toBe(0);
  const { node } = { node: () => Array.from({ length: 26 }, () => connect('10.0.0.1')) };
  const fresh = node();
  fresh[0]?.shakeHands();
  expect(keptOf(fresh)).toBe(13);
});
