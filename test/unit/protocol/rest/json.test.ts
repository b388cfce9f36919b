import { describe, expect, test } from 'vitest';
import { type Json, RawJson, renderJson, toJson } from '../../../../src/protocol/rest/json.ts';
import { membersOf } from '../../../../src/protocol/rest/json-members.ts';

describe('renderJson', () => {
  test.each<[Json, string]>([
    [null, 'null'],
    [2n ** 63n - 1n, '9223372036854775807'],
    [1.5, '1.5'],
    [Number.NaN, '"NaN"'],
    ['ä"\n', '"ä\\"\\n"'],
    [[1, [2]], '[1,[2]]'],
    [{ a: 1, gone: undefined, b: new RawJson('{ "x": 1.0 }') }, '{"a":1,"b":{ "x": 1.0 }}'],
  ])('case %#', (value, text) => {
    expect(renderJson(value)).toBe(text);
  });

  test('plain values of any kind have a form', () => {
    expect(toJson({ a: new Date(0), b: Buffer.from('hi'), c: undefined, d: [1n] })).toEqual({
      a: '1970-01-01T00:00:00.000Z',
      b: 'aGk=',
      c: null,
      d: [1n],
    });
  });
});

describe('membersOf', () => {
  test.each<[string, [string, string][]]>([
    ['{}', []],
    [
      ' { "a" : 1.0 , "b":{"c":[1,{"d":"}"}]} } ',
      [
        ['a', '1.0'],
        ['b', '{"c":[1,{"d":"}"}]}'],
      ],
    ],
    [
      '{"n":12345678901234567890,"t":true,"z":null}',
      [
        ['n', '12345678901234567890'],
        ['t', 'true'],
        ['z', 'null'],
      ],
    ],
    [
      '{"a\\"b":"x\\\\\\"y","e":""}',
      [
        ['a"b', '"x\\\\\\"y"'],
        ['e', '""'],
      ],
    ],
    ['{"a":1,"a":2}', [['a', '2']]],
    [
      '{"a":[]\n,"b":{}}',
      [
        ['a', '[]'],
        ['b', '{}'],
      ],
    ],
  ])('%s', (text, expected) => {
    JSON.parse(text);
    expect([...membersOf(text)]).toEqual(expected);
  });
});
