import { describe, expect, test } from 'vitest';
import { BODY_MODE, DECODED, LARGE_BODY_BYTES, NativeDecoder } from '../../../../../src/protocol/frame/native/decoder.ts';
import { PING } from '../../../../../src/protocol/frame/native/fixed-header.ts';
import { FrameWalk } from '../../../../support/frame-walk.ts';
import { rawFrame, requestHeader } from '../../../../support/raw-frame.ts';
import { seededRandom } from '../../../../../src/testing/seeded-random.ts';
import { goldenVectors } from '../../../../vectors/load.ts';

const small = [
  rawFrame(),
  PING,
  rawFrame({ id: 2n, status: 0, variable: requestHeader('demo:echo'), body: Buffer.from('00026869', 'hex') }),
  PING,
  PING,
  rawFrame({ id: 3n, status: 3, body: Buffer.alloc(40, 7) }),
  rawFrame({ id: 4n, status: 0, variable: requestHeader('x'.repeat(300)), body: Buffer.of(0) }),
  rawFrame({ id: 5n }),
];
const large = [
  ...small,
  rawFrame({ id: 6n, body: patterned(LARGE_BODY_BYTES - 1) }),
  rawFrame({ id: 7n, body: patterned(LARGE_BODY_BYTES) }),
  PING,
  rawFrame({ id: 8n, status: 0, variable: requestHeader('demo:big'), body: patterned(200_000) }),
  rawFrame({ id: 9n }),
];

function patterned(bytes: number): Buffer {
  return Buffer.from(Uint8Array.from({ length: bytes }, (_, i) => (i * 31) ^ (i >> 8)));
}

function walk(bytes: Buffer, chunk: number, inPlace = false): string[] {
  const walker = new FrameWalk({ inPlace: () => inPlace });
  for (let at = 0; at < bytes.length; at += chunk) walker.feed(bytes.subarray(at, at + chunk));
  expect(walker.decoder).toMatchObject({ midFrame: false, unread: 0, consumed: bytes.length });
  return walker.found;
}

describe('chunks make no difference', () => {
  const bytes = Buffer.concat(small);
  const whole = walk(bytes, bytes.length);

  test('whole', () => expect(whole.filter((line) => line.startsWith('header') || line === 'ping')).toHaveLength(small.length));

  test('split in two at every offset', () => {
    for (let cut = 0; cut <= bytes.length; cut++) {
      const walker = new FrameWalk();
      walker.feed(bytes.subarray(0, cut));
      walker.feed(bytes.subarray(cut));
      expect(walker.found, `cut at ${cut}`).toEqual(whole);
    }
  });

  test.each([1, 2, 3, 5, 6, 7, 22, 23, 24, 25, 26, 100])('%i bytes a chunk', (chunk) => expect(walk(bytes, chunk)).toEqual(whole));

  test.each(['3.9.0', '2.19.6'] as const)('golden frames of %s joined, in many chunk sizes', (release) => {
    const frames = goldenVectors(release).filter(({ kind }) => kind === 'frame');
    const joined = Buffer.concat(frames.map(({ hex }) => Buffer.from(hex, 'hex')));
    const once = walk(joined, joined.length);
    for (let chunk = 1; chunk < 80; chunk++) expect(walk(joined, chunk)).toEqual(once);
  });

  test.each([false, true])('large bodies, random chunks, reads in place: %s', (inPlace) => {
    const joined = Buffer.concat(large);
    const once = walk(joined, joined.length);
    for (const chunk of [7, 1000, 16_384, 65_536]) expect(walk(joined, chunk, inPlace)).toEqual(once);
    for (let seed = 1; seed <= 40; seed++) {
      const random = seededRandom(seed);
      const walker = new FrameWalk({ inPlace: () => inPlace && random() < 0.5 });
      for (let at = 0; at < joined.length; ) {
        const size = 1 + Math.floor(random() ** 4 * 70_000);
        walker.feed(joined.subarray(at, at + size));
        at += size;
      }
      expect(walker.found, `seed ${seed}`).toEqual(once);
    }
  });

  test('pieces, discarded and whole bodies mixed', () => {
    const joined = Buffer.concat(large);
    const modes = [BODY_MODE.whole, BODY_MODE.pieces, BODY_MODE.discard];
    const mode = (message: number): number => modes[message % 3] as number;
    const once = new FrameWalk({ mode });
    once.feed(joined);
    expect(once.found.filter((line) => line.startsWith('end'))).toHaveLength(6);
    for (const chunk of [1, 13, 1000, 65_536]) {
      const walker = new FrameWalk({ mode, inPlace: (read) => read % 2 === 0 });
      for (let at = 0; at < joined.length; at += chunk) walker.feed(joined.subarray(at, at + chunk));
      expect(walker.found).toEqual(once.found);
      expect(walker.decoder.consumed).toBe(joined.length);
    }
  });
});

