import { expect, test } from 'vitest';
import { decodeComponent, queryParameters } from '../../../../src/devnode/rest/query-string.ts';

test.each<[uri: string, expected: Record<string, string>]>([
  ['/', {}],
  ['/?', {}],
  ['/?a', { a: '' }],
  ['/?a=', { a: '' }],
  ['/?a=1&b=2;c=3', { a: '1', b: '2', c: '3' }],
  ['/?a=1&a=2', { a: '2' }],
  ['/?a=b=c', { a: 'b=c' }],
  ['/?a+b=c+d%2B', { 'a b': 'c d+' }],
  ['/?a=1#b=2', { a: '1' }],
  ['/?&&a&', { a: '' }],
  ['/?a=%e4', { a: '\uFFFD' }],
  ['/?a=100%%', { a: '100%' }],
])('the parameters of %s', (uri, expected) => {
  expect(Object.fromEntries(queryParameters(uri))).toEqual(expected);
});

test.each([
  ['%zz', "invalid escape sequence `%zz' at index 0 of: %zz"],
  ['a%2', 'partial escape sequence at end of string: a%2'],
  ['a%', 'unterminated escape sequence at end of string: a%'],
])('%s is refused', (text, message) => {
  expect(() => decodeComponent(text)).toThrow(message);
});

test('a plus sign of a path stays', () => {
  expect(decodeComponent('a+b%20c')).toBe('a+b c');
});
