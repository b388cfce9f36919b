import { randomBytes } from 'node:crypto';
import { constants, deflateRawSync, deflateSync, gzipSync, inflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { TransportError } from '../../../../../src/protocol/error/transport-error.ts';
import {
  deflateBody,
  DEFLATE_MAGIC,
  deflation,
  inflateBody,
  inflateBodySync,
  type InflationLimits,
} from '../../../../../src/protocol/frame/native/compression.ts';
import { DEFAULT_LIMITS, UNRATED_INFLATED_BYTES } from '../../../../../src/protocol/wire/limits.ts';
import { freeMemory } from '../../../../../src/transport/util/free-memory.ts';
import { pageInflate } from '../../../../support/page-inflate.ts';
import { goldenVectors, releases } from '../../../../vectors/load.ts';

const MIB = 1024 * 1024;
const SIZES = [0, 1, 2, 100, 16_383, 16_384, 16_385, 16_500, 32_767, 32_768, 32_769];

const anyRatio = (maxInflatedBytes: number): InflationLimits => ({ maxInflatedBytes, maxInflationRatio: Number.POSITIVE_INFINITY });

function inflate(body: Buffer, limits: InflationLimits): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let calls = 0;
    const done = (error: TransportError | null, inflated: Buffer): void => {
      expect(++calls).toBe(1);
      if (error === null) resolve(inflated);
      else reject(error);
    };
    inflateBody(body, limits, done);
  });
}

/** All ways to inflate; they must always agree. */
async function outcome(body: Buffer, maxBytes = MIB): Promise<string> {
  const sync = (): Buffer => inflateBodySync(body, maxBytes);
  const limits = anyRatio(maxBytes);
  const answer = await inflate(body, limits).catch((error: TransportError) => error);
  const inBackground = await inflate(body, { ...limits, atOnceBytes: 0 }).catch((error: TransportError) => error);
  if (Buffer.isBuffer(answer)) expect(answer.equals(inBackground as Buffer)).toBe(true);
  else expect(inBackground).toMatchObject({ code: answer.code, message: answer.message });
  if (Buffer.isBuffer(answer)) {
    expect(sync().equals(answer)).toBe(true);
    return answer.toString('latin1');
  }
  expect(sync).toThrow(expect.objectContaining({ code: answer.code, message: answer.message }));
  return `${answer.code} ${answer.scope}`;
}

function withMagic(...parts: Uint8Array[]): Buffer {
  return Buffer.concat([DEFLATE_MAGIC, ...parts]);
}

/** A stored block, by the book. */
function stored(text: string, final: boolean): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  const head = Buffer.alloc(5);
  head[0] = final ? 1 : 0;
  head.writeUInt16LE(bytes.length, 1);
  head.writeUInt16LE(bytes.length ^ 0xffff, 3);
  return Buffer.concat([head, bytes]);
}

describe('a body we write', () => {
  test.each(SIZES)('of %i bytes ends as Java ends it, and a genuine node reads all of it', (size) => {
    for (const body of [Buffer.alloc(size, 7), Buffer.from(Uint8Array.from({ length: size }, (_, i) => (i * i) >> 3))]) {
      const written = deflateBody(body);
      expect(written.subarray(0, 4).toString('hex')).toBe('44464c00');
      expect(written.subarray(-6).toString('hex')).toBe('0000ffff0300');
      expect(inflateRawSync(written.subarray(4)).equals(body)).toBe(true);
      expect(pageInflate(written.subarray(4)).equals(body)).toBe(true);
    }
  });

  test('the examples of the wire format, byte for byte', () => {
    expect(deflateBody(Buffer.alloc(0)).toString('hex')).toBe('44464c00000000ffff0300');
    expect(deflateBody(Buffer.of(0)).toString('hex')).toBe('44464c006200000000ffff0300');
  });

  test('the page rule is what it says: a plain stream loses its tail', () => {
    for (const size of [16_385, 16_500, 32_769]) expect(pageInflate(deflateRawSync(Buffer.alloc(size, 1))).length).toBeLessThan(size);
  });
});

describe('a body we compress in the background', () => {
  const inBackground = (...parts: Uint8Array[]): Promise<Buffer | null> =>
    new Promise((resolve) => {
      deflation(parts, (pieces) => resolve(pieces === null ? null : Buffer.concat(pieces))).begin(
        () => undefined,
        () => undefined,
      );
    });

  test.each([...SIZES.slice(1), MIB, 3 * MIB + 1])('of %i bytes ends as Java ends it, and a genuine node reads all of it', async (size) => {
    for (const body of [Buffer.alloc(size, 7), Buffer.from(Uint8Array.from({ length: size }, (_, i) => (i * i) >> 3))]) {
      const written = (await inBackground(body.subarray(0, size >> 1), Buffer.alloc(0), body.subarray(size >> 1))) as Buffer;
      expect(written.subarray(0, 4).toString('hex')).toBe('44464c00');
      expect(written.subarray(-6).toString('hex')).toBe('0000ffff0300');
      expect(pageInflate(written.subarray(4)).equals(body)).toBe(true);
    }
  });

  test('is told to be missing once when it is stopped, begun or not', async () => {
    for (const begins of [false, true]) {
      const ends: unknown[] = [];
      const work = deflation([Buffer.alloc(MIB)], (pieces) => ends.push(pieces));
      if (begins)
        work.begin(
          () => undefined,
          () => ends.push('over'),
        );
      work.stop();
      work.stop();
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(ends).toEqual(begins ? [null, 'over'] : [null]);
    }
  });
});

