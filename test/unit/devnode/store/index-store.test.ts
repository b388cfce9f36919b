import { expect, test } from 'vitest';
import { type Condition, IndexStore } from '../../../../src/devnode/store/index-store.ts';
import { SourceFormats } from '../../../../src/devnode/store/source-format.ts';

const ANY: Condition = { version: -3, versionType: 'INTERNAL', ifSeqNo: -2, ifPrimaryTerm: 0, mustCreate: false };

function newIndex(): IndexStore {
  return new IndexStore({ name: 'notes', formats: new SourceFormats(), major: 3 });
}

function put(index: IndexStore, id: string, parsed: Record<string, unknown>, condition: Partial<Condition> = {}) {
  const source = Buffer.from(JSON.stringify(parsed));
  return index.put({ id, routing: null, source, contentType: 'application/json', parsed }, { ...ANY, ...condition });
}

test('versions count the changes of a document, sequence numbers those of the index', () => {
  const index = newIndex();
  expect(put(index, 'a', { n: 1 })).toEqual({ version: 1, seqNo: 0, wasThere: false });
  expect(put(index, 'b', { n: 1 })).toEqual({ version: 1, seqNo: 1, wasThere: false });
  expect(put(index, 'a', { n: 2 })).toEqual({ version: 2, seqNo: 2, wasThere: true });
  expect(index.delete('a', ANY)).toEqual({ version: 3, seqNo: 3, wasThere: true });
  expect(put(index, 'a', { n: 3 })).toEqual({ version: 4, seqNo: 4, wasThere: false });
  expect([index.count, index.maxSeqNo]).toEqual([2, 4]);
});

test('a write that does not find what it asks for changes nothing', () => {
  const index = newIndex();
  put(index, 'a', { n: 1 });
  expect(() => put(index, 'a', { n: 2 }, { mustCreate: true })).toThrow('document already exists (current version [1])');
  expect(() => put(index, 'a', { n: 2 }, { ifSeqNo: 7, ifPrimaryTerm: 1 })).toThrow('current document has seqNo [0]');
  expect(() => put(index, 'a', { n: 'x' })).toThrow('failed to parse field [n] of type [long]');
  expect(() => put(index, 'a', { n: 2 }, { versionType: 'EXTERNAL', version: 1 })).toThrow('higher or equal');
  expect(put(index, 'a', { n: 2 }, { versionType: 'EXTERNAL', version: 2n ** 60n })).toMatchObject({ version: 2n ** 60n, seqNo: 1 });
  expect(put(index, 'a', { n: 2 })).toMatchObject({ version: 2n ** 60n + 1n });
});

test('searches see a write after a refresh; many deletions are cleared away', () => {
  const index = newIndex();
  for (let at = 0; at < 3000; at++) put(index, String(at), { n: at, text: `word${at}` });
  expect(index.segment.count).toBe(0);
  index.refresh();
  expect(index.segment.count).toBe(3000);
  for (let at = 0; at < 2500; at++) index.delete(String(at), ANY);
  expect(index.segment.count).toBe(3000);
  index.refresh();
  expect([index.segment.count, index.segment.end]).toEqual([500, 500]);
  expect(index.segment.text('text')?.documentsWith('word2999')).toBe(1);
  expect(index.segment.text('text')?.documentsWith('word1')).toBe(0);
});

test('names of prototypes are names of fields', () => {
  const index = newIndex();
  put(index, 'a', JSON.parse('{"__proto__":{"x":1},"constructor":"c","toString":2}') as Record<string, unknown>);
  index.refresh();
  expect(index.segment.values('__proto__.x', 0)).toEqual([1]);
  expect(index.segment.values('constructor.keyword', 0)).toEqual(['c']);
  expect(({} as { x?: number }).x).toBeUndefined();
  expect(JSON.stringify(index.mapping.toJson())).toContain('"__proto__":{"properties":{"x":{"type":"long"}}}');
});

test('a document cannot add fields without end, nor nest without end', () => {
  const index = newIndex();
  const many = Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [`f${at}`, at]));
  expect(() => put(index, 'a', many)).toThrow('Limit of total fields [1000] has been exceeded');
  const deep = JSON.parse(`${'{"a":'.repeat(50)}1${'}'.repeat(50)}`) as Record<string, unknown>;
  expect(() => put(index, 'b', deep)).toThrow('Limit of mapping depth [20]');
  const lists = JSON.parse(`{"a":${'['.repeat(2000)}${']'.repeat(2000)}}`) as Record<string, unknown>;
  expect(() => put(index, 'c', lists)).toThrow('failed to parse');
  expect(index.count).toBe(0);
  expect(index.mapping.toJson()).toEqual({});
});
