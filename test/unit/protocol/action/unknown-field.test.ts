import { describe, expect, test } from 'vitest';
import { cluster, docs, indices } from '../../../../src/actions.ts';
import { unknownField } from '../../../../src/protocol/action/unknown-field.ts';
import { encode } from '../../../../src/protocol/codec/codec.ts';
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
