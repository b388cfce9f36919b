import { describe, expect, it } from 'vitest';
import { decode, encode } from '../../../../src/protocol/codec/codec.ts';
import { genericFromForm } from '../../../../src/protocol/codec/generic-form.ts';
import type { GenericValue } from '../../../../src/protocol/codec/generic-kinds.ts';
import { genericMap, sortedGenericMap } from '../../../../src/protocol/codec/generic-map.ts';
import { fromGeneric, toGeneric } from '../../../../src/protocol/codec/generic-natural.ts';
import { genericValue } from '../../../../src/protocol/codec/generic-value.ts';
import { DecodeError, UsageError } from '../../../../src/protocol/error/transport-error.ts';
import { MAX_GENERIC_DEPTH } from '../../../../src/protocol/wire/limits.ts';

const read = (hex: string): GenericValue => decode(genericValue, Buffer.from(hex.replaceAll(' ', ''), 'hex'));

const nested = (depth: number): GenericValue => {
  let value: GenericValue = { t: 'list', v: [] };
  for (let i = 1; i < depth; i++) value = { t: 'list', v: [value] };
  return value;
};

describe('a generic value', () => {
  it.each(['1d', '7f', 'fe', '80'])('has no kind of tag %s', (tag) => {
    expect(() => read(tag)).toThrow(/Can't read unknown type \[-?\d+\] \(at byte 0\)/);
  });

  it('nests 1000 levels and no more, in both directions', () => {
    const deepest = encode(genericValue, nested(MAX_GENERIC_DEPTH));
    expect(encode(genericValue, decode(genericValue, deepest)).equals(deepest)).toBe(true);
    expect(() => encode(genericValue, nested(MAX_GENERIC_DEPTH + 1))).toThrow(UsageError);
    expect(() => decode(genericValue, Buffer.concat([Buffer.from([7, 1]), deepest]))).toThrow(/Maximum nesting depth \[1000\]/);
  });

  it('refuses a hundred thousand levels at once', () => {
    expect(() => decode(genericValue, Buffer.alloc(200_000, '0701', 'hex'))).toThrow(DecodeError);
  });

  it('keeps what stands beside it at the same depth', () => {
    const wide: GenericValue = { t: 'list', v: Array.from({ length: 2000 }, () => ({ t: 'list', v: [] }) as const) };
    expect(decode(genericValue, encode(genericValue, wide))).toEqual(wide);
  });

  it.each([
    ['07 05 00', 'a count of 5 needs at least'],
    ['09 01 01 61', 'expected 1 more byte'],
    ['1a 01 61', 'expected a decimal integer'],
    ['1a 00', 'expected a decimal integer'],
    ['0f ff ff ff ff', 'must be positive'],
    ['05 02', 'expected a boolean'],
  ])('%s is malformed', (hex, text) => {
    expect(() => read(hex)).toThrow(DecodeError);
    expect(() => read(hex)).toThrow(text);
  });

  it('names the path to what is malformed', () => {
    try {
      read('09 01 0161 07 02 ff 1d');
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ path: ['[0]', 'a', '[1]'], offset: 7 });
    }
  });

  it('refuses huge integers', () => {
    const digits = '9'.repeat(20_000);
    expect(() => read(`1aa09c01${Buffer.from(digits).toString('hex')}`)).toThrow(DecodeError);
  });

  it.each([
    [undefined, 'expected a generic value'],
    [5, 'expected a generic value'],
    [{ t: 'number', v: 5 }, 'expected a generic value'],
    [{ t: 'toString' }, 'expected a generic value'],
    [{ t: 'int', v: 2 ** 31 }, 'expected int (an integer from -2147483648 to 2147483647), got 2147483648'],
    [{ t: 'byte', v: 200 }, 'expected an integer from -128 to 127, got 200'],
    [{ t: 'list', v: [{ t: 'string', v: 1 }] }, '[0]: expected a string, got 1'],
    [{ t: 'map', v: [['a']] }, 'expected a generic value'],
    [{ t: 'map', v: { a: 1 } }, 'expected an array'],
    [{ t: 'bigInteger', v: 1 }, 'expected a bigint, got number'],
  ])('refuses to write %j', (value, text) => {
    expect(() => encode(genericValue, value as never)).toThrow(UsageError);
    expect(() => encode(genericValue, value as never)).toThrow(text);
  });

  it.each([
    ['{}', 'expected a generic value'],
    ['{"t":"int"}', 'expected int (an integer'],
    ['{"t":"nope","v":1}', 't: expected a kind of generic value'],
    ['{"t":"int","v":1,"w":2}', 'w: unknown field'],
    ['{"t":"geoPoint","lat":1}', 'lon: missing'],
    ['{"t":"list","v":[{"t":"long","v":"x"}]}', '[0]: expected a 64-bit integer'],
    ['{"t":"map","v":[["a",{"t":"null","v":null},3]]}', 'expected [key, value]'],
  ])('has no form %s', (form, text) => {
    expect(() => encode(genericValue, genericFromForm(JSON.parse(form)))).toThrow(text);
  });

  it('has no form of endless nesting', () => {
    const form = JSON.parse(`${'{"t":"list","v":['.repeat(5000)}${']}'.repeat(5000)}`) as unknown;
    expect(() => genericFromForm(form)).toThrow(/nested deeper than 1000/);
  });
});