describe('a body we read', () => {
  test.each(SIZES)('%i bytes, whatever ended the stream', async (size) => {
    const body = Buffer.alloc(size, 'opensearch');
    for (const flush of [constants.Z_FINISH, constants.Z_SYNC_FLUSH]) {
      const blocks = deflateRawSync(body, { finishFlush: flush });
      const written = flush === constants.Z_FINISH ? withMagic(blocks) : withMagic(blocks, Buffer.from('0300', 'hex'));
      expect(await outcome(written)).toBe(body.toString('latin1'));
    }
  });

  test.each([
    ['stored', withMagic(stored('hello', true)), 'hello'],
    ['three stored', withMagic(stored('a', false), stored('b', false), stored('c', true)), 'abc'],
    ['fixed', withMagic(deflateRawSync(Buffer.from('hello hello hello'), { strategy: constants.Z_FIXED })), 'hello hello hello'],
    ['dynamic', withMagic(deflateRawSync(Buffer.from('abcdefgh'.repeat(99)), { level: 9 })), 'abcdefgh'.repeat(99)],
    ['stored, then fixed', withMagic(stored('hello', false), Buffer.from('0300', 'hex')), 'hello'],
  ])('blocks: %s', async (_name, body, text) => expect(await outcome(body)).toBe(text));

  test('one that compresses far better in its second half is whole', async () => {
    const body = Buffer.concat([randomBytes(3 * MIB), Buffer.alloc(20 * MIB, 7)]);
    const found = await inflate(withMagic(deflateRawSync(body)), anyRatio(64 * MIB));
    expect(found.equals(body)).toBe(true);
  });

  test('a large one is in memory once', async () => {
    const written = withMagic(deflateRawSync(Buffer.alloc(64 * MIB, 'opensearch')));
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const look = (): void => {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    };
    const found = await new Promise<Buffer>((resolve) => {
      const done = (_: TransportError | null, body: Buffer): void => {
        look();
        resolve(body);
      };
      inflateBody(written, anyRatio(64 * MIB), done, (work) => work.begin(look, () => undefined, freeMemory));
    });
    expect(found.length).toBe(64 * MIB);
    expect(most).toBeLessThan(90 * MIB);
  });

  test.each([
    ['no body', Buffer.alloc(0)],
    ['the magic alone', withMagic()],
  ])('%s counts as empty, as nodes have it', async (_name, body) => expect(await outcome(body)).toBe(''));

  test.each([
    ['one byte', Buffer.from('44', 'hex')],
    ['two bytes', Buffer.from('4446', 'hex')],
    ['three bytes', Buffer.from('44464c', 'hex')],
    ['another magic', Buffer.from('010203040506', 'hex')],
    ['magic in lower case', Buffer.from('64666c000300', 'hex')],
    ['corrupt', withMagic(Buffer.from('ffffffffff', 'hex'))],
    ['zlib', withMagic(deflateSync(Buffer.from('hello')))],
    ['gzip', withMagic(gzipSync(Buffer.from('hello')))],
    ['bare zlib', deflateSync(Buffer.from('hello'))],
  ])('%s ends the channel', async (_name, body) => expect(await outcome(body)).toBe('ERR_COMPRESSION channel'));

  test('the text of a node for a wrong magic', async () => {
    const text =
      'stream marked as compressed, but no compressor found, first [10] content bytes out of [12] readable bytes with message size [12] ] are ' +
      '[1,-1,3,4,5,6,7,8,9,10,]';
    await expect(inflate(Buffer.from('01ff030405060708090a0b0c', 'hex'), anyRatio(MIB))).rejects.toMatchObject({ message: text });
  });

  test('a stream that breaks off costs its call, not the channel', async () => {
    const text = Buffer.from('some text that is not so short '.repeat(50));
    const whole = deflateRawSync(text);
    for (let cut = 1; cut < whole.length; cut++) expect(await outcome(withMagic(whole.subarray(0, cut)))).toBe('ERR_DECODE call');
    expect(await outcome(withMagic(deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH })))).toBe('ERR_DECODE call');
  });

  test('surplus behind the stream is ignored, as nodes have it', async () => {
    const stream = deflateRawSync(Buffer.from('hello'));
    expect(await outcome(withMagic(stream, Buffer.alloc(8, 0xff)))).toBe('hello');
    expect(await outcome(withMagic(stream, deflateRawSync(Buffer.from('world'))))).toBe('hello');
  });

  test.each(releases)('every compressed golden frame of %s', async (release) => {
    const frames = goldenVectors(release).filter(({ kind, id }) => kind === 'frame' && id.includes('compressed'));
    expect(frames.length).toBeGreaterThan(8);
    for (const { hex } of frames) {
      const bytes = Buffer.from(hex, 'hex');
      const body = bytes.subarray(23 + bytes.readInt32BE(19));
      const inflated = inflateBodySync(body, MIB);
      expect(pageInflate(body.subarray(4)).equals(inflated)).toBe(true);
      expect(body.subarray(-6).toString('hex')).toBe('0000ffff0300');
      expect(inflateBodySync(deflateBody(inflated), MIB).equals(inflated)).toBe(true);
    }
  });
});

