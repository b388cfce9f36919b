import { describe, expect, test } from 'vitest';
import { defineAction } from '../../../../src/protocol/action/define-action.ts';
import { struct } from '../../../../src/protocol/codec/combinators.ts';
import { ConnectionLostError, type TransportError } from '../../../../src/protocol/error/transport-error.ts';
import { InFlightTable, PendingCall } from '../../../../src/transport/channel/in-flight.ts';
import { SignalRegistry } from '../../../../src/transport/util/signal-registry.ts';
import { seededRandom } from '../../../../src/testing/seeded-random.ts';

const action = defineAction({ name: 'demo:one', request: struct({}), response: struct({}) });

interface Watched {
  readonly call: PendingCall;
  readonly settled: (TransportError | 'resolved')[];
}

function watched(timeoutMs = Number.POSITIVE_INFINITY, signal: AbortSignal | null = null): Watched {
  const settled: (TransportError | 'resolved')[] = [];
  const call = new PendingCall(
    action,
    timeoutMs,
    signal,
    null,
    () => settled.push('resolved'),
    (error) => settled.push(error),
  );
  return { call, settled };
}

function table(wasSent: (sequence: number) => boolean = () => true) {
  const signals = new SignalRegistry();
  const givenUp: number[] = [];
  const owner = { wasSent, label: '[there]', onGivenUp: (sequence: number) => givenUp.push(sequence) };
  return { calls: new InFlightTable(owner, signals), signals, givenUp };
}

describe('slots', () => {
  test('ids are unique while pending, whatever the order of the answers', () => {
    const { calls } = table();
    const random = seededRandom(11);
    const pending = new Map<number, PendingCall>();
    for (let step = 0; step < 50_000; step++) {
      if (random() < (step % 10_000 < 5000 ? 0.7 : 0.3)) {
        const { call } = watched();
        calls.add(call);
        expect(pending.has(call.id)).toBe(false);
        expect(call.id).toBeGreaterThan(0);
        pending.set(call.id, call);
      } else if (pending.size > 0) {
        const ids = [...pending.keys()];
        const id = ids[Math.floor(random() * Math.min(ids.length, 50))] as number;
        expect(calls.take(id)).toBe(pending.get(id));
        pending.delete(id);
        expect(calls.take(id)).toBeUndefined();
      }
      if (step % 1000 === 0) for (const [id, call] of pending) expect(calls.get(id)).toBe(call);
      expect(calls.size).toBe(pending.size);
    }
  });

  test('one call that never ends does not stand in the way of a hundred thousand others', () => {
    const { calls } = table();
    const first = watched().call;
    calls.add(first);
    for (let i = 0; i < 100_000; i++) {
      const { call } = watched();
      calls.add(call);
      expect(call.id).not.toBe(first.id);
      calls.take(call.id);
    }
    expect(calls.get(first.id)).toBe(first);
    expect(calls.size).toBe(1);
  });

  test.each([0, -1, 2, 1 + 16, 1 + 2 ** 32, 1 + 2 ** 40, -(2 ** 32) + 1, Number.NaN, Number.MAX_SAFE_INTEGER, Number.POSITIVE_INFINITY])(
    'an answer with id %d finds nobody while 1 is pending',
    (id) => {
      const { calls } = table();
      calls.add(watched().call);
      expect(calls.get(id)).toBeUndefined();
      expect(calls.take(id)).toBeUndefined();
      expect(calls.size).toBe(1);
    },
  );
});

describe('giving up', () => {
  test('deadlines: those due go, the others stay', () => {
    const { calls, givenUp } = table((sequence) => sequence <= 1);
    const [sent, queued, unsent, later, never] = [watched(10), watched(10), watched(20), watched(60_000), watched()];
    for (const { call } of [sent, queued, unsent, later, never]) calls.add(call);
    sent.call.sequence = 1;
    queued.call.sequence = 2;
    calls.expire(unsent.call.deadline);
    expect(sent.settled).toMatchObject([
      {
        code: 'ERR_DEADLINE',
        phase: 'answer',
        delivery: 'maybe-sent',
        message: `[there][demo:one] request_id [${sent.call.id}] timed out after [10ms]`,
      },
    ]);
    // It waits in the writer, and leaves whatever becomes of its call.
    expect(queued.settled).toMatchObject([{ code: 'ERR_DEADLINE', delivery: 'maybe-sent' }]);
    expect(unsent.settled).toMatchObject([{ code: 'ERR_DEADLINE', delivery: 'not-sent' }]);
    expect([later.settled, never.settled]).toEqual([[], []]);
    expect(calls.earliest).toBe(later.call.deadline);
    expect(calls.size).toBe(2);
    expect(givenUp).toEqual([1, 2, 0]);
    calls.take(later.call.id);
    calls.expire(later.call.deadline);
    expect(calls.earliest).toBe(Number.POSITIVE_INFINITY);
  });

  test('a signal takes all its calls, with its reason, and none of the others', () => {
    const { calls, signals } = table();
    const controller = new AbortController();
    const mine = Array.from({ length: 100 }, () => watched(Number.POSITIVE_INFINITY, controller.signal));
    const other = watched(Number.POSITIVE_INFINITY, new AbortController().signal);
    for (const { call } of [...mine, other]) calls.add(call);
    mine.forEach(({ call }, i) => (call.sequence = i + 1));
    calls.take(mine[0]?.call.id as number)?.resolve({});
    controller.abort('enough');
    expect(mine[0]?.settled).toEqual(['resolved']);
    for (const { settled } of mine.slice(1))
      expect(settled).toMatchObject([{ code: 'ERR_CANCELLED', cause: 'enough', delivery: 'maybe-sent' }]);
    expect(other.settled).toEqual([]);
    expect(calls.size).toBe(1);
    expect(signals.size).toBe(1);
  });

  test('a late answer is told from noise once, and the memory of it is bounded', () => {
    const { calls } = table();
    const given = Array.from({ length: 3000 }, () => watched(1));
    for (const { call } of given) calls.add(call);
    calls.expire(Number.MAX_SAFE_INTEGER);
    expect(given.every(({ settled }) => settled.length === 1)).toBe(true);
    const remembered = given.filter(({ call }) => calls.wasGivenUp(call.id));
    expect(remembered).toEqual(given.slice(-1024));
    expect(given.some(({ call }) => calls.wasGivenUp(call.id))).toBe(false);
    expect(calls.wasGivenUp(Number.NaN)).toBe(false);
  });

  test('when the channel ends everybody is told once, each with what is known of it', () => {
    const { calls } = table((sequence) => sequence <= 5000);
    const all = Array.from({ length: 10_000 }, () => watched(1000));
    for (const [index, { call }] of all.entries()) {
      calls.add(call);
      call.sequence = index + 1;
    }
    calls.failAll((call, delivery) => new ConnectionLostError('ERR_CONNECTION_LOST', { delivery }, `lost ${call.id}`));
    expect(calls.size).toBe(0);
    expect(calls.earliest).toBe(Number.POSITIVE_INFINITY);
    const known = all.map(({ settled }) => settled.map((error) => (error as TransportError).delivery).join());
    expect(known.filter((delivery) => delivery === 'maybe-sent')).toHaveLength(5000);
    expect(known.filter((delivery) => delivery === 'not-sent')).toHaveLength(5000);
  });
});
