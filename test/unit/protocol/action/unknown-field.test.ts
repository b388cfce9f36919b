import { describe, expect, test } from 'vitest';
import { cluster, docs, indices } from '../../../../src/actions.ts';
import { unknownField } from '../../../../src/protocol/action/unknown-field.ts';
import { type AnyCodec, encode } from '../../../../src/protocol/codec/codec.ts';
import { struct } from '../../../../src/protocol/codec/combinators.ts';
import { boolean, int } from '../../../../src/protocol/codec/primitives.ts';
import { keyedUnion } from '../../../../src/protocol/codec/union.ts';
import { query } from '../../../../src/protocol/query/query.ts';
import { strictRequests } from '../../../../src/transport/call/strict-requests.ts';

describe('an unknown field is found', () => {
  test.each([
    [cluster.health, { levle: 'INDICES' }, "unknown field 'levle', did you mean level?"],
    [
      cluster.health,
      { indicesOptions: { options: [], wildcard: [] } },
      "indicesOptions: unknown field 'wildcard', did you mean wildcards?",
    ],
    [docs.get, { id: '1', fetchSource: { include: ['a'] } }, "fetchSource: unknown field 'include', did you mean includes?"],
    [
      docs.bulk,
      { items: [{ kind: 'delete', index: 'a', id: '1', routng: 'x' }] },
      "items[0]: unknown field 'routng', did you mean routing?",
    ],
    [docs.bulk, { items: [{ kind: 'create', indx: 'a' }] }, "items[0]: unknown field 'indx', did you mean index?"],
    [indices.create, { index: 'a', aliases: [{ nam: 'b' }] }, "aliases[0]: unknown field 'nam', did you mean name?"],
    [docs.get, { id: '1', qqqqqqqqqqqqqqqqqqqq: 1 }, "unknown field 'qqqqqqqqqqqqqqqqqqqq'"],
  ])('%#: %j', (action, request, found) => {
    expect(unknownField(action.request.schema)(request)).toBe(found);
  });

  test.each([
    [cluster.main, undefined],
    [cluster.main, {}],
    [cluster.health, { level: 'INDICES', timeout: '30s', indices: ['a'] }],
    [cluster.health, { levle: undefined }],
    [docs.index, { index: 'a', source: { anything: { at: 'all' } } }],
    [docs.bulk, { items: [{ kind: 'create', index: 'a', source: { levle: 1 } }] }],
    [docs.update, { index: 'a', id: '1', doc: { source: { year: 1 } }, script: null }],
    [indices.create, { index: 'a', settings: { 'index.anything': '1' } }],
  ])('but not in %#: %j', (action, request) => {
    expect(unknownField(action.request.schema)(request)).toBeUndefined();
  });
});

describe('values of unions and recursive schemas', () => {
  const keyed = keyedUnion('values', 'byte', { plain: { tag: 0, codec: struct({ x: int }) }, flag: { tag: 1, codec: boolean } });
  const find = (codec: AnyCodec, value: unknown) => unknownField(codec.schema)(value);

  test('a keyed union is looked into', () => {
    expect(find(keyed, { plain: { x: 1 } })).toBeUndefined();
    expect(find(keyed, { plain: { x: 1, yy: 2 } })).toBe("plain: unknown field 'yy'");
    expect(find(keyed, { plain: { x: 1 }, flg: true })).toBe("unknown field 'flg', did you mean flag?");
  });

  test('a field that the kind sets is refused with another value', () => {
    const items = (opType: unknown) => ({ items: [{ kind: 'create', index: 'a', opType }] });
    expect(find(docs.bulk.request, items('INDEX'))).toBe('items[0]: unknown field \'opType\', create sets it to "CREATE"');
    expect(find(docs.bulk.request, items('CREATE'))).toBeUndefined();
    expect(find(docs.bulk.request, items(undefined))).toBeUndefined();
  });

  test('a kind that is no text is left to the codec', () => {
    expect(find(docs.bulk.request, { items: [{ kind: Object.create(null) as object, index: 'a' }] })).toBeUndefined();
  });

  test('values that nest deep, or hold themselves, are left to the codec', () => {
    let deep: object = { kind: 'match_all' };
    for (let i = 0; i < 50_000; i++) deep = { kind: 'bool', must: [deep] };
    expect(find(query, deep)).toBeUndefined();
    const cyclic: { kind: string; must: unknown[] } = { kind: 'bool', must: [] };
    cyclic.must.push(cyclic);
    expect(find(query, cyclic)).toBeUndefined();
    expect(find(query, { kind: 'bool', must: [{ kind: 'bool', mst: [] }] })).toBe("must[0]: unknown field 'mst', did you mean must?");
  });
});

describe('a document inside an update', () => {
  test.each(['doc', 'upsert'] as const)('%s is an index request: bare fields are refused', (name) => {
    const bare = { index: 'a', id: '1', [name]: { year: 1 } };
    expect(() => encode(docs.update.request, bare)).toThrow(
      expect.objectContaining({
        code: 'ERR_USAGE',
        message: expect.stringMatching(
          new RegExp(`^${name}: unknown field 'year'.*; the fields of the document go into its source: ${name}: \\{ source:`),
        ),
      }),
    );
    expect(() => encode(docs.bulk.request, { items: [{ kind: 'update', ...bare }] } as never)).toThrow(`items[0].${name}: unknown field`);
  });
});

describe('strictRequests', () => {
  const call = (request: unknown) => ({
    action: cluster.health,
    request,
    context: { headers: {}, parentTask: { nodeId: '', id: -1 }, signal: null },
  });
  const answers = strictRequests(() => 'answered');

  test('refuses a request with an unknown field', () => {
    expect(() => answers(call({ levle: 'INDICES' }))).toThrow(
      expect.objectContaining({
        code: 'ERR_USAGE',
        message: "cannot call cluster:monitor/health: unknown field 'levle', did you mean level?",
      }),
    );
  });

  test('lets others through', () => {
    expect(answers(call({ level: 'INDICES' }))).toBe('answered');
  });
});