describe('bombs', () => {
  test.each([1, 1000, MIB, MIB + 1, 3 * MIB])('a cap of %i bytes is exact', async (cap) => {
    const code = (size: number): Promise<string> => outcome(deflateBody(Buffer.alloc(size, 65)), cap);
    expect((await code(cap)).length).toBe(cap);
    expect(await code(cap + 1)).toBe('ERR_PAYLOAD_LIMIT call');
  });

  test.each([Number.POSITIVE_INFINITY, 2 ** 40])('a cap of %d is none', async (cap) => {
    expect((await inflate(deflateBody(Buffer.alloc(2 * MIB)), anyRatio(cap))).length).toBe(2 * MIB);
  });

  test('1 MiB that inflates to 1 GiB is refused with bounded memory', async () => {
    // One block of zeros after another: the bytes of a sync-flushed MiB, a thousand times.
    const mib = deflateRawSync(Buffer.alloc(MIB), { level: 9, finishFlush: constants.Z_FULL_FLUSH });
    const bomb = withMagic(...new Array<Buffer>(1024).fill(mib), Buffer.from('0300', 'hex'));
    expect(bomb.length).toBeLessThan(1.1 * MIB);
    const before = process.memoryUsage.rss();
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5);
    await expect(inflate(bomb, anyRatio(64 * MIB))).rejects.toMatchObject({
      code: 'ERR_PAYLOAD_LIMIT',
      message: expect.stringContaining('maxInflatedBytes'),
    });
    clearInterval(watch);
    expect(Math.max(most, process.memoryUsage.rss()) - before).toBeLessThan(200 * MIB);
    expect(() => inflateBodySync(bomb, MIB)).toThrow(expect.objectContaining({ code: 'ERR_PAYLOAD_LIMIT' }));
  });

  describe('by their ratio', () => {
    const limits = { maxInflatedBytes: 100 * MIB, maxInflationRatio: 100 };
    const code = (body: Buffer, most: InflationLimits = limits): Promise<string | number> =>
      inflate(body, most).then(
        ({ length }) => length,
        (error: TransportError) => error.code,
      );

    test('64 KiB may have any', async () => {
      expect(await code(deflateBody(Buffer.alloc(UNRATED_INFLATED_BYTES)))).toBe(UNRATED_INFLATED_BYTES);
      expect(await code(deflateBody(Buffer.alloc(UNRATED_INFLATED_BYTES + 1)))).toBe('ERR_PAYLOAD_LIMIT');
    });

    test('what inflates to so many times its size and no more is accepted', async () => {
      const body = deflateBody(Buffer.alloc(MIB));
      const ratio = MIB / body.length;
      expect(await code(body, { ...limits, maxInflationRatio: ratio })).toBe(MIB);
      expect(await code(body, { ...limits, maxInflationRatio: ratio * 0.999 })).toBe('ERR_PAYLOAD_LIMIT');
    });

    test('the error names the limit', async () => {
      const body = deflateBody(Buffer.alloc(MIB));
      await expect(inflate(body, limits)).rejects.toThrow(
        `compressed body of ${body.length} bytes inflates to more than ${100 * body.length} bytes, and to more than 100 times its size (maxInflationRatio)`,
      );
      await expect(inflate(body, { ...limits, maxInflatedBytes: 5000 })).rejects.toThrow('more than 5000 bytes (maxInflatedBytes)');
    });

    test('the bulk body of 10 000 equal documents is not one', async () => {
      const document = JSON.stringify({
        '@timestamp': '2026-01-01T00:00:00Z',
        level: 'INFO',
        message: 'The quick brown fox',
        host: 'web-1',
      });
      const body = Buffer.from(`{"index":{}}\n${document}\n`.repeat(10_000));
      expect(await code(deflateBody(body), DEFAULT_LIMITS)).toBe(body.length);
    });
  });
});
