import { expect, test } from 'vitest';
import { AnswerBudget } from '../../../../src/transport/channel/answer-budget.ts';
import { type UnreadChannel, UnreadWatch } from '../../../../src/transport/channel/unread-watch.ts';
import type { Writer } from '../../../../src/transport/channel/writer.ts';

const MIB = 1024 * 1024;

function budgetOf(role: 'dialed' | 'accepted', maxBufferedBytes: number) {
  const link = { takenBytes: 0 };
  const writer = { bufferedBytes: 0 };
  const unread = new UnreadWatch(Infinity);
  const budget = new AnswerBudget(link as UnreadChannel, writer as Writer, { role, maxBufferedBytes, unread });
  const write = (bytes: number): void => void (writer.bufferedBytes += bytes);
  const answer = (bytes: number): void => {
    write(bytes);
    budget.add(bytes);
  };
  const take = (bytes: number): void => {
    writer.bufferedBytes -= bytes;
    link.takenBytes += bytes;
  };
  return { budget, write, answer, take };
}

test('an accepting end counts all that waits', () => {
  const { budget, write } = budgetOf('accepted', MIB);
  write(MIB);
  expect(budget.isFull).toBe(false);
  write(1);
  expect(budget.isFull).toBe(true);
  expect(budget.refusal('demo:echo', 'the request was not served')).toMatchObject({
    code: 'ERR_OVERLOADED',
    message:
      'demo:echo: the request was not served: 1048577 bytes wait to be written on this connection, expected at most 1048576 (maxBufferedBytes)',
  });
});

test('a dialling end counts answers, whatever its own requests take', () => {
  const { budget, write, answer } = budgetOf('dialed', MIB);
  write(100 * MIB);
  expect(budget.isFull).toBe(false);
  answer(MIB);
  expect(budget.isFull).toBe(false);
  answer(1);
  expect(budget.isFull).toBe(true);
});

test('answers that have left between requests count no more', () => {
  const { budget, write, answer, take } = budgetOf('dialed', MIB);
  for (let round = 0; round < 1000; round++) {
    write(10 * MIB);
    answer(100_000);
    expect(budget.isFull).toBe(false);
    take(10 * MIB + 100_000 - (round === 0 ? 5 * MIB : 0));
  }
});

test('short errors may go on for a while, then the channel has to end', () => {
  const { budget, answer, take } = budgetOf('dialed', MIB);
  answer(MIB + 1);
  answer(1);
  for (let bytes = 0; bytes < 3 * MIB; bytes += 500) {
    answer(500);
    budget.check('[peer]');
  }
  answer(3 * MIB);
  expect(() => budget.check('[peer]')).toThrow(expect.objectContaining({ code: 'ERR_OVERLOADED', scope: 'channel' }));
  take(8 * MIB);
  budget.check('[peer]');
});

test('answers of a dialling end have a bound of their own, however much of its own requests may wait', () => {
  const { budget, answer } = budgetOf('dialed', Infinity);
  answer(64 * MIB + 1);
  expect(budget.isFull).toBe(true);
});
