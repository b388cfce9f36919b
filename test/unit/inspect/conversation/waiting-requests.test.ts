import { expect, test } from 'vitest';
import { WaitingRequests } from '../../../../src/inspect/conversation/waiting-requests.ts';

test('a request is taken once', () => {
  const waiting = new WaitingRequests();
  waiting.add(1, 'a');
  waiting.add(2n ** 60n, 'b');
  expect([waiting.take(1), waiting.take(1), waiting.take(2n ** 60n), waiting.take(3)]).toEqual(['a', null, 'b', null]);
});

test('an id that is used again has the action of its last request', () => {
  const waiting = new WaitingRequests();
  waiting.add(1, 'a');
  for (let id = 2; id <= 100_001; id++) waiting.add(id, 'other');
  waiting.add(1, 'b');
  expect([waiting.take(1), waiting.take(1)]).toEqual(['b', null]);
});

test('the last 100 000 requests are known, and a million without responses cost no time each', () => {
  const waiting = new WaitingRequests();
  const began = performance.now();
  for (let id = 1; id <= 1_000_000; id++) waiting.add(id, 'a');
  // Dropping the oldest entry of one Map takes minutes.
  expect(performance.now() - began).toBeLessThan(5000);
  expect([waiting.take(1), waiting.take(800_000)]).toEqual([null, null]);
  expect([waiting.take(900_001), waiting.take(1_000_000)]).toEqual(['a', 'a']);
});

test('long names of actions are forgotten sooner', () => {
  const waiting = new WaitingRequests();
  const long = 'a'.repeat(1024 * 1024);
  for (let id = 1; id <= 100; id++) waiting.add(id, long);
  const known = Array.from({ length: 100 }, (_, at) => waiting.take(at + 1)).filter((action) => action !== null);
  expect(known).toHaveLength(12);
});
