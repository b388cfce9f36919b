import { describe, expect, test } from 'vitest';
import { type AnyCodec, type Codec, decode, encode } from '../../../../src/protocol/codec/codec.ts';
import { empty, lazy, list, map, optional, struct } from '../../../../src/index.ts';
import { boolean, bytes, string, vInt } from '../../../../src/protocol/codec/primitives.ts';
import { genericValue } from '../../../../src/protocol/codec/generic-value.ts';
import { exception } from '../../../../src/protocol/codec/exception/exception.ts';
import { readErrorResponse } from '../../../../src/protocol/codec/exception/error-response.ts';
import { DecodeError } from '../../../../src/protocol/error/transport-error.ts';
import { StreamInput } from '../../../../src/protocol/wire/stream-input.ts';

const MIB = 1024 * 1024;

function failureOf(run: () => unknown): DecodeError {
  try {
    run();
  } catch (error) {
    return error as DecodeError;
  }
  throw new Error('it was read');
}

const count = (value: number): number[] => {
  const out: number[] = [];
  let left = value;
  for (; left > 0x7f; left >>>= 7) out.push((left & 0x7f) | 0x80);
  return [...out, left];
};

/** A list of so many elements that are these bytes. */
const listOf = (elements: number, bytesOfEach: readonly number[]): Buffer =>
  Buffer.concat([Buffer.from(count(elements)), Buffer.alloc(elements * bytesOfEach.length, Buffer.from(bytesOfEach))]);

const flags = struct({ a: boolean, b: boolean });

describe('a body that turns into too much memory is refused', () => {
  test.each<[string, AnyCodec, Buffer]>([
    ['empty maps', list(map(string)), listOf(300_000, [0])],
    ['lists of one', list(list(vInt)), listOf(300_000, [1, 1])],
    ['maps of one', list(map(vInt)), listOf(300_000, [1, 1, 0x61, 1])],
    ['objects without fields', list(empty), Buffer.concat([Buffer.from(count(300_000)), Buffer.alloc(300_000)])],
    [
      'lists of objects without fields',
      list(list(empty)),
      Buffer.concat([Buffer.from(count(2000)), Buffer.alloc(200_000, Buffer.from(count(100_000)))]),
    ],
    ['small buffers', list(bytes), listOf(300_000, [1, 1])],
    ['generic values', list(genericValue), listOf(300_000, [0xff])],
    ['exceptions', list(exception), listOf(100_000, [1, 4, 0, 0, 0])],
    ['objects, of a loop instead of compiled code', list(optional(struct({}))), listOf(300_000, [1])],
  ])('%s', (_name, codec, body) => {
    const error = failureOf(() => decode(codec, body));
    expect(error).toBeInstanceOf(DecodeError);
    expect(error.code).toBe('ERR_PAYLOAD_LIMIT');
    expect(error.message).toMatch(
      /^the values in the body take more than \d+ bytes of memory \(the most that a body of \d+ bytes may turn into\)/,
    );
  });

  test('with the path to the value and its offset', () => {
    const error = failureOf(() =>
      decode(struct({ rows: list(list(map(string))) }), Buffer.concat([Buffer.of(3), ...[1, 2, 3].map(() => listOf(200_000, [0]))])),
    );
    expect(error.path).toEqual(['rows', expect.stringMatching(/^\[\d+\]$/), expect.stringMatching(/^\[\d+\]$/)]);
    expect(error.offset).toBeGreaterThan(3);
  });

  test('beyond maxDecodedBytes, which the message names', () => {
    const codec = struct({ texts: list(string) });
    const body = encode(codec, { texts: Array.from({ length: 1000 }, (_, i) => `text ${i}`) });
    expect(decode(codec, body).texts).toHaveLength(1000);
    const error = failureOf(() => decode(codec, body, { maxDecodedBytes: 10_000 }));
    expect(error.code).toBe('ERR_PAYLOAD_LIMIT');
    expect(error.message).toMatch(/more than 10000 bytes of memory \(maxDecodedBytes is 10000\)/);
  });

  test('whatever was read of it before is not read again', () => {
    const input = new StreamInput(listOf(300_000, [0]));
    expect(failureOf(() => list(map(string)).read(input)).code).toBe('ERR_PAYLOAD_LIMIT');
    expect(failureOf(() => flags.read(input)).code).toBe('ERR_PAYLOAD_LIMIT');
  });
});

