import { expect, test } from 'vitest';
import { ANALYZERS, type Analyzer } from '../../../../src/devnode/store/analyzer.ts';
import { matchesPattern } from '../../../../src/devnode/wildcard.ts';
import { merge } from '../../../../src/devnode/store/merge.ts';
import { filterSource } from '../../../../src/devnode/store/source-filter.ts';
import { SourceFormats } from '../../../../src/devnode/store/source-format.ts';
import { renderJson } from '../../../../src/protocol/rest/json.ts';

const formats = new SourceFormats();
const exact = (text: string) => formats.parseExactly(Buffer.from(text), 'application/json');

test('a partial document is merged into objects and replaces all else, numbers unchanged', () => {
  const { source, hasChanged } = merge(
    exact('{"a":{"x":9007199254740993,"y":1.0},"l":[1,2],"n":1}'),
    exact('{"a":{"y":2.50},"l":[3],"__proto__":{"p":1}}'),
  );
  expect(hasChanged).toBe(true);
  expect(renderJson(source)).toBe('{"a":{"x":9007199254740993,"y":2.50},"l":[3],"n":1,"__proto__":{"p":1}}');
  expect(merge(exact('{"a":{"x":1},"l":[{"b":2}]}'), exact('{"a":{"x":1},"l":[{"b":2}]}')).hasChanged).toBe(false);
  expect(merge(exact('{"a":1}'), exact('{"b":null}')).hasChanged).toBe(true);
});

test.each<[string[], string[], string]>([
  [['a'], [], '{"a":{"b":1,"c":[{"d":2,"e":3}]}}'],
  [['a.b'], [], '{"a":{"b":1}}'],
  [['*.d'], [], '{"a":{"c":[{"d":2}]}}'],
  [['a.c.e', 'z*'], [], '{"a":{"c":[{"e":3}]},"zoo":4}'],
  [[], ['a.c', 'zoo'], '{"a":{"b":1}}'],
  [['a'], ['a.b', 'a.c.*'], '{"a":{"c":[{}]}}'],
  [['nothing'], [], '{}'],
])('of the source, %j without %j', (includes, excludes, expected) => {
  const source = exact('{"a":{"b":1,"c":[{"d":2,"e":3}]},"zoo":4}');
  expect(renderJson(filterSource(source, { fetch: true, includes, excludes }))).toBe(expected);
});

test('patterns match in a time that does not explode', () => {
  expect(matchesPattern('a*c', 'abc') && matchesPattern('*', '') && matchesPattern('a*b*c', 'a-b-c') && matchesPattern('**a', 'a')).toBe(
    true,
  );
  expect(matchesPattern('a*c', 'ab') || matchesPattern('ab*ba', 'aba') || matchesPattern('a', 'b')).toBe(false);
  expect(matchesPattern(`${'*a'.repeat(5000)}*b`, 'a'.repeat(20_000))).toBe(false);
});

test('the standard analyzer', () => {
  const analyze = ANALYZERS.get('standard') as Analyzer;
  expect(analyze("The QUICK brown-fox's 3.5 miles, übergroß_x! 東京")).toEqual([
    'the',
    'quick',
    'brown',
    "fox's",
    '3.5',
    'miles',
    'übergroß_x',
    '東',
    '京',
  ]);
  expect(analyze('x'.repeat(300)).map(({ length }) => length)).toEqual([255, 45]);
  expect(analyze(' … ')).toEqual([]);
  expect(analyze('a.'.repeat(50_000)).length).toBeGreaterThan(0);
});

test('what is no document', () => {
  const parse = (text: string) => formats.parse(Buffer.from(text), 'application/json');
  for (const text of ['[1]', '1', 'null', 'not json', '{"a":']) expect(() => parse(text)).toThrow('failed to parse');
  expect(() => parse(`{"a":${'['.repeat(1001)}${']'.repeat(1001)}}`)).toThrow('failed to parse');
  expect(parse(`{"a":"${'['.repeat(3000)}"}`)).toHaveProperty('a');
});
