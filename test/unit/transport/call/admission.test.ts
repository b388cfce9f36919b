import { describe, expect, test } from 'vitest';
import { Admission } from '../../../../src/transport/call/admission.ts';
import { Account, type ArrivalOwner } from '../../../../src/transport/call/account.ts';
import type { TransportError } from '../../../../src/protocol/error/transport-error.ts';
import { seededRandom } from '../../../../src/testing/seeded-random.ts';

const MIB = 1024 * 1024;
const one = { action: { name: 'demo:one' }, exempt: false };
const exempt = { action: { name: 'demo:exempt' }, exempt: true };

function open(admission: Admission, host: string, owner: ArrivalOwner): Account {
  return new Account(admission, admission.onOpened(host), owner);
}

/** An account whose evictions are kept. */
function opened(admission: Admission, host = '10.0.0.1'): { account: Account; evicted: TransportError[] } {
  const evicted: TransportError[] = [];
  const account = open(admission, host, { onEvicted: (error) => evicted.push(error) });
  return { account, evicted };
}

/** Begins a request and lets so many bytes of it arrive. */
function arriving(account: Account, bytes: number, request = one): TransportError | null {
  return account.begin(request, 2 * bytes) ?? account.arrived(bytes);
}

/** Makes every unfinished message look as old as a stalled one. */
function stall(...accounts: Account[]): void {
  for (const account of accounts) account.progressAt -= 10_000;
}

describe('whole requests', () => {
  test('are admitted by count', () => {
    const admission = new Admission({ maxInFlight: 3 });
    const { account } = opened(admission);
    for (let i = 0; i < 3; i++) expect(account.admit(one, 10)).toBeNull();
    expect(account.admit(one, 10)).toMatchObject({
      code: 'ERR_OVERLOADED',
      message: 'cannot accept demo:one: 3 requests are in flight already (maxInFlight)',
    });
    expect([admission.inFlight, admission.inFlightBytes]).toEqual([3, 30]);
    account.release(false, 10);
    expect(account.admit(one, 10)).toBeNull();
  });

  test('are admitted by bytes, to the byte, if they are all of one connection', () => {
    const admission = new Admission({ maxInFlightBytes: 100 });
    const { account } = opened(admission);
    expect(account.admit(one, 60)).toBeNull();
    expect(account.admit(one, 41)).toMatchObject({
      code: 'ERR_OVERLOADED',
      message: 'cannot accept demo:one: Data too large, 60 bytes are in flight and 41 more came (maxInFlightBytes)',
    });
    expect(account.admit(one, 40)).toBeNull();
    account.release(false, 60);
    account.release(false, 40);
    expect([admission.inFlight, admission.inFlightBytes]).toEqual([0, 0]);
  });

  test('are charged for what they grow by when they are inflated', () => {
    const admission = new Admission({ maxInFlightBytes: 100 });
    const { account } = opened(admission);
    account.admit(one, 10);
    account.admit(one, 10);
    expect(account.grow(one, 90, 10)).toBeNull();
    expect(account.grow(one, 91, 90)).toMatchObject({ code: 'ERR_OVERLOADED' });
    expect(admission.inFlightBytes).toBe(100);
    expect(account.grow(one, 5, 10)).toBeNull();
    expect([admission.inFlight, admission.inFlightBytes]).toEqual([2, 95]);
  });
});

describe('exempt requests', () => {
  test('are admitted whatever is in flight, unless they are large', () => {
    const admission = new Admission({ maxInFlight: 0, maxInFlightBytes: 0 });
    const { account } = opened(admission);
    expect(account.admit(exempt, MIB)).toBeNull();
    expect(account.admit(exempt, MIB + 1)).toMatchObject({ code: 'ERR_OVERLOADED' });
    // Also those that are large only once they are inflated.
    expect(account.admit(exempt, 1000)).toBeNull();
    expect(account.grow(exempt, MIB + 1, 1000)).toMatchObject({ code: 'ERR_OVERLOADED' });
    expect(account.grow(exempt, MIB, 1000)).toBeNull();
    expect([admission.inFlight, admission.inFlightBytes]).toEqual([2, 2 * MIB]);
    account.release(true, MIB);
    account.release(true, MIB);
    expect([admission.inFlight, admission.inFlightBytes]).toEqual([0, 0]);
  });

  test('have a small budget of their own, and take nothing of the common one', () => {
    const admission = new Admission({ maxInFlight: 1, maxInFlightBytes: 100 });
    const { account } = opened(admission);
    for (let i = 0; i < 16; i++) expect(account.admit(exempt, MIB)).toBeNull();
    expect(account.admit(exempt, 1)).toMatchObject({ code: 'ERR_OVERLOADED' });
    expect(account.admit(one, 100)).toBeNull();
  });

  test('that have not come as a whole take no place', () => {
    const admission = new Admission();
    for (let i = 0; i < 2000; i++) expect(opened(admission).account.begin(exempt, MIB)).toBeNull();
    expect([admission.inFlight, admission.inFlightBytes]).toEqual([0, 0]);
    expect(opened(admission).account.admit(exempt, 100)).toBeNull();
  });
});

