import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { GrowingBody } from '../../../../../src/protocol/frame/native/growing-body.ts';
import { freeMemory } from '../../../../../src/transport/util/free-memory.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const CHUNK = 256 * KIB;

/** Adds the bytes in chunks with memory of their own, as zlib makes them. */
function grow(bytes: Buffer, likelyOf: (size: number) => number, most = 100 * MIB): { body: GrowingBody; chunks: Buffer[] } {
  const body = new GrowingBody(most, freeMemory);
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK) {
    const chunk = Buffer.alloc(CHUNK);
    const filled = bytes.copy(chunk, 0, at, at + CHUNK);
    chunks.push(chunk);
    body.add(chunk.subarray(0, filled), likelyOf(body.size + filled));
  }
  return { body, chunks };
}

describe('a body that grows', () => {
  test.each([1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * MIB, 2 * MIB + 1, 9 * MIB + 7])(
    'of %i bytes is whole, whatever was likely',
    async (size) => {
      const bytes = randomBytes(size);
      for (const likely of [0, size / 2, size, 3 * size]) {
        const found = grow(bytes, () => likely).body.finish();
        expect(found.equals(bytes)).toBe(true);
      }
    },
  );

  test('of no bytes is empty', () => expect(new GrowingBody(1, freeMemory).finish().length).toBe(0));

  test('has memory that fits when its size was foreseen, and never more than it may have', () => {
    const bytes = grow(randomBytes(16 * MIB), () => 16 * MIB).body.finish();
    expect(bytes.buffer.byteLength).toBeLessThan(17 * MIB);
    const capped = grow(randomBytes(16 * MIB), () => 90 * MIB, 20 * MIB).body.finish();
    expect(capped.buffer.byteLength).toBe(20 * MIB);
  });

  test('that outgrew its memory shortly before its end is moved', () => {
    const bytes = randomBytes(33 * MIB);
    const found = grow(bytes, () => 31 * MIB).body.finish();
    expect(found.equals(bytes)).toBe(true);
  });

  test('frees the chunks that it copied at once, but none that zlib goes on to fill', async () => {
    const { body, chunks } = grow(randomBytes(4 * MIB + 1), () => 4 * MIB);
    body.finish();
    await expect.poll(() => chunks.map(({ length }) => length)).toEqual([...Array.from({ length: 16 }, () => 0), CHUNK]);
  });

  test('that is dropped frees its memory', async () => {
    const { body } = grow(randomBytes(4 * MIB), () => 8 * MIB);
    const held = body.finish();
    body.drop();
    await expect.poll(() => held.length).toBe(0);
  });
});
