import { describe, expect, test } from 'vitest';
import { OverloadedError, type TransportError } from '../../../../src/protocol/error/transport-error.ts';
import { IncomingStream, type StreamMemory } from '../../../../src/transport/channel/incoming-stream.ts';

const KIB = 1024;
const FLOW = { pause: () => undefined, resume: () => undefined };

/** Memory that grants so many bytes and notes what is held. */
class Memory implements StreamMemory {
  held = 0;
  most = 0;
  readonly #limit: number;

  constructor(limit = Number.POSITIVE_INFINITY) {
    this.#limit = limit;
  }

  hold(bytes: number): TransportError | null {
    if (this.held + bytes > this.#limit) return new OverloadedError('ERR_OVERLOADED', {}, 'full');
    this.held += bytes;
    this.most = Math.max(this.most, this.held);
    return null;
  }

  free(bytes: number): void {
    this.held -= bytes;
  }
}

async function readAll(stream: IncomingStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

describe('a stream that arrives byte by byte', () => {
  test('holds little more than its bytes, and is charged for what it holds', async () => {
    const size = 200_000;
    const memory = new Memory();
    const stream = new IncomingStream(size, FLOW, memory);
    for (let i = 0; i < size; i++) stream.push(Buffer.of(i % 251));
    expect(memory.held).toBeGreaterThanOrEqual(size);
    expect(memory.held).toBeLessThan(size + 16 * KIB);
    const read = await readAll(stream);
    expect(read).toHaveLength(size);
    expect(read.every((byte, i) => byte === i % 251)).toBe(true);
    expect(memory.held).toBe(0);
  });

  test.each([
    [1, 257],
    [1024, 257],
    [20_000, 14],
  ])('pauses its channel when 256 KiB wait, or 256 pieces: of %i bytes', (length, count) => {
    let isPaused = false;
    const memory = new Memory();
    const stream = new IncomingStream(1024 * KIB, { ...FLOW, pause: () => (isPaused = true) }, memory);
    let pieces = 0;
    for (; !isPaused && pieces < 1000; pieces++) stream.push(Buffer.alloc(length));
    expect(pieces).toBe(count);
    expect(memory.held).toBeLessThanOrEqual(count * length + 16 * KIB);
  });

  test('keeps the order when a reader takes some between', async () => {
    const size = 100_000;
    const memory = new Memory();
    const stream = new IncomingStream(size, FLOW, memory);
    const reading = readAll(stream);
    for (let at = 0; at < size; ) {
      const length = Math.min(1 + ((at * 7) % 3000), size - at);
      stream.push(Buffer.from(Array.from({ length }, (_, i) => (at + i) % 251)));
      at += length;
      if (at % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await reading).every((byte, i) => byte === i % 251)).toBe(true);
    expect(memory.held).toBe(0);
  });
});

describe('a stream that may not hold more', () => {
  test('gives its reader what has come, then the reason', async () => {
    const memory = new Memory(32 * KIB);
    const stream = new IncomingStream(40_000, FLOW, memory);
    for (let i = 0; i < 4; i++) stream.push(Buffer.alloc(10_000, i));
    expect(stream.isDropped).toBe(true);
    const chunks: number[] = [];
    const reading = (async () => {
      for await (const chunk of stream) chunks.push(chunk.length);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'ERR_OVERLOADED' });
    expect(chunks.reduce((sum, each) => sum + each, 0)).toBe(32 * KIB);
    expect(memory.held).toBe(0);
  });
});

describe('the charge is given back', () => {
  test.each<[string, (stream: IncomingStream) => unknown]>([
    ['when the stream is dropped', (stream) => stream.drop()],
    ['when its call is answered and nobody reads it', (stream) => stream.dropUnread()],
    [
      'when its call is answered and its reader has stopped',
      async (stream) => {
        await stream[Symbol.asyncIterator]().next();
        stream.dropUnread();
      },
    ],
    [
      'once only',
      async (stream) => {
        const reader = stream[Symbol.asyncIterator]();
        await reader.next();
        stream.fail(new OverloadedError('ERR_OVERLOADED', {}, 'over'));
        await reader.next();
        await reader.return(undefined);
        stream.drop();
      },
    ],
    [
      'when its channel has ended and its call is answered',
      (stream) => {
        stream.fail(new OverloadedError('ERR_OVERLOADED', {}, 'over'));
        stream.dropUnread();
      },
    ],
  ])('%s', async (_when, end) => {
    const memory = new Memory();
    const stream = new IncomingStream(200_000, FLOW, memory);
    for (let i = 0; i < 5; i++) stream.push(Buffer.alloc(20_000));
    expect(memory.held).toBeGreaterThan(100_000);
    await end(stream);
    expect(memory.held).toBe(0);
  });

  test('not before its call is answered: what has come is held when the channel ends', () => {
    const memory = new Memory();
    const stream = new IncomingStream(200_000, FLOW, memory);
    stream.push(Buffer.alloc(100_000));
    stream.fail(new OverloadedError('ERR_OVERLOADED', {}, 'over'));
    expect(memory.held).toBeGreaterThanOrEqual(100_000);
  });
});