describe('bodies', () => {
  test('a body that lies in the chunk is borrowed, a large one that does not is owned', () => {
    const bytes = rawFrame({ body: patterned(LARGE_BODY_BYTES) });
    const decoder = new NativeDecoder();
    decoder.push(bytes);
    expect([decoder.next(), decoder.next()]).toEqual([DECODED.header, DECODED.body]);
    expect(decoder).toMatchObject({ bodyOwned: false, body: bytes });
    expect(decoder.next()).toBe(DECODED.needMore);
    decoder.push(bytes.subarray(0, 100));
    expect([decoder.next(), decoder.next()]).toEqual([DECODED.header, DECODED.needMore]);
    expect(decoder.target).toHaveLength(LARGE_BODY_BYTES - 75);
    decoder.push(bytes.subarray(100));
    expect(decoder.next()).toBe(DECODED.body);
    expect(decoder.bodyOwned).toBe(true);
    expect(decoder.body.equals(patterned(LARGE_BODY_BYTES))).toBe(true);
    expect(decoder.target).toBeNull();
  });

  test('two large bodies never share memory', () => {
    const bytes = rawFrame({ body: patterned(LARGE_BODY_BYTES) });
    const decoder = new NativeDecoder();
    const bodies: Buffer[] = [];
    for (const part of [bytes.subarray(0, 50), Buffer.concat([bytes.subarray(50), bytes.subarray(0, 50)]), bytes.subarray(50)]) {
      decoder.push(part);
      for (let found = decoder.next(); found !== DECODED.needMore; found = decoder.next())
        if (found === DECODED.body) bodies.push(decoder.body);
    }
    expect(bodies).toHaveLength(2);
    expect(bodies[0]).not.toBe(bodies[1]);
  });

  test('memory is taken only for what is kept', () => {
    const taken: number[] = [];
    const allocateBody = (size: number): Buffer => {
      taken.push(size);
      return Buffer.alloc(size);
    };
    const decoder = new NativeDecoder({ allocateBody });
    const announced = rawFrame({ length: 50_000_000 });
    decoder.push(announced);
    expect(decoder.next()).toBe(DECODED.header);
    decoder.bodyMode = BODY_MODE.discard;
    expect(decoder.next()).toBe(DECODED.needMore);
    expect(taken).toEqual([]);
    expect(decoder.target).toBeNull();
  });
});

