import { describe, expect, test } from 'vitest';
import { type AnyCodec, type Codec, decode, encode } from '../../../../src/protocol/codec/codec.ts';
import { list, mapped, struct } from '../../../../src/protocol/codec/combinators.ts';
import { genericValue } from '../../../../src/protocol/codec/generic-value.ts';
import {
  anyLong,
  anyVLong,
  anyZLong,
  double,
  float,
  int,
  long,
  long64,
  vLong64,
  zLong64,
} from '../../../../src/protocol/codec/primitives.ts';
import { DecodeError } from '../../../../src/protocol/error/transport-error.ts';
import { COST } from '../../../../src/protocol/wire/allowance.ts';
import { StreamInput } from '../../../../src/protocol/wire/stream-input.ts';

const MIB = 1024 * 1024;
const BEYOND = 2n ** 53n;
const EDGES = [0, -0, 1, -1, 2 ** 31, -(2 ** 31), 2 ** 32, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];

/** The values again and again. */
const repeated = <T>(values: readonly T[], count: number): T[] => Array.from({ length: count }, (_, i) => values[i % values.length] as T);

function failureOf(run: () => unknown): DecodeError {
  try {
    run();
  } catch (error) {
    return error as DecodeError;
  }
  throw new Error('it was read');
}

const integers = EDGES.map((value) => value + 0);
const bigs = [BEYOND, -BEYOND, 2n ** 63n - 1n, -(2n ** 63n)];

describe('a list of numbers', () => {
  const cases: [string, Codec<unknown, never>, readonly unknown[]][] = [
    ['float', float, [0, -0, 1.5, -2.25, Number.NaN, Number.POSITIVE_INFINITY]],
    ['double', double, [...EDGES, Math.PI, Number.NaN, Number.NEGATIVE_INFINITY, 5e-324]],
    ['long', long, integers],
    ['long of any size', anyLong, integers],
    ['long of any size, some of them large', anyLong, [...integers, ...bigs]],
    ['long as bigint', long64, [0n, -1n, ...bigs]],
  ];

  test.each(cases)('%s reads the same however long it is, and with a trace', (_name, codec, values) => {
    const numbers = list(codec) as Codec<unknown[], readonly unknown[]>;
    const trace = { enter: () => undefined, leave: () => undefined };
    for (const count of [0, 1, 24, 25, 26, 100, 3000]) {
      const expected = repeated(values, count);
      const body = encode(numbers, expected);
      const read = decode(numbers, body);
      expect(read).toStrictEqual(expected);
      expect(decode(numbers, body, { trace })).toStrictEqual(expected);
      expect(encode(numbers, read)).toEqual(body);
    }
  });

  test('leaves what follows, and no view of the bytes', () => {
    const codec = struct({ first: list(double), last: int });
    const value = { first: repeated([Math.PI], 100), last: 7 };
    const input = new StreamInput(encode(codec, value));
    expect(codec.read(input)).toEqual(value);
    expect(input.remaining).toBe(0);
    expect(input.lent).toBe(false);
    input.lent = true;
    input.rewind(0);
    codec.read(input);
    expect(input.lent).toBe(true);
  });

  test('that a codec converts is read through it', () => {
    const halves = list(
      mapped(
        double,
        (value) => value / 2,
        (value: number) => value * 2,
      ),
    );
    expect(decode(halves, encode(list(double), repeated([4], 100)))).toEqual(repeated([2], 100));
  });

  test('names the element that a number cannot hold', () => {
    const values = repeated<number | bigint>([1], 100);
    values[70] = -BEYOND;
    const error = failureOf(() => decode(struct({ rows: list(long) }), encode(list(anyLong), values)));
    expect(error).toBeInstanceOf(DecodeError);
    expect(error).toMatchObject({ code: 'ERR_DECODE', path: ['rows', '[70]'], offset: 1 + 70 * 8 });
  });

  test('whose count does not fit in its bytes is refused before it is read', () => {
    const body = encode(list(double), repeated([1], 100)).subarray(0, -1);
    expect(failureOf(() => decode(list(double), body)).message).toMatch(
      /a count of 100 needs at least 800 more bytes, but only 799 are left/,
    );
  });
});

describe('a bigint is charged for', () => {
  const spentOn = (codec: AnyCodec, body: Buffer): number => {
    const input = new StreamInput(body);
    codec.read(input);
    return input.spent;
  };
  const wide = COST.bigint + COST.variable;

  test.each<[string, Codec<unknown, never>, number]>([
    ['long of any size', anyLong, COST.bigint],
    ['long as bigint', long64, COST.bigint],
    ['vLong of any size', anyVLong, wide],
    ['vLong as bigint', vLong64, wide],
    ['zLong of any size', anyZLong, wide],
    ['zLong as bigint', zLong64, wide],
  ])('%s', (_name, codec, cost) => {
    const body = encode(codec as Codec<unknown, unknown>, BEYOND);
    expect(spentOn(codec, body)).toBe(cost);
    const numbers = list(codec) as Codec<unknown[], readonly unknown[]>;
    expect(spentOn(numbers, encode(numbers, repeated([BEYOND], 1000)))).toBeGreaterThanOrEqual(1000 * (COST.element + cost));
  });

  test('a number is not', () => {
    expect(spentOn(anyLong, encode(anyLong, 2 ** 40))).toBe(0);
    expect(spentOn(list(anyLong), encode(list(anyLong), repeated([2 ** 40], 1000)))).toBeLessThan(1000 * COST.element + 100);
  });

  test.each([
    ['longs', { t: 'longs', v: repeated<number | bigint>([1, 2 ** 40, BEYOND], 800_000) }],
    ['a list of them', { t: 'list', v: repeated([{ t: 'long', v: BEYOND }], 400_000) }],
  ] as const)('%s of a generic value come to the limit', (_name, value) => {
    const body = encode(genericValue, value as never);
    const error = failureOf(() => decode(genericValue, body, { maxDecodedBytes: 32 * MIB }));
    expect(error).toMatchObject({ code: 'ERR_PAYLOAD_LIMIT' });
  });

  test('3 000 vectors of 768 numbers cost what they did', () => {
    for (const [t, v] of [
      ['floats', 0.5],
      ['doubles', Math.PI],
      ['longs', 2 ** 40],
    ] as const) {
      const one = encode(genericValue, { t, v: repeated([v], 768) } as never);
      expect(spentOn(genericValue, one)).toBe(48 + COST.list + COST.firstElement + 768 * COST.element);
    }
  });
});
