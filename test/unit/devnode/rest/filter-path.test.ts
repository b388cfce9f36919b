import { expect, test } from 'vitest';
import { FilterPath } from '../../../../src/devnode/rest/filter-path.ts';
import type { Json } from '../../../../src/protocol/rest/json.ts';

const VALUE: Json = {
  name: 'n',
  version: { number: '3.9.0', build_type: 'tar', build_hash: 'h' },
  hits: [{ _id: '1', _source: { a: 1, b: 2 } }, { _id: '2', _source: { b: 3 } }, 7],
  tags: ['x', 'y'],
  'a.b': { c: 1 },
};

test.each<[filter: string, expected: Json]>([
  ['name', { name: 'n' }],
  ['version.number,name', { name: 'n', version: { number: '3.9.0' } }],
  ['*.build*', { version: { build_type: 'tar', build_hash: 'h' } }],
  ['**.number', { version: { number: '3.9.0' } }],
  ['hits._source.a', { hits: [{ _source: { a: 1 } }] }],
  ['hits.**.b', { hits: [{ _source: { b: 2 } }, { _source: { b: 3 } }] }],
  ['hits._id,-hits._id', {}],
  ['tags', { tags: ['x', 'y'] }],
  ['version,-version.number', { version: { build_type: 'tar', build_hash: 'h' } }],
  ['a\\.b.c', { 'a.b': { c: 1 } }],
  ['nothing', {}],
  ['v*n.n*r', { version: { number: '3.9.0' } }],
])('filter_path=%s', (filter, expected) => {
  expect(new FilterPath(filter).apply(VALUE)).toEqual(expected);
});

test('a text without a name filters nothing', () => {
  expect(new FilterPath(' , ').isEmpty).toBe(true);
});

test.each(['**', '**.a', '-**'])('does not take longer with every %s', (part) => {
  let value: Json = { a: 1 };
  for (let depth = 0; depth < 200; depth++) value = { a: value };
  const began = performance.now();
  new FilterPath(`${Array(200).fill(part).join('.')}.z`).apply(value);
  expect(performance.now() - began).toBeLessThan(2000);
});

test('several ** take any number of names', () => {
  expect(new FilterPath('**.**.number').apply(VALUE)).toEqual({ version: { number: '3.9.0' } });
  expect(new FilterPath('-**.b').apply({ a: { b: 1, c: 2 }, b: 3 })).toEqual({ a: { c: 2 } });
});