describe('toGeneric', () => {
  it.each<[unknown, GenericValue]>([
    [null, { t: 'null', v: null }],
    [undefined, { t: 'null', v: null }],
    [2147483647, { t: 'int', v: 2147483647 }],
    [-2147483649, { t: 'long', v: -2147483649 }],
    [-0, { t: 'double', v: -0 }],
    [1.5, { t: 'double', v: 1.5 }],
    [1e300, { t: 'double', v: 1e300 }],
    [5n, { t: 'long', v: 5n }],
    [2n ** 63n, { t: 'bigInteger', v: 2n ** 63n }],
    [new Date(5), { t: 'date', v: 5 }],
    [new Set(['a']), { t: 'orderedSet', v: [{ t: 'string', v: 'a' }] }],
    [new Map([['k', true]]), { t: 'orderedMap', v: [['k', { t: 'boolean', v: true }]] }],
    [
      { a: 1, b: undefined },
      { t: 'orderedMap', v: [['a', { t: 'int', v: 1 }]] },
    ],
    [Float64Array.of(1.5), { t: 'doubles', v: [1.5] }],
    [BigInt64Array.of(1n), { t: 'longs', v: [1n] }],
  ])('%o', (value, generic) => {
    expect(toGeneric(value)).toEqual(generic);
  });

  it('refuses what no stream can hold', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    expect(() => toGeneric(cycle)).toThrow(/contains itself/);
    expect(() => toGeneric(() => 1)).toThrow(UsageError);
    expect(() => toGeneric(Uint16Array.of(1))).toThrow(UsageError);
  });

  it('and back', () => {
    const value = { a: [1, 'x', null, { deep: true }], ['__proto__']: 2n ** 60n };
    expect(fromGeneric(toGeneric(value))).toEqual(value);
    expect(fromGeneric({ t: 'zonedDateTime', zone: 'UTC', epochMillis: 7 })).toEqual(new Date(7));
    expect(fromGeneric({ t: 'geoPoint', lat: 1, lon: 2 })).toEqual({ lat: 1, lon: 2 });
  });
});

describe('untyped maps', () => {
  it('are maps or null', () => {
    expect(encode(genericMap, null).toString('hex')).toBe('ff');
    expect(() => decode(genericMap, Buffer.from('0100000001', 'hex'))).toThrow('expected a map, found a int');
    expect(() => encode(genericMap, { t: 'int', v: 1 } as never)).toThrow(UsageError);
  });

  it('in consistent order have ascending keys by code unit', () => {
    const v = ['b', 'é', 'a', 'B'].map((key) => [key, { t: 'null', v: null }] as const);
    const written = decode(sortedGenericMap, encode(sortedGenericMap, { t: 'orderedMap', v }));
    expect(written?.t).toBe('map');
    expect(written?.v.map(([key]) => key)).toEqual(['B', 'a', 'b', 'é']);
  });
});

it('many integers of many digits are refused before they are parsed, and genuine ones are not', () => {
  const integers = (count: number, digits: number): Buffer =>
    encode(genericValue, { t: 'list', v: new Array<GenericValue>(count).fill({ t: 'bigInteger', v: 10n ** BigInt(digits - 1) }) });
  expect(() => decode(genericValue, integers(1_000, 10_000))).toThrow(expect.objectContaining({ code: 'ERR_PAYLOAD_LIMIT' }));
  expect(decode(genericValue, integers(1, 10_000))).toMatchObject({ t: 'list' });
  expect(decode(genericValue, integers(50_000, 40))).toMatchObject({ t: 'list' });
});
