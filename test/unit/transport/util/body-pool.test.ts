import { deepStrictEqual } from 'node:assert/strict';
import { inspect } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeEach, describe, expect, test } from 'vitest';
import { StreamInput } from '../../../../src/protocol/wire/stream-input.ts';
import { BodyPool, bodies, release } from '../../../../src/transport/util/body-pool.ts';

const MIB = 1024 * 1024;

let pool: BodyPool;

beforeEach(() => {
  pool = new BodyPool();
});

describe('memory given back', () => {
  test('is handed out again, in any size that rounds up to its own', () => {
    const first = pool.take(100_000);
    pool.give(first);
    const second = pool.take(99_000);
    expect(second.buffer).toBe(first.buffer);
    expect(second).toHaveLength(99_000);
    expect(pool.freeBytes).toBe(0);
  });

  test('may come as any view of it', () => {
    const taken = pool.take(100_000);
    pool.give(new Uint8Array(taken.buffer, 10, 20));
    expect(pool.take(100_000).buffer).toBe(taken.buffer);
  });

  test('twice is handed out once', () => {
    const taken = pool.take(100_000);
    pool.give(taken);
    pool.give(taken);
    expect(pool.take(100_000).buffer).not.toBe(pool.take(100_000).buffer);
  });

  test('by one who had it before is left to the one who has it now', () => {
    const before = pool.take(100_000);
    pool.give(before);
    const now = pool.take(100_000);
    pool.giveExact(before);
    expect(pool.freeBytes).toBe(0);
    pool.giveExact(now);
    expect(pool.freeBytes).toBeGreaterThanOrEqual(100_000);
  });

  test('is left alone when it is not of a pool', () => {
    pool.give(Buffer.alloc(100_000));
    pool.give(new Uint8Array(100_000));
    pool.giveExact(Buffer.alloc(100_000));
    pool.give(new ArrayBuffer(100_000) as never);
    expect(pool.freeBytes).toBe(0);
  });

  test('is gone when it was transferred', () => {
    const taken = pool.take(100_000);
    structuredClone(taken.buffer, { transfer: [taken.buffer as ArrayBuffer] });
    pool.give(taken);
    expect(pool.freeBytes).toBe(0);
    expect(pool.take(100_000)).toHaveLength(100_000);
    expect(pool.take(0)).toHaveLength(0);
  });

  test('is not handed out when it was transferred afterwards', () => {
    const [first, second] = [pool.take(100_000), pool.take(100_000)];
    pool.give(first);
    pool.give(second);
    structuredClone(second.buffer, { transfer: [second.buffer as ArrayBuffer] });
    expect(pool.take(100_000).buffer).toBe(first.buffer);
    expect(pool.freeBytes).toBe(0);
    expect(pool.take(100_000)).toHaveLength(100_000);
  });

  test('looks like any other', () => {
    const { buffer } = pool.take(32_768).fill(0);
    deepStrictEqual(buffer, new ArrayBuffer(32_768));
    expect(inspect(buffer)).toBe(inspect(new ArrayBuffer(32_768)));
  });

  test('is kept within a bound', () => {
    const taken = Array.from({ length: 40 }, () => pool.take(MIB));
    for (const bytes of taken) pool.give(bytes);
    expect(pool.freeBytes).toBe(32 * MIB);
  });

  test('is not kept when it is larger than what is worth it', () => {
    pool.give(pool.take(9 * MIB));
    expect(pool.freeBytes).toBe(0);
  });
});

describe('a large byte field that is released', () => {
  /** A message of two byte fields, read as a channel reads it. */
  function fieldsOf(body: Buffer): { readonly first: Buffer; readonly second: Buffer } {
    const input = new StreamInput(body);
    input.owned = true;
    return { first: input.takeBytes(40_000), second: input.takeBytes(40_000) };
  }

  test('gives the memory of its message back', () => {
    const body = bodies.take(100_000);
    release(fieldsOf(body).first);
    expect(bodies.take(100_000).buffer).toBe(body.buffer);
  });

  test('twice, or as another field of its message, leaves the message alone that has the memory by then', () => {
    const before = bodies.take(100_000);
    const { first, second } = fieldsOf(before);
    release(first);
    const now = bodies.take(100_000);
    expect(now.buffer).toBe(before.buffer);
    release(first);
    release(second);
    expect(bodies.take(100_000).buffer).not.toBe(now.buffer);
  });

  test('twice in a row is handed out once', () => {
    const { first, second } = fieldsOf(bodies.take(100_000));
    release(first);
    release(second);
    expect(bodies.take(100_000).buffer).not.toBe(bodies.take(100_000).buffer);
  });

  test('looks like any other Buffer', () => {
    const { first } = fieldsOf(bodies.take(100_000).fill(7));
    deepStrictEqual(first, Buffer.alloc(40_000, 7));
    expect(first).toEqual(Buffer.alloc(40_000, 7));
    expect(Object.keys(first)).toEqual(Object.keys(Buffer.alloc(40_000)));
  });

  test('is left alone when it is of a small message, or of the caller', () => {
    const free = bodies.freeBytes;
    release(new StreamInput(Buffer.alloc(100)).takeBytes(50));
    release(Buffer.alloc(100_000));
    release(new Uint8Array(100_000));
    release(undefined as never);
    expect(bodies.freeBytes).toBe(free);
  });
});

describe('memory not given back', () => {
  test('is freed by a minor collection', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as (options?: { type: 'minor' }) => void;
    // What the pool itself consists of is old then, as in a process that has run for a while.
    collect();
    await expect.poll(arrayBuffers).toBeLessThan(10 * MIB);
    for (let i = 0; i < 20; i++) pool.take(MIB);
    expect(arrayBuffers()).toBeGreaterThan(20 * MIB);
    collect({ type: 'minor' });
    await expect.poll(arrayBuffers).toBeLessThan(10 * MIB);
  });
});

function arrayBuffers(): number {
  return process.memoryUsage().arrayBuffers;
}
