import { expect, test } from 'vitest';
import { RawJson } from '../../../../src/protocol/rest/json.ts';
import { fieldsOf } from '../../../../src/devnode/store/document-fields.ts';
import { Mapping } from '../../../../src/devnode/store/mapping.ts';

test('the exact numbers of a document with many new fields are parsed once', () => {
  const names = Array.from({ length: 900 }, (_, at) => `n${at}`);
  let parses = 0;
  const mapping = new Mapping({});
  const source = Object.fromEntries(names.map((name) => [name, 1]));
  fieldsOf(mapping, '1', source, () => {
    parses++;
    return Object.fromEntries(names.map((name) => [name, new RawJson(name === 'n7' ? '1.0' : '1')]));
  });
  expect(parses).toBe(1);
  expect([mapping.field('n7')?.type, mapping.field('n8')?.type]).toEqual(['float', 'long']);
});

test('a document with far too many new fields is refused soon', () => {
  const source = Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`n${at}`, 1]));
  const began = performance.now();
  expect(() => fieldsOf(new Mapping({}), '1', source, () => ({}))).toThrow('Limit of total fields [1000] has been exceeded');
  expect(performance.now() - began).toBeLessThan(2000);
});