describe('memory of a large body', () => {
  const SIZE = 5 * 1024 * 1024;

  /** A decoder whose allocations are noted. */
  function watched(): { decoder: NativeDecoder; taken: number[]; freed: number[] } {
    const taken: number[] = [];
    const freed: number[] = [];
    const allocateBody = (size: number): Buffer => {
      taken.push(size);
      return Buffer.alloc(size);
    };
    return { decoder: new NativeDecoder({ allocateBody, freeBody: (memory) => freed.push(memory.length) }), taken, freed };
  }

  test('grows with what has arrived: an announced length reserves little', () => {
    const { decoder, taken, freed } = watched();
    const frame = rawFrame({ body: patterned(SIZE) });
    let isWhole = false;
    for (let at = 0; at < frame.length; at += 997) {
      decoder.push(frame.subarray(at, at + 997));
      for (let found = decoder.next(); found !== DECODED.needMore; found = decoder.next()) isWhole ||= found === DECODED.body;
      expect(taken.at(-1) ?? 0).toBeLessThanOrEqual(Math.max(64 * 1024, 64 * (at + 997)));
    }
    expect(isWhole).toBe(true);
    expect(decoder.bodyOwned).toBe(true);
    expect(decoder.body.equals(patterned(SIZE))).toBe(true);
    expect(taken.at(-1)).toBe(SIZE);
    expect(freed).toEqual(taken.slice(0, -1));
  });

  test('is taken at once when a fair part has arrived', () => {
    const { decoder, taken } = watched();
    decoder.push(rawFrame({ body: patterned(SIZE) }).subarray(0, 200_000));
    expect([decoder.next(), decoder.next()]).toEqual([DECODED.header, DECODED.needMore]);
    expect(taken).toEqual([SIZE]);
  });

  test('is filled in place while it grows', () => {
    const { decoder } = watched();
    const frame = rawFrame({ body: patterned(SIZE) });
    decoder.push(frame.subarray(0, 100));
    expect([decoder.next(), decoder.next()]).toEqual([DECODED.header, DECODED.needMore]);
    let at = 100;
    let found = 0;
    while (at < frame.length) {
      const count = Math.min(decoder.target?.length ?? 0, 50_000);
      expect(count).toBeGreaterThan(0);
      decoder.target?.set(frame.subarray(at, at + count));
      decoder.filled(count);
      at += count;
      found = decoder.next();
    }
    expect(found).toBe(DECODED.body);
    expect(decoder.body.equals(patterned(SIZE))).toBe(true);
  });

  test.each([10_000, 300_000])('a body of %i bytes that is dropped goes by, and the next message is read', (size) => {
    const { decoder } = watched();
    const frame = rawFrame({ body: patterned(size) });
    decoder.push(frame.subarray(0, 5000));
    expect([decoder.next(), decoder.next()]).toEqual([DECODED.header, DECODED.needMore]);
    const { target } = decoder;
    decoder.dropBody();
    expect([decoder.target, decoder.unread, decoder.midFrame]).toEqual([null, 0, true]);
    let at = 5000;
    if (target !== null) {
      // The read that was under way goes into the memory that was dropped.
      decoder.filled(1000);
      at += 1000;
      expect(decoder.next()).toBe(DECODED.needMore);
    }
    decoder.push(Buffer.concat([frame.subarray(at), rawFrame({ id: 8n })]));
    expect([decoder.next(), decoder.next(), decoder.next(), decoder.next()]).toEqual([
      DECODED.end,
      DECODED.header,
      DECODED.body,
      DECODED.needMore,
    ]);
    expect([decoder.requestId, decoder.consumed]).toEqual([8, frame.length + rawFrame().length]);
  });

  test('a header that is announced as long takes memory as it comes', () => {
    const decoder = new NativeDecoder();
    const variable = Buffer.concat([
      Buffer.of(1, 1),
      Buffer.from('k'),
      Buffer.from([0x80, 0x80, 0x04]),
      Buffer.alloc(65_536, 'v'),
      Buffer.of(0),
    ]);
    const frame = rawFrame({ variable });
    for (let at = 0; at < frame.length; at += 100) {
      decoder.push(frame.subarray(at, at + 100));
      decoder.next();
    }
    expect(decoder.variable.responseHeaders).toEqual({});
    expect(decoder.variable.requestHeaders).toEqual({ k: 'v'.repeat(65_536) });
  });
});

describe('ids', () => {
  test.each([
    [0n, 0],
    [1n, 1],
    [2n ** 31n - 1n, 2 ** 31 - 1],
    [2n ** 31n, 2 ** 31],
    [2n ** 32n, 2 ** 32],
    [2n ** 53n - 1n, 2 ** 53 - 1],
    [2n ** 53n, Number.NaN],
    [2n ** 53n + 1n, Number.NaN],
    [2n ** 63n - 1n, Number.NaN],
    [-1n, -1],
    [-(2n ** 32n), -(2 ** 32)],
    [-(2n ** 63n), Number.NaN],
  ])('%s', (id, number) => {
    const decoder = new NativeDecoder();
    decoder.push(rawFrame({ id }));
    decoder.next();
    expect(decoder.requestId).toBe(number);
    expect((BigInt(decoder.idHigh) << 32n) | BigInt(decoder.idLow >>> 0)).toBe(id);
  });
});

