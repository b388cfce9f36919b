import { parse } from 'yaml';
import { expect, test } from 'vitest';
import { writeYaml } from '../../../../src/devnode/rest/write-yaml.ts';

const LONG = 'words of some length that go on beyond the width of a line, and then on beyond the second one, too, until they end';

test.each<[what: string, value: unknown]>([
  ['nested values', { a: { b: [1, [2, 3], { c: null, d: true }] }, e: [], f: {} }],
  ['texts that look like others', { true: 'true', 1: '1', 'a b': ' ', '': '' }],
  ['control characters', 'a\n\t"\\\u0000\u001f\u2028é😀'],
  ['long texts', { a: LONG, b: [LONG, { c: `  ${LONG}  ` }], d: 'x'.repeat(300) }],
  ['a list at the top', [{ a: 1, b: 2 }, 'x', null]],
])('YAML is read back by another implementation: %s', (_what, value) => {
  expect(parse(writeYaml(value))).toEqual(value);
});

test('the form is that of a node', () => {
  const reason = 'Incorrect HTTP method for uri [/_cluster/health?format=yaml] and method [POST], allowed: [GET]';
  expect(writeYaml({ error: reason, list: [{ a: 'x', b: 1 }], status: 405 })).toBe(
    '---\nerror: "Incorrect HTTP method for uri [/_cluster/health?format=yaml] and method [POST],\\\n  \\ allowed: [GET]"\nlist:\n- a: "x"\n  b: 1\nstatus: 405\n',
  );
});
