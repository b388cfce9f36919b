import { describe, expect, test } from 'vitest';
import { lenientExpandHidden } from '../../../../src/protocol/codec/indices-options.ts';
import { indicesOptionsParameters } from '../../../../src/protocol/rest/indices-options.ts';
import { path, query, readParameters, together } from '../../../../src/protocol/rest/parameters.ts';
import { activeShards, commaList, enumOf, flag, int, long, text, time } from '../../../../src/protocol/rest/parameter-types.ts';
import { errorResponse } from '../../../../src/protocol/rest/error-json.ts';
import { restActions } from '../../../../src/protocol/rest/rest-catalogue.ts';
import type { RestRequest } from '../../../../src/protocol/rest/rest-message.ts';
import { parsed, requested } from '../../../support/rest.ts';

const asked = (texts: string, params: Record<string, string> = {}): RestRequest => ({
  method: 'GET',
  path: '/',
  params,
  query: new Map(new URLSearchParams(texts)),
  body: null,
  contentType: null,
});

/** What a node would answer to what is thrown. */
function answerTo(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    const { status, body } = errorResponse(error);
    return { status, body: parsed(body) };
  }
}

describe('a table of parameters', () => {
  const table = { index: path(commaList, 'indices', 'Names'), id: path(text, 'id', 'Id'), local: query(flag, 'local', 'Here', 'false') };

  test('is read into values by field', () => {
    expect(readParameters(table, asked('local', { index: 'a,,b', id: '1' }))).toEqual({ indices: ['a', 'b'], id: '1', local: true });
    expect(readParameters(table, asked(''))).toEqual({ indices: [], id: '', local: undefined });
  });

  test('takes a path parameter from the query where the path does not have it', () => {
    expect(readParameters(table, asked('id=2&index=c', { index: 'a' }))).toMatchObject({ indices: ['a'], id: '2' });
  });

  test('does not take names of object properties for values', () => {
    const odd = { x: query(text, 'constructor', 'Odd') };
    expect(readParameters(odd, asked('x=1'))).toEqual({ constructor: '1' });
  });

  test('reads parameters that belong together once', () => {
    let times = 0;
    const group = together('both', () => ++times, { a: [text, 'One'], b: [flag, 'Two', 'false'] });
    expect(readParameters(group, asked('a=1&b'))).toEqual({ both: 1 });
    expect(group).toMatchObject({
      a: { field: 'both', type: 'string', summary: 'One', default: null },
      b: { field: 'both', type: 'boolean', summary: 'Two', default: 'false' },
    });
  });

  test('says what it means', () => {
    expect(indicesOptionsParameters(lenientExpandHidden)).toMatchObject({
      expand_wildcards: {
        type: 'list',
        values: ['open', 'closed', 'hidden', 'all', 'none'],
        default: 'open,closed,hidden',
        place: 'query',
      },
      ignore_unavailable: { type: 'boolean', default: 'true' },
      ignore_throttled: { type: 'boolean', default: 'false' },
    });
    const health = restActions.find(({ action }) => action.name === 'cluster:monitor/health');
    expect(health?.parameters['wait_for_status']).toMatchObject({
      type: 'enum',
      values: ['green', 'yellow', 'red'],
      summary: 'Wait for this status or a better one',
    });
    expect(Object.keys(health?.removed ?? {})).toEqual(['wait_for_relocating_shards']);
  });
});

/** As a genuine 3.9.0 answers `GET /_cluster/health`, `GET /a/_doc/1` and `POST /a/_update/1` with these parameters. */
describe('a refusal has the cause that a node shows', () => {
  const illegal = (reason: string, caused_by?: object) => ({
    error: {
      root_cause: [{ type: 'illegal_argument_exception', reason }],
      type: 'illegal_argument_exception',
      reason,
      ...(caused_by === undefined ? {} : { caused_by }),
    },
    status: 400,
  });
  const noNumber = (value: string) => ({ type: 'number_format_exception', reason: `For input string: "${value}"` });

  test.each([
    [
      'a long',
      () => long.read('9223372036854775808', 'version'),
      'Failed to parse long parameter [version] with value [9223372036854775808]',
      noNumber('9223372036854775808'),
    ],
    ['an int', () => int.read('x', 'retry_on_conflict'), 'Failed to parse int parameter [retry_on_conflict] with value [x]', noNumber('x')],
    [
      'a number of shards',
      () => activeShards.read('99999999999', ''),
      'cannot parse ActiveShardCount[99999999999]',
      noNumber('99999999999'),
    ],
    [
      'a time',
      () => time.read('5', 'timeout'),
      'failed to parse setting [timeout] with value [5] as a time value: unit is missing or unrecognized',
      undefined,
    ],
    ['an enumeration', () => enumOf(['GREEN'], 'a.B').read('blue', ''), 'No enum constant org.opensearch.a.B.BLUE', undefined],
    [
      'an option for indices',
      () => requested('GET /_cluster/health?ignore_unavailable=foo'),
      'Could not convert [ignore_unavailable] to boolean',
      { type: 'illegal_argument_exception', reason: 'Failed to parse value [foo] as only [true] or [false] are allowed.' },
    ],
  ])('%s', (_, read, reason, cause) => {
    expect(answerTo(read)).toEqual({ status: 400, body: illegal(reason, cause) });
  });
});

describe('what path, query and body say', () => {
  test('the query names the index and the id that the path does not have', () => {
    expect(requested('GET /_cluster/health?index=a,b')).toMatchObject({ indices: ['a', 'b'] });
    expect(requested('POST /notes/_doc?id=5', '{}')).toMatchObject({ index: 'notes', id: '5', opType: 'CREATE' });
    expect(requested('POST /_bulk?index=notes', '{"delete":{"_id":"1"}}\n')).toMatchObject({ items: [{ kind: 'delete', index: 'notes' }] });
  });

  test('the body of an update decides over its query', () => {
    const line = 'POST /notes/_update/1?if_seq_no=7&doc_as_upsert=true&_source=a';
    expect(requested(line, '{"doc":{},"if_seq_no":9,"doc_as_upsert":false,"_source":false}')).toMatchObject({
      ifSeqNo: 9,
      docAsUpsert: false,
      fetchSource: { fetch: false },
    });
    expect(requested(line, '{"doc":{}}')).toMatchObject({ ifSeqNo: 7, docAsUpsert: true, fetchSource: { includes: ['a'] } });
  });

  test('and so does an update in a bulk request, but for the source', () => {
    const body = '{"update":{"_index":"i","_id":"1","if_seq_no":7,"_source":true}}\n{"doc":{},"if_seq_no":9,"_source":false}\n';
    expect(requested('POST /_bulk', body)).toMatchObject({ items: [{ kind: 'update', ifSeqNo: 9, fetchSource: { fetch: true } }] });
  });
});