describe('unfinished messages', () => {
  test('are charged a place and what has come', () => {
    const admission = new Admission();
    const { account } = opened(admission);
    expect(account.begin(one, 100 * MIB)).toBeNull();
    expect([admission.inFlight, admission.inFlightBytes]).toEqual([1, 0]);
    expect(account.arrived(60_000)).toBeNull();
    expect([admission.inFlight, admission.inFlightBytes]).toEqual([1, 60_000]);
    expect(account.complete(100_000)).toBeNull();
    expect([admission.inFlight, admission.inFlightBytes]).toEqual([1, 100_000]);
    account.release(false, 100_000);
    expect([admission.inFlight, admission.inFlightBytes]).toEqual([0, 0]);
  });

  test('that can never fit are refused when they are announced', () => {
    const { account } = opened(new Admission({ maxInFlightBytes: MIB }));
    expect(account.begin(one, MIB + 1)).toMatchObject({ code: 'ERR_OVERLOADED', message: expect.stringContaining('Data too large') });
    expect(account.isArriving).toBe(false);
  });

  test('that are stalled make way for others, the longest without progress first', () => {
    const admission = new Admission({ maxInFlightBytes: 10 * MIB });
    const [a, b, c, d] = [opened(admission), opened(admission), opened(admission), opened(admission)];
    expect(arriving(a.account, 2 * MIB)).toBeNull();
    expect(arriving(b.account, 2 * MIB)).toBeNull();
    expect(arriving(c.account, 2 * MIB)).toBeNull();
    expect(a.account.arrived(2 * MIB + 100_000)).toBeNull();
    stall(a.account, b.account, c.account);
    expect(d.account.admit(one, 5 * MIB)).toBeNull();
    expect([a, b, c].map(({ evicted }) => evicted.length)).toEqual([0, 1, 0]);
    expect(b.evicted[0]).toMatchObject({ code: 'ERR_OVERLOADED', scope: 'call', message: expect.stringContaining('Data too large') });
    expect(admission.inFlight).toBe(3);
    expect(admission.inFlightBytes).toBe(9 * MIB + 100_000);
  });

  test('that still arrive do not make way', () => {
    const admission = new Admission({ maxInFlightBytes: 10 * MIB });
    const [a, b] = [opened(admission), opened(admission)];
    expect(arriving(a.account, 2 * MIB)).toBeNull();
    expect(b.account.admit(one, 9 * MIB)).toMatchObject({ code: 'ERR_OVERLOADED' });
    expect(a.evicted).toEqual([]);
  });

  test('make way only if that makes room enough', () => {
    const admission = new Admission({ maxInFlightBytes: 10 * MIB });
    const [a, b, c] = [opened(admission), opened(admission), opened(admission)];
    expect(arriving(a.account, MIB)).toBeNull();
    stall(a.account);
    expect(b.account.admit(one, 5 * MIB)).toBeNull();
    expect(c.account.admit(one, 6 * MIB)).toMatchObject({ code: 'ERR_OVERLOADED' });
    expect(a.evicted).toEqual([]);
  });

  test('make way for a place, too', () => {
    const admission = new Admission({ maxInFlight: 2 });
    const [a, b, c] = [opened(admission), opened(admission), opened(admission)];
    a.account.begin(one, 100);
    b.account.begin(one, 100);
    stall(a.account);
    expect(c.account.admit(one, 10)).toBeNull();
    expect([a.evicted.length, b.evicted.length, admission.inFlight]).toEqual([1, 0, 2]);
  });

  test('without a header are charged to the budget of exempt actions', () => {
    const admission = new Admission({ maxInFlightBytes: 0 });
    const peers = Array.from({ length: 16 }, () => opened(admission));
    for (const { account } of peers) expect(account.arrived(MIB)).toBeNull();
    const { account } = opened(admission);
    expect(account.arrived(50)).toBeNull();
    expect(account.arrived(5000)).toMatchObject({ code: 'ERR_OVERLOADED', scope: 'channel' });
    stall(...peers.map((peer) => peer.account));
    expect(account.arrived(5000)).toBeNull();
    expect(peers.map(({ evicted }) => evicted.length)).toEqual([1, ...new Array<number>(15).fill(0)]);
    expect(peers[0]?.evicted[0]).toMatchObject({ scope: 'channel' });
  });

  test('give back what they are charged when their connection ends', () => {
    const admission = new Admission();
    const { account } = opened(admission);
    arriving(account, 100_000);
    account.close();
    account.close();
    expect([admission.inFlight, admission.inFlightBytes, admission.connectionCount, admission.hostCount]).toEqual([0, 0, 0, 0]);
  });
});