describe('the allowance', () => {
  test('grows with the body up to maxDecodedBytes', () => {
    const allowed = (size: number, maxDecodedBytes?: number) =>
      new StreamInput(Buffer.alloc(size), maxDecodedBytes === undefined ? {} : { maxDecodedBytes }).allowance;
    expect(allowed(0)).toBe(MIB);
    expect(allowed(1000)).toBe(MIB + 32_000);
    expect(allowed(16 * MIB)).toBe(allowed(32 * MIB));
    expect(allowed(1000, 5000)).toBe(5000);
    expect(allowed(16 * MIB, Number.POSITIVE_INFINITY)).toBe(513 * MIB);
  });

  test('begins again with each body', () => {
    const input = new StreamInput(Buffer.alloc(0));
    input.spend(1000);
    expect(input.spent).toBe(1000);
    input.reset(Buffer.alloc(10), 0, 10, 0, 0, false);
    expect(input.spent).toBe(0);
    expect(input.allowance).toBe(MIB + 320);
  });

  test('of an error response is half of maxDecodedBytes', () => {
    const body = encode(exception, { class: 'org.opensearch.index.IndexNotFoundException', message: 'x'.repeat(4000) });
    expect(failureOf(() => readErrorResponse(new StreamInput(body, { maxDecodedBytes: 3000 }))).code).toBe('ERR_PAYLOAD_LIMIT');
    expect(readErrorResponse(new StreamInput(body, { maxDecodedBytes: 8000 })).message).toHaveLength(4000);
  });
});

describe('an error response that turns into too much memory', () => {
  const root = { class: 'org.opensearch.transport.RemoteTransportException', message: 'outer', extra: { address: null, action: null } };
  const read = (body: Buffer) => readErrorResponse(new StreamInput(body, { maxDecodedBytes: MIB }));

  test('in its suppressed exceptions keeps what came before them', () => {
    const small = { class: 'java.lang.NullPointerException' };
    const value = read(encode(exception, { ...root, suppressed: Array.from({ length: 5000 }, () => small) }));
    expect(value.message).toBe('outer');
    expect(value.suppressed).toEqual([]);
    expect(value.extra['problem']).toMatch(/take more than 524288 bytes of memory/);
  });

  test('in its causes keeps the outer ones', () => {
    const frame = { class: 'a.b.C', file: 'C.java', method: 'run', line: 1 };
    const frames = (seed: number) => Array.from({ length: 200 }, (_, i) => ({ ...frame, line: i, method: `run${seed}` }));
    let cause: object = { class: 'java.io.IOException', message: 'innermost' };
    for (let i = 0; i < 60; i++) cause = { class: 'java.io.IOException', message: `cause ${i}`, cause, stack: frames(i) };
    const value = read(encode(exception, { ...root, cause: cause as never }));
    expect(value.cause?.message).toBe('cause 59');
    expect(value.extra).toHaveProperty('problem');
  });
});

describe('stacks that come again', () => {
  const frames = (from: number) =>
    Array.from({ length: 20 }, (_, i) => ({ class: `a.b.C${i}`, file: 'C.java', method: 'run', line: from + i }));
  const exceptions = list(exception);

  test('share one array within a body, and cost nothing more', () => {
    const stacks = [frames(1), frames(2)];
    const values = Array.from({ length: 500 }, (_, i) => ({ class: 'java.io.IOException', stack: stacks[i % 2] as never }));
    const body = encode(exceptions, values);
    const input = new StreamInput(body);
    const read = exceptions.read(input);
    expect(read.map((each) => each?.stack)).toEqual(values.map(({ stack }) => stack));
    expect(read[0]?.stack).toBe(read[2]?.stack);
    expect(read[0]?.stack).not.toBe(read[1]?.stack);
    expect(input.spent).toBeLessThan(500 * 1000 + 20_000);
  });

  test('are told apart by every byte, however many there are', () => {
    const values = Array.from({ length: 60 }, (_, i) => ({ class: 'java.io.IOException', stack: frames(i % 19) }));
    expect(decode(exceptions, encode(exceptions, values)).map((each) => each?.stack)).toEqual(values.map(({ stack }) => stack));
  });

  test('do not go from one body into the next', () => {
    const input = new StreamInput(encode(exception, { class: 'java.io.IOException', stack: frames(1) }));
    exception.read(input);
    const next = encode(exception, { class: 'java.io.IOException', stack: frames(2) });
    input.reset(next, 0, next.length, input.version, input.version, false);
    expect(exception.read(input)?.stack).toEqual(frames(2));
  });
});

describe('an error deep inside', () => {
  interface Nest {
    readonly inner: Nest | null;
  }
  const nest: Codec<Nest> = struct({ inner: optional(lazy('nest', () => nest)) }) as Codec<Nest>;

  test('has the whole path, and is made twice at most', () => {
    const error = failureOf(() => decode(nest, Buffer.from('01'.repeat(150), 'hex')));
    expect(error.path).toEqual(Array.from({ length: 151 }, () => 'inner'));
  });

  test('has a path of its own when one error is thrown again and again', () => {
    const thrown = new DecodeError('ERR_DECODE', {}, 'always the same');
    const broken: Codec<never> = {
      schema: { kind: 'custom', name: 'broken' },
      read: () => {
        throw thrown;
      },
      write: () => undefined,
    };
    const codec = struct({ a: struct({ b: broken }) });
    expect(failureOf(() => decode(codec, Buffer.alloc(1))).path).toEqual(['a', 'b']);
    expect(failureOf(() => decode(codec, Buffer.alloc(1))).path).toEqual(['a', 'b']);
    expect(thrown.path).toEqual([]);
  });
});