const limits = {
  maxFrameBytes: 1000,
  maxHeaderBytes: 100,
  maxInflatedBytes: 1000,
  maxInflationRatio: 250,
  maxStreamBytes: 1000,
  maxDecodedBytes: 1000,
};

describe('refused', () => {
  test.each([
    ['length 0', { length: 0 }, 'ERR_BAD_LENGTH', 'invalid data length: 0'],
    ['length -2', { length: -2 }, 'ERR_BAD_LENGTH', 'invalid data length: -2'],
    ['length -2^31', { length: -(2 ** 31) }, 'ERR_BAD_LENGTH', 'invalid data length: -2147483648'],
    ...[1, 2, 8, 12, 13, 16, 17, 18].map(
      (length) => [`length ${length}`, { length }, 'ERR_BAD_LENGTH', `invalid data length: ${length}, the smallest frame has 19`] as const,
    ),
    [
      'length 2^31 - 1',
      { length: 2 ** 31 - 1 },
      'ERR_FRAME_TOO_LARGE',
      'transport content length received [2147483647 bytes] exceeded [1000 bytes]',
    ],
    [
      'one beyond the limit',
      { length: 1001 },
      'ERR_FRAME_TOO_LARGE',
      'transport content length received [1001 bytes] exceeded [1000 bytes]',
    ],
    ['variable header of -1', { variableSize: -1 }, 'ERR_HEADER_SIZE', 'variable header of -1 bytes, expected 2 to 2'],
    ['variable header of -2^31', { variableSize: -(2 ** 31) }, 'ERR_HEADER_SIZE', 'variable header of -2147483648 bytes, expected 2 to 2'],
    ['variable header of 0', { variableSize: 0 }, 'ERR_HEADER_SIZE', 'variable header of 0 bytes, expected 2 to 2'],
    ['variable header of 1', { variableSize: 1 }, 'ERR_HEADER_SIZE', 'variable header of 1 bytes, expected 2 to 2'],
    ['variable header beyond the frame', { variableSize: 3 }, 'ERR_HEADER_SIZE', 'variable header of 3 bytes, expected 2 to 2'],
    [
      'variable header of 2^31 - 1',
      { variableSize: 2 ** 31 - 1, length: 1000 },
      'ERR_HEADER_SIZE',
      'variable header of 2147483647 bytes, expected 2 to 100',
    ],
    [
      'variable header beyond its limit',
      { variableSize: 101, length: 1000 },
      'ERR_HEADER_SIZE',
      'variable header of 101 bytes, expected 2 to 100',
    ],
  ] as const)('%s, as soon as it shows', (_name, parts, code, message) => {
    const bytes = rawFrame(parts);
    const shownAt = 'variableSize' in parts ? 23 : 6;
    for (const fed of [bytes.length, shownAt]) {
      const decoder = new NativeDecoder({ limits });
      decoder.push(Buffer.concat([PING, bytes.subarray(0, fed)]));
      expect(decoder.next()).toBe(DECODED.ping);
      expect(() => decoder.next()).toThrow(expect.objectContaining({ code, message, offset: 6, delivery: 'maybe-sent' }));
    }
    const slow = new NativeDecoder({ limits });
    for (let at = 0; at < shownAt - 1; at++) {
      slow.push(bytes.subarray(at, at + 1));
      expect(slow.next()).toBe(DECODED.needMore);
    }
    slow.push(bytes.subarray(shownAt - 1, shownAt));
    expect(() => slow.next()).toThrow(expect.objectContaining({ code, message }));
  });

  test('a frame and a header of exactly the limit are taken', () => {
    const variable = requestHeader('x'.repeat(96));
    const bytes = rawFrame({ status: 0, variable, body: Buffer.alloc(1000 - 17 - 100) });
    expect(variable).toHaveLength(100);
    const walker = new FrameWalk({}, new NativeDecoder({ limits }));
    walker.feed(bytes);
    expect(walker.found).toHaveLength(2);
  });

  test.each([
    ['count of request headers -1', 'ffffffff0f00'],
    ['count of response headers -1', '00ffffffff0f'],
    ['count of features -1', '0000ffffffff0f'],
    ['giant count of request headers', `ffffff07${'00'.repeat(20)}`],
    ['giant count of values', `0001016101ffffff07${'00'.repeat(20)}`],
    ['vInt of six bytes', 'ffffffffff01'],
    ['count 0 in six bytes', '8080808080000000'],
    ['action of length -1', '000000ffffffff0f'],
    ['action beyond the header', '00000009616263'],
    ['broken character', '00000003806162'],
    ['nothing', '0000'],
  ])('variable header: %s', (_name, hex) => {
    const bytes = rawFrame({ status: 0, variable: Buffer.from(hex, 'hex'), body: Buffer.alloc(50) });
    for (const chunk of [bytes.length, 1]) {
      const walker = new FrameWalk();
      const feed = (): void => {
        for (let at = 0; at < bytes.length; at += chunk) walker.feed(bytes.subarray(at, at + chunk));
      };
      expect(feed).toThrow(
        expect.objectContaining({ code: 'ERR_HEADER_SIZE', scope: 'channel', cause: expect.objectContaining({ code: 'ERR_DECODE' }) }),
      );
    }
  });

  test('what stands behind a variable header is ignored, as by a node', () => {
    const walker = new FrameWalk();
    walker.feed(
      Buffer.concat([
        rawFrame({ status: 0, variable: Buffer.from('0000000161000000', 'hex') }),
        rawFrame({ variable: requestHeader('x') }),
      ]),
    );
    expect(walker.found.filter((line) => line.startsWith('header')).map((line) => line.split(' ').at(-1))).toEqual(['[a]', '[]']);
  });

  test('an over-long vInt in front of a name that is not ASCII is no error', () => {
    const variable = Buffer.from('010161818000c3a9000001' + '62', 'hex');
    const walker = new FrameWalk();
    walker.feed(rawFrame({ status: 0, variable }));
    expect(walker.decoder.variable.requestHeaders).toEqual({ a: 'é' });
    expect(walker.decoder.variable.action).toBe('b');
  });

  test('after an error every call throws the same, whatever follows', () => {
    const decoder = new NativeDecoder();
    decoder.push(Buffer.concat([Buffer.alloc(6), rawFrame()]));
    let first: unknown;
    try {
      decoder.next();
    } catch (error) {
      first = error;
    }
    decoder.push(rawFrame());
    for (let i = 0; i < 3; i++) expect(() => decoder.next()).toThrow(first as Error);
  });
});

test('midFrame and unread tell of every half', () => {
  const bytes = rawFrame({ body: Buffer.alloc(20_000) });
  for (const fed of [1, 5, 6, 22, 24, 25, 26, 19_999]) {
    const decoder = new NativeDecoder();
    decoder.push(bytes.subarray(0, fed));
    while (decoder.next() !== DECODED.needMore);
    expect(decoder.midFrame).toBe(true);
    expect(decoder.unread).toBe(fed < 25 ? fed : fed - 25);
    expect(decoder.consumed).toBe(fed < 25 ? 0 : 25);
  }
});

test('what was kept for later is counted once', () => {
  const decoder = new NativeDecoder();
  decoder.push(Buffer.concat([rawFrame(), rawFrame()]));
  while (decoder.next() !== DECODED.body);
  decoder.keep();
  expect([decoder.consumed, decoder.unread]).toEqual([25, 25]);
  while (decoder.next() !== DECODED.needMore);
  expect([decoder.consumed, decoder.unread]).toEqual([50, 0]);
});
