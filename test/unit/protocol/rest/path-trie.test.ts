import { describe, expect, test } from 'vitest';
import { type PathPart, PathTrie, partsOf } from '../../../../src/protocol/rest/path-trie.ts';

const patternOf = (path: string): PathPart[] =>
  partsOf(path).map((text) => (text.startsWith('{') ? { param: text.slice(1, -1) } : { literal: text }));

function trieOf(paths: string, isBelowPrefix = false): PathTrie<string> {
  const trie = new PathTrie<string>(isBelowPrefix);
  const conflict = (name: string, present: string) => new Error(`{${name}} against {${present}}`);
  for (const path of paths.split(' ')) trie.at(patternOf(path), () => path, conflict);
  return trie;
}

const found = (trie: PathTrie<string>, path: string): string =>
  trie
    .matches(partsOf(path))
    .map(({ value }) => value)
    .join(' ');

describe('paths are found as the PathTrie of OpenSearch 2.19.6 and 3.9.0 finds them', () => {
  /** Patterns, path, and what `PathTrie.retrieveAll` of both releases answered, repeated answers left out. */
  test.each([
    ['/{i} /_bulk', '/_bulk', '/_bulk'],
    ['/{i} /_bulk/x', '/_bulk', '/{i}'],
    ['/a/{x} /a/b', '/a/b', '/a/b'],
    ['/{a}/b /a/{b}', '/a/b', '/{a}/b /a/{b}'],
    ['/{i}/_doc/{id} /a/{x}/{y}', '/a/_doc/1', '/{i}/_doc/{id} /a/{x}/{y}'],
    ['/{i}/_doc /_cluster/health/{i}', '/_cluster/_doc', '/{i}/_doc'],
    ['/a/{x} /{y}/b/c /a/{x}/d', '/a/b/c', '/{y}/b/c'],
    ['/a/{x} /{y}/b/c /a/{x}/d', '/a/b/d/', '/a/{x}/d'],
    ['/a/{x}/c /a/b/{y}', '/a/b/c', '/a/{x}/c /a/b/{y}'],
    ['/{a}/{b}/c /{a}/b/{c} /a/{b}/{c}', '/a/b/c', '/{a}/{b}/c /{a}/b/{c} /a/{b}/{c}'],
    ['/a/b/d /a/{x}/c', '/a/b/c', '/a/{x}/c'],
    ['/{i}/_doc/{id}', '/*/_doc/1', '/{i}/_doc/{id}'],
    ['/a/b /{i}/b', '/*/b', '/{i}/b'],
    ['/ /a', '/', '/'],
    ['/ /a', '', '/'],
    ['/{i}/_doc/{id}', '/notes//_doc/1', ''],
    ['/{i}/_doc/{id}', '//notes/_doc/1', ''],
    ['/{i}/_doc/{id}', '/notes/_doc/1//', '/{i}/_doc/{id}'],
    ['/a/{x}/{y}', '/a//1', '/a/{x}/{y}'],
    ['/{a}', '/{a}', '/{a}'],
    ['/a', '/constructor', ''],
  ])('%s: %s', (patterns, path, expected) => {
    expect(found(trieOf(patterns), path)).toBe(expected);
  });

  /** The same with `/_extensions/_e` in front of pattern and path, among the routes of a node. */
  test.each([
    ['/{a}/b /a/{b}', '/a/b', '/a/{b}'],
    ['/{a}/b/c /a/b/{c}', '/a/b/c', '/a/b/{c}'],
    ['/{a} /b', '/b', '/b'],
  ])('below a prefix, %s: %s', (patterns, path, expected) => {
    expect(found(trieOf(patterns, true), path)).toBe(expected);
  });
});

describe('a path trie', () => {
  test('gives the texts of the parameters, in order and still encoded', () => {
    expect(trieOf('/{i}/_doc/{id}').matches(partsOf('/a%2Fb/_doc/%zz'))).toEqual([{ value: '/{i}/_doc/{id}', texts: ['a%2Fb', '%zz'] }]);
  });

  test('keeps the value of a pattern that is known', () => {
    const trie = new PathTrie<string[]>();
    for (const name of ['one', 'two'])
      trie
        .at(
          patternOf('/a/{x}'),
          () => [],
          () => new Error('unexpected'),
        )
        .push(name);
    expect(trie.matches(['a', 'b'])).toEqual([{ value: ['one', 'two'], texts: ['b'] }]);
  });

  test('refuses two names for the parameter in one place', () => {
    expect(() => trieOf('/a/{x} /a/{y}/b')).toThrow('{y} against {x}');
  });
});
