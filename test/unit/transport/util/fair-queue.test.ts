import { expect, test } from 'vitest';
import { FairQueue } from '../../../../src/transport/util/fair-queue.ts';

const [one, two, three] = [{}, {}, {}];

function drain(queue: FairQueue<string>): string[] {
  return Array.from({ length: queue.size }, () => queue.shift() as string);
}

test('items of one member come in order', () => {
  const queue = new FairQueue<string>();
  for (const item of ['a', 'b', 'c']) queue.push('host', one, item);
  expect(drain(queue)).toEqual(['a', 'b', 'c']);
  expect([queue.size, queue.shift()]).toEqual([0, undefined]);
});

test('members of a group take turns, whatever each of them queues', () => {
  const queue = new FairQueue<string>();
  for (const item of ['a1', 'a2', 'a3']) queue.push('host', one, item);
  for (const item of ['b1', 'b2']) queue.push('host', two, item);
  expect(drain(queue)).toEqual(['a1', 'b1', 'a2', 'b2', 'a3']);
});

test('groups take turns, whatever members each of them has', () => {
  const queue = new FairQueue<string>();
  for (const [member, item] of [
    [one, 'a1'],
    [two, 'b1'],
    [one, 'a2'],
  ] as const)
    queue.push('flood', member, item);
  queue.push('honest', three, 'c1');
  queue.push('honest', three, 'c2');
  expect(drain(queue)).toEqual(['a1', 'c1', 'b1', 'c2', 'a2']);
});

test('what comes late has its turn behind one item of each other group', () => {
  const queue = new FairQueue<string>();
  for (let i = 0; i < 100; i++) queue.push('flood', one, `a${i}`);
  expect([queue.shift(), queue.shift()]).toEqual(['a0', 'a1']);
  queue.push('honest', two, 'b');
  expect([queue.shift(), queue.shift(), queue.shift()]).toEqual(['a2', 'b', 'a3']);
});

test('a member that is removed leaves the turns of the others as they are', () => {
  const queue = new FairQueue<string>();
  queue.push('host', one, 'a1');
  queue.push('host', two, 'b1');
  queue.push('host', one, 'a2');
  queue.push('other', three, 'c1');
  expect(queue.remove('host', one)).toEqual(['a1', 'a2']);
  expect(queue.remove('host', one)).toEqual([]);
  expect(queue.remove('nowhere', one)).toEqual([]);
  expect(drain(queue)).toEqual(['b1', 'c1']);
  queue.push('host', one, 'a3');
  expect(drain(queue)).toEqual(['a3']);
});

test('groups whose next item may not have a turn keep their place', () => {
  const queue = new FairQueue<string>();
  queue.push('debtor', one, 'a1');
  queue.push('debtor', one, 'a2');
  queue.push('honest', two, 'b1');
  const isHonest = (item: string): boolean => item.startsWith('b');
  expect([...queue.nextOfGroups()]).toEqual(['a1', 'b1']);
  expect([queue.shift(isHonest), queue.shift(isHonest), queue.size]).toEqual(['b1', undefined, 2]);
  expect([...queue.nextOfGroups()]).toEqual(['a1']);
  expect(drain(queue)).toEqual(['a1', 'a2']);
});
