import { expect, test } from 'vitest';
import { RingQueue } from '../../../../src/transport/util/ring-queue.ts';
import { seededRandom } from '../../../../src/testing/seeded-random.ts';

test('first in, first out, through every growth and wrap', () => {
  const random = seededRandom(7);
  const queue = new RingQueue<number>();
  const model: number[] = [];
  let next = 0;
  for (let step = 0; step < 20_000; step++) {
    if (random() < (step % 4000 < 2000 ? 0.6 : 0.4)) {
      queue.push(next);
      model.push(next++);
    } else expect(queue.shift()).toBe(model.shift());
    expect(queue.size).toBe(model.length);
  }
  expect(queue.drain()).toEqual(model);
  expect(queue.size).toBe(0);
  expect(queue.shift()).toBeUndefined();
});

test('draining across the seam keeps the order, and the queue works on', () => {
  const queue = new RingQueue<number>();
  for (let i = 0; i < 12; i++) queue.push(i);
  for (let i = 0; i < 10; i++) queue.shift();
  for (let i = 12; i < 24; i++) queue.push(i);
  expect(queue.drain()).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]);
  queue.push(1);
  expect(queue.shift()).toBe(1);
});
