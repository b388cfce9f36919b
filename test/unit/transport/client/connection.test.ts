import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createClient } from '../../../../src/index.ts';
import type { Carrier } from '../../../../src/transport/carrier/link.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A medium on which every attempt fails, and the times of the attempts in milliseconds. */
function refusing(): { carrier: Carrier; dials: number[] } {
  const dials: number[] = [];
  const carrier: Carrier = {
    name: 'refusing',
    dial: async () => {
      dials.push(performance.now());
      throw new Error('refused');
    },
    listen: () => Promise.reject(new Error('not used')),
  };
  return { carrier, dials };
}

test('a node that cannot be reached is tried at most every 5 seconds for ever, with jitter', async () => {
  const { carrier, dials } = refusing();
  const client = createClient({ nodes: ['127.0.0.1:9300'], carrier });
  await expect(client.connect()).rejects.toMatchObject({ code: 'ERR_DIAL' });
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  const gaps = dials.slice(1).map((at, i) => at - (dials[i] as number));
  expect(Math.max(...gaps)).toBeLessThanOrEqual(5001);
  expect(new Set(gaps.slice(5).map(Math.round)).size).toBeGreaterThan(20);
  // Full jitter: half of 5 seconds on average.
  expect(dials.length).toBeLessThan(400);
  await client.close();
  const before = dials.length;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(dials.length).toBe(before);
});

test('waits double up to the cap', async () => {
  const { carrier, dials } = refusing();
  const client = createClient({ nodes: ['127.0.0.1:9300'], carrier, reconnect: { random: () => 1 } });
  await expect(client.connect()).rejects.toThrow();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(dials.slice(1, 8).map((at, i) => Math.round((at - (dials[i] as number)) / 100) / 10)).toEqual([1, 2, 4, 5, 5, 5, 5]);
  await client.close();
});

test('attempts bounds them: then the client waits for a call', async () => {
  const { carrier, dials } = refusing();
  const client = createClient({ nodes: ['127.0.0.1:9300'], carrier, reconnect: { attempts: 2 } });
  await expect(client.connect()).rejects.toThrow();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(dials).toHaveLength(3);
  expect(client.nodes[0]?.state).toBe('idle');
  await expect(client.connect()).rejects.toThrow();
  expect(dials).toHaveLength(4);
  await client.close();
});