describe('shares', () => {
  test('a connection that holds more than its share leaves the last share to others', () => {
    const admission = new Admission({ maxInFlightBytes: 100 });
    const [a, b] = [opened(admission), opened(admission)];
    for (let i = 0; i < 7; i++) expect(a.account.admit(one, 10)).toBeNull();
    expect(a.account.admit(one, 10)).toMatchObject({
      code: 'ERR_OVERLOADED',
      message: 'cannot accept demo:one: Data too large, 70 of 70 bytes in flight came from 10.0.0.1 and 10 more came (maxInFlightShare)',
    });
    expect(b.account.admit(one, 25)).toBeNull();
    // Under contention it shrinks to its share.
    a.account.release(false, 10);
    expect(a.account.admit(one, 5)).toMatchObject({ code: 'ERR_OVERLOADED' });
    expect(b.account.admit(one, 6)).toMatchObject({ code: 'ERR_OVERLOADED' });
    b.account.release(false, 25);
    expect(b.account.admit(one, 40)).toBeNull();
  });

  test('connections of one host have a share together beside those of others', () => {
    const admission = new Admission({ maxInFlight: 100 });
    const peers = Array.from({ length: 30 }, () => opened(admission, '10.0.0.1').account);
    const honest = opened(admission, '10.0.0.2').account;
    for (let i = 0; i < 75; i++) expect(peers[i % 30]?.admit(one, 10)).toBeNull();
    expect(peers[29]?.admit(one, 10)).toMatchObject({
      code: 'ERR_OVERLOADED',
      message: 'cannot accept demo:one: 75 of 75 requests in flight came from 10.0.0.1 (maxInFlightShare)',
    });
    for (let i = 0; i < 25; i++) expect(honest.admit(one, 10)).toBeNull();
    expect(honest.admit(one, 10)).toMatchObject({ message: 'cannot accept demo:one: 100 requests are in flight already (maxInFlight)' });
  });

  test('what handlers still work on stays charged to a host that has left', () => {
    const admission = new Admission({ maxInFlight: 4 });
    const attacker = opened(admission, '10.0.0.1').account;
    opened(admission, '10.0.0.2');
    for (let i = 0; i < 3; i++) expect(attacker.admit(one, 10)).toBeNull();
    attacker.close();
    expect(admission.hostCount).toBe(2);
    const again = opened(admission, '10.0.0.1').account;
    expect(again.admit(one, 10)).toMatchObject({ code: 'ERR_OVERLOADED' });
    again.close();
    for (let i = 0; i < 3; i++) attacker.release(false, 10);
    opened(admission, '10.0.0.3').account.close();
    expect(admission.hostCount).toBe(1);
    expect([admission.inFlight, admission.inFlightBytes]).toEqual([0, 0]);
  });

  test('one that is alone again has all of it, as soon as nothing of the host that has left is worked on', () => {
    const admission = new Admission({ maxInFlight: 4 });
    const { account } = opened(admission, '10.0.0.1');
    const other = opened(admission, '10.0.0.2').account;
    expect(other.admit(one, 10)).toBeNull();
    other.close();
    for (let i = 0; i < 3; i++) account.admit(one, 10);
    other.release(false, 10);
    expect(account.admit(one, 10)).toBeNull();
    expect(admission.hostCount).toBe(1);
  });

  test('unfinished messages of those who hold more than their share make way even while they arrive', () => {
    const admission = new Admission({ maxInFlightBytes: 100 * MIB });
    const attackers = [1, 2, 3].map(() => opened(admission, '10.0.0.1'));
    for (const { account } of attackers) expect(arriving(account, 20 * MIB)).toBeNull();
    const honest = opened(admission, '10.0.0.2');
    expect(honest.account.admit(one, 50 * MIB)).toBeNull();
    expect(attackers.map(({ evicted }) => evicted.length)).toEqual([1, 0, 0]);
  });

  test('stalled messages of those who hold more than their share make way for others of their host; no other message does', () => {
    const admission = new Admission({ maxInFlightBytes: 100 * MIB });
    const slow = opened(admission, '10.0.0.2');
    expect(arriving(slow.account, 5 * MIB)).toBeNull();
    const [stalled, going, third] = [20, 20, 30].map((mib) => {
      const peer = opened(admission, '10.0.0.1');
      expect(arriving(peer.account, mib * MIB)).toBeNull();
      return peer;
    });
    stall(slow.account);
    const honest = opened(admission, '10.0.0.1').account;
    expect(honest.admit(one, MIB)).toMatchObject({ message: expect.stringContaining('maxInFlightShare') });
    if (stalled !== undefined) stall(stalled.account);
    expect(honest.admit(one, MIB)).toBeNull();
    expect([slow, stalled, going, third].map((peer) => peer?.evicted.length)).toEqual([0, 1, 0, 0]);
  });

  test('a share of 1 keeps nothing back', () => {
    const admission = new Admission({ maxInFlightBytes: 100, maxInFlightShare: 1 });
    const { account } = opened(admission);
    opened(admission, '10.0.0.2');
    for (let i = 0; i < 10; i++) expect(account.admit(one, 10)).toBeNull();
  });
});

