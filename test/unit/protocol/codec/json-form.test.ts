import { describe, expect, it } from 'vitest';
import { enumeration, enumSet, from, list, map, optional, since, struct, withDefault } from '../../../../src/protocol/codec/combinators.ts';
import { fromForm, toForm } from '../../../../src/protocol/codec/json-form.ts';
import { anyLong, bytes, double, int, long, long64, string, version, vLong } from '../../../../src/protocol/codec/primitives.ts';
import { UsageError } from '../../../../src/protocol/error/transport-error.ts';
import { V_2_19_0, V_3_0_0, V_3_9_0, V_LEGACY_7_9_99 } from '../../../../src/protocol/wire/version.ts';

const schema = struct({
  name: string,
  size: anyLong,
  score: withDefault(double, 0),
  body: optional(bytes),
  level: withDefault(enumeration('level', ['A', 'B']), 'A'),
  flags: withDefault(enumSet('flag', ['X', 'Y']), []),
  limits: withDefault(map(list(vLong)), {}),
  later: since(V_3_0_0, string, null),
}).schema;

const value = {
  name: 'n',
  size: 2n ** 62n,
  score: -0,
  body: Buffer.from([0xab]),
  level: 'B',
  flags: ['Y'],
  limits: { ['__proto__']: [1, 2] },
  later: 'l',
};

const form = {
  name: 'n',
  size: '4611686018427387904',
  score: '-0',
  body: 'ab',
  level: 'B',
  flags: ['Y'],
  limits: { ['__proto__']: ['1', '2'] },
  later: 'l',
};

describe('the JSON form', () => {
  it('and back', () => {
    expect(toForm(schema, value)).toEqual(form);
    expect(fromForm(schema, JSON.parse(JSON.stringify(form)))).toEqual(value);
  });

  it.each([
    [double.schema, Number.NaN, 'NaN'],
    [double.schema, Number.NEGATIVE_INFINITY, '-Infinity'],
    [double.schema, 0, 0],
    [long.schema, 5, '5'],
    [long64.schema, 5n, '5'],
    [version.schema, V_2_19_0, '2.19.0'],
    [version.schema, V_LEGACY_7_9_99, '7.9.99'],
    [version.schema, 0, 0],
    [version.schema, -1, -1],
    [version.schema, 4_000_099, 4_000_099],
  ])('of %o %s is %j', (of, plain, json) => {
    expect(toForm(of, plain)).toBe(json);
    expect(fromForm(of, json)).toEqual(plain);
  });

  it('takes 64-bit integers as numbers too', () => {
    expect(fromForm(long64.schema, 5)).toBe(5n);
    expect(fromForm(anyLong.schema, '5')).toBe(5);
  });

  it('leaves out what may be left out, and what is not in the stream version', () => {
    expect(fromForm(schema, { name: 'n', size: 1 }, V_2_19_0)).toEqual({ name: 'n', size: 1 });
    expect(() => fromForm(schema, { name: 'n', size: 1 }, V_3_9_0)).toThrow('later: missing');
    expect(toForm(schema, { ...value, later: null }, V_2_19_0)).toMatchObject({ later: null });
  });

  it('follows the version between the forms of a gate', () => {
    const either = from<number | bigint, number | bigint>(V_3_0_0, anyLong, int as never).schema;
    expect(toForm(either, 5, V_3_0_0)).toBe('5');
    expect(toForm(either, 5, V_2_19_0)).toBe(5);
  });

  it.each([
    [{ ...form, nmae: 'x' }, 'nmae: unknown field, expected name, size'],
    [{ ...form, size: '1.5' }, 'size: expected a 64-bit integer'],
    [{ ...form, size: 2 ** 60 }, 'size: expected a 64-bit integer'],
    [{ ...form, size: null }, 'size: expected a 64-bit integer'],
    [{ ...form, body: 'abc' }, 'body: expected bytes as a hex string'],
    [{ ...form, body: 'zz' }, 'body: expected bytes as a hex string'],
    [{ ...form, limits: { a: [1, 'x'] } }, 'limits.a[1]: expected a 64-bit integer'],
    [{ ...form, limits: { a: 5 } }, 'limits.a: expected an array'],
    [{ ...form, limits: [] }, 'limits: expected an object'],
    [{ size: 1 }, 'name: missing'],
    [[], 'expected an object'],
    [null, 'expected an object'],
    ['x', 'expected an object'],
  ])('%j is none', (wrong, text) => {
    expect(() => fromForm(schema, wrong)).toThrow(UsageError);
    expect(() => fromForm(schema, wrong)).toThrow(text);
  });

  it('of a number that does not hold 64 bits', () => {
    expect(() => fromForm(long.schema, '9007199254740993')).toThrow('expected an integer up to 2^53, got 9007199254740993');
    expect(() => fromForm(version.schema, 'latest')).toThrow(UsageError);
    expect(() => fromForm(version.schema, true)).toThrow(UsageError);
  });
});
