import { describe, expect, test } from 'vitest';
import { docs } from '../../../../src/actions.ts';
import { decode, encode } from '../../../../src/protocol/codec/codec.ts';
import { requested } from '../../../support/rest.ts';

const refused = (reason: string, status = 400, type = 'illegal_argument_exception') =>
  expect.objectContaining({ status, type, reason: expect.stringContaining(reason) });

function items(line: string, body: string) {
  return decode(docs.bulk.request, encode(docs.bulk.request, requested(line, body) as never)).items;
}

describe('a bulk body', () => {
  test('holds operations with and without documents', () => {
    const body = [
      '{"index":{"_index":"notes","_id":"1","routing":"r","version":7,"version_type":"external","pipeline":"p"}}',
      '{"n":12345678901234567890}',
      '',
      '{"create":{"_id":2}}\r',
      '{ "a" : 1.0 }\r',
      '{"delete":{"_id":"3","if_seq_no":4,"if_primary_term":1}}',
      '{"update":{"_id":"4","retry_on_conflict":2,"_source":["a"]}}',
      '{"doc":{"b":2},"doc_as_upsert":true}',
      '{"index":{}}',
      '{}',
      '',
    ].join('\n');
    const [index, create, remove, update, auto] = items('POST /usual/_bulk?require_alias=true', body);
    expect(index).toMatchObject({
      kind: 'index',
      index: 'notes',
      id: '1',
      routing: 'r',
      version: 7,
      versionType: 'EXTERNAL',
      pipeline: 'p',
      opType: 'INDEX',
      requireAlias: true,
    });
    expect(create).toMatchObject({ kind: 'index', index: 'usual', id: '2', opType: 'CREATE' });
    expect(remove).toMatchObject({ kind: 'delete', index: 'usual', id: '3', ifSeqNo: 4, ifPrimaryTerm: 1 });
    expect(update).toMatchObject({
      kind: 'update',
      index: 'usual',
      id: '4',
      retryOnConflict: 2,
      docAsUpsert: true,
      fetchSource: { fetch: true, includes: ['a'] },
    });
    expect(auto).toMatchObject({ kind: 'index', id: null });
    expect([index, create].map((item) => (item?.kind === 'index' ? String(item.source) : ''))).toEqual([
      '{"n":12345678901234567890}',
      '{ "a" : 1.0 }',
    ]);
    expect(update?.kind === 'update' ? String(update.doc?.source) : '').toBe('{"b":2}');
  });

  test('without an index for an item is refused as a node refuses it; an empty name is for the node to refuse', () => {
    const body = '{"index":{}}\n{}\n{"delete":{"_index":"notes","_id":"1"}}\n{"update":{"_id":"1"}}\n{"doc":{}}\n';
    const reason = 'Validation Failed: 1: index is missing;2: index is missing;';
    expect(() => items('POST /_bulk', body)).toThrow(refused(reason, 400, 'action_request_validation_exception'));
    expect(items('POST /_bulk', '{"index":{"_index":""}}\n{}\n')).toMatchObject([{ index: '' }]);
  });

  test('parameters of the query are those of the request and the defaults of its items', () => {
    const request = requested(
      'POST /_bulk?refresh=true&timeout=3s&wait_for_active_shards=2&pipeline=p&routing=r',
      '{"index":{"_index":"i"}}\n{}\n',
    );
    expect(request).toMatchObject({
      refresh: 'IMMEDIATE',
      timeout: { duration: 3, unit: 'SECONDS' },
      waitForActiveShards: 2,
      items: [{ index: 'i', pipeline: 'p', routing: 'r' }],
    });
  });

  test('numbers keep all of their digits', () => {
    const line = '{"index":{"_index":"i","_id":12345678901234567890,"version":9223372036854775807}}';
    expect(items('POST /_bulk', `${line}\n{}\n`)[0]).toMatchObject({ id: '12345678901234567890', version: 2n ** 63n - 1n });
    expect(() => requested('POST /_bulk', '{"index":{"_index":"i","version":9223372036854775808}}\n{}\n')).toThrow(
      refused('is out of range for a long'),
    );
    expect(() => requested('POST /_bulk', '{"index":{"_index":"i","retry_on_conflict":1.5}}\n{}\n')).toThrow(
      refused('is out of range for an integer'),
    );
  });

  test('op_type makes an index operation a create', () => {
    expect(items('POST /_bulk', '{"index":{"_index":"i","op_type":"create"}}\n{}\n')[0]).toMatchObject({ opType: 'CREATE' });
  });

  test.each([
    ['{"index":{}}\n{}', refused('The bulk request must be terminated by a newline [\\n]')],
    [
      '{"upsert":{}}\n{}\n',
      refused('Malformed action/metadata line [1], expected one of [create, delete, index, update] but found [upsert]'),
    ],
    ['{}\n', refused('Malformed action/metadata line [1], expected FIELD_NAME but found [END_OBJECT]')],
    [
      '{"delete":{"_id":"1"}}\n{"index":7}\n{}\n',
      refused('Malformed action/metadata line [2], expected START_OBJECT or END_OBJECT but found [VALUE_NUMBER]'),
    ],
    ['{"index":{"_idx":"i"}}\n{}\n', refused('Action/metadata line [1] contains an unknown parameter [_idx]')],
    ['{"index":{"constructor":"i"}}\n{}\n', refused('contains an unknown parameter [constructor]')],
    ['{"index":{"_id":["i"]}}\n{}\n', refused('expected a simple value for field [_id] but found [START_ARRAY]')],
    ['{"update":{"_id":"1","version":1}}\n{"doc":{}}\n', refused('Update requests do not support versioning')],
    ['{"index":{"version_type":"x"}}\n{}\n', refused('No version type match [x]')],
    ['not json\n', refused('', 400, 'json_parse_exception')],
  ])('%j is refused', (body, error) => {
    expect(() => requested('POST /_bulk', body)).toThrow(error);
  });

  test('an empty body is refused', () => {
    expect(() => requested('POST /_bulk')).toThrow(refused('request body is required', 400, 'parse_exception'));
  });
});

test('a bulk body of many empty lines is read in little time and memory', () => {
  const began = performance.now();
  const body = `${'\n\r\n'.repeat(5_000_000)}{"delete":{"_index":"a","_id":"1"}}\n\n{"delete":5}\n`;
  expect(() => items('POST /_bulk', body)).toThrow('[10000003]');
  expect(performance.now() - began).toBeLessThan(3000);
});