/** One random step of a connection; what it holds is in `held`. */
class Peer {
  account!: Account;
  whole: [boolean, number][] = [];
  streams: number[] = [];
  arriving: { request: typeof one; bytes: number } | null = null;

  constructor(admission: Admission, host: string) {
    this.account = open(admission, host, { onEvicted: () => (this.arriving = null) });
  }
}

test.each([1, 2, 3, 4, 5])('charges always add up, and return to zero (seed %d)', (seed) => {
  const random = seededRandom(seed);
  const below = (most: number): number => Math.floor(random() * most);
  const admission = new Admission({ maxInFlight: 40, maxInFlightBytes: 3 * MIB });
  const peers: Peer[] = [];
  const late: Peer[] = [];
  const step = (): void => {
    const peer = peers[below(peers.length)];
    if (peer === undefined || below(20) === 0) {
      peers.push(new Peer(admission, `10.0.0.${below(4)}`));
      return;
    }
    const { account } = peer;
    const request = below(5) === 0 ? exempt : one;
    const size = below(below(10) === 0 ? 2 * MIB : 50_000);
    switch (below(9)) {
      case 0:
      case 1:
        if (peer.arriving === null && account.admit(request, size) === null) peer.whole.push([request.exempt, size]);
        break;
      case 2:
        if (peer.arriving === null && account.begin(request, size) === null) peer.arriving = { request, bytes: size };
        break;
      case 3:
        if (peer.arriving !== null && account.arrived(below(peer.arriving.bytes + 1)) !== null) peer.arriving = null;
        break;
      case 4: {
        const { arriving } = peer;
        if (arriving === null) break;
        peer.arriving = null;
        if (account.complete(arriving.bytes) === null) peer.whole.push([arriving.request.exempt, arriving.bytes]);
        break;
      }
      case 5: {
        const [isExempt, charged] = peer.whole.pop() ?? [];
        if (isExempt === undefined || charged === undefined) break;
        const grown = account.grow(isExempt ? exempt : one, size, charged) === null ? size : charged;
        peer.whole.push([isExempt, grown]);
        break;
      }
      case 6:
        if (account.hold(one, size) === null) peer.streams.push(size);
        break;
      case 7: {
        const [isExempt, charged] = peer.whole.shift() ?? [];
        if (isExempt !== undefined && charged !== undefined) account.release(isExempt, charged);
        const stream = peer.streams.shift();
        if (stream !== undefined) account.free(stream);
        break;
      }
      default:
        if (below(3) > 0) break;
        for (const each of peers) if (below(2) === 0) stall(each.account);
        if (below(3) > 0) break;
        account.close();
        late.push(...peers.splice(peers.indexOf(peer), 1));
    }
  };
  const expected = (): [number, number] => {
    let places = 0;
    let bytes = 0;
    for (const { account, whole, streams } of [...peers, ...late]) {
      places += whole.length + account.arrivalPlaces;
      bytes += account.arriving + streams.reduce((sum, each) => sum + each, 0) + whole.reduce((sum, [, each]) => sum + each, 0);
    }
    return [places, bytes];
  };
  for (let i = 0; i < 2000; i++) {
    step();
    expect([admission.inFlight, admission.inFlightBytes]).toEqual(expected());
    // Only beginnings of at most 4 KiB are charged beyond the bound.
    expect(admission.common.bytes).toBeLessThanOrEqual(3 * MIB + 4096 * peers.length);
    expect(admission.common.places).toBeLessThanOrEqual(40);
  }
  for (const { account, whole, streams } of [...peers, ...late]) {
    account.close();
    for (const [isExempt, charged] of whole) account.release(isExempt, charged);
    for (const each of streams) account.free(each);
    expect([account.places, account.bytes]).toEqual([0, 0]);
  }
  opened(admission, '10.0.0.9').account.close();
  expect([admission.inFlight, admission.inFlightBytes, admission.connectionCount, admission.hostCount]).toEqual([0, 0, 0, 0]);
});
