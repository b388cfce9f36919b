import { describe, expect, test } from 'vitest';
import type { AnyAction } from '../../../../src/protocol/action/define-action.ts';
import { decode, encode } from '../../../../src/protocol/codec/codec.ts';
import { requested, routed } from '../../../support/rest.ts';

const refused = (reason: string, status = 400, type = 'illegal_argument_exception') =>
  expect.objectContaining({ status, type, reason: expect.stringContaining(reason) });

/** What a handler gets of the request a line makes. */
function received(line: string, body?: string, contentType: string | null = null): Record<string, unknown> {
  const { rest, request } = routed(line, body, contentType);
  const { request: codec } = rest.action as AnyAction;
  return decode(codec, encode(codec, rest.toRequest(request) as never)) as Record<string, unknown>;
}

describe('GET /_cluster/health', () => {
  test('every parameter has its field', () => {
    const query =
      'level=shards&local=true&cluster_manager_timeout=1s&timeout=2s&wait_for_status=yellow&wait_for_no_relocating_shards&wait_for_no_initializing_shards=true' +
      '&wait_for_active_shards=all&wait_for_nodes=%3E%3D2&wait_for_events=languid&awareness_attribute=zone&ensure_node_weighed_in=true&expand_wildcards=open,closed';
    expect(received(`GET /_cluster/health/a,b?${query}`)).toEqual({
      clusterManagerTimeout: { duration: 1, unit: 'SECONDS' },
      local: true,
      indices: ['a', 'b'],
      timeout: { duration: 2, unit: 'SECONDS' },
      waitForStatus: 'YELLOW',
      waitForNoRelocatingShards: true,
      waitForActiveShards: 'ALL',
      waitForNodes: '>=2',
      waitForEvents: 'LANGUID',
      waitForNoInitializingShards: true,
      indicesOptions: { options: ['IGNORE_UNAVAILABLE', 'ALLOW_NO_INDICES'], wildcards: ['OPEN', 'CLOSED'] },
      awarenessAttribute: 'zone',
      level: 'SHARDS',
      ensureNodeWeighedIn: true,
      applyLevelAtTransportLayer: true,
    });
  });

  test.each([
    ['levle=indices', 'request [/_cluster/health] contains unrecognized parameter: [levle] -> did you mean [level]?'],
    ['zzzzzzzzz&qqqqqqq', 'request [/_cluster/health] contains unrecognized parameters: [qqqqqqq], [zzzzzzzzz]'],
    ['local=yes', 'Failed to parse value [yes] as only [true] or [false] are allowed.'],
    ['timeout=5', 'failed to parse setting [timeout] with value [5] as a time value: unit is missing or unrecognized'],
    ['wait_for_status=blue', 'No enum constant org.opensearch.cluster.health.ClusterHealthStatus.BLUE'],
    ['wait_for_events=soon', 'No enum constant org.opensearch.common.Priority.SOON'],
    ['wait_for_active_shards=some', 'cannot parse ActiveShardCount[some]'],
    ['wait_for_active_shards=-1', 'shard count cannot be a negative value'],
    ['wait_for_relocating_shards=1', 'wait_for_relocating_shards has been removed'],
    ['expand_wildcards=most', 'No valid expand wildcard value [most]'],
    ['ignore_unavailable=maybe', 'Could not convert [ignore_unavailable] to boolean'],
  ])('?%s is refused', (query, reason) => {
    expect(() => requested(`GET /_cluster/health?${query}`)).toThrow(refused(reason));
  });

  test('the content type of a body is looked at before parameters', () => {
    expect(() => requested('GET /_cluster/health?levle=indices', '{}', 'text/csv')).toThrow(
      refused('Content-Type header [text/csv] is not supported', 406, 'media_type_header_exception'),
    );
    expect(() => requested('GET /_cluster/health?levle=indices', '', 'text/csv')).toThrow(refused('did you mean [level]?'));
  });

  test('two names of one time-out are refused', () => {
    expect(() => requested('GET /_cluster/health?master_timeout=1s&cluster_manager_timeout=1s')).toThrow(
      refused('Please only use one of the request parameters', 400, 'parse_exception'),
    );
    expect(received('GET /_cluster/health?master_timeout=7s')).toMatchObject({ clusterManagerTimeout: { duration: 7, unit: 'SECONDS' } });
  });

  test('parameters of the answer alone pass', () => {
    expect(() => requested('GET /_cluster/health?pretty&human&filter_path=status&error_trace=true&format=json')).not.toThrow();
  });
});

describe('GET /{index}/_doc/{id}', () => {
  test('every parameter has its field', () => {
    const query =
      'refresh=true&routing=r&preference=_local&realtime=false&stored_fields=a,b&version=9223372036854775807&version_type=external_gte&_source_includes=x,y&_source_excludes=z';
    expect(received(`GET /notes/_doc/1?${query}`)).toMatchObject({
      index: 'notes',
      id: '1',
      refresh: true,
      routing: 'r',
      preference: '_local',
      realtime: false,
      storedFields: ['a', 'b'],
      version: 2n ** 63n - 1n,
      versionType: 'EXTERNAL_GTE',
      fetchSource: { fetch: true, includes: ['x', 'y'], excludes: ['z'] },
    });
  });

  test.each([
    ['', null],
    ['?_source=false', { fetch: false, includes: [], excludes: [] }],
    ['?_source=true', { fetch: true, includes: [], excludes: [] }],
    ['?_source=a,b.*', { fetch: true, includes: ['a', 'b.*'], excludes: [] }],
  ])('%s', (query, fetchSource) => {
    expect(received(`GET /notes/_doc/1${query}`)['fetchSource']).toEqual(fetchSource);
  });

  test.each([
    ['fields=a', 'the parameter [fields] is no longer supported'],
    ['version=x', 'Failed to parse long parameter [version] with value [x]'],
    ['version=9223372036854775808', 'Failed to parse long parameter [version]'],
    ['version_type=force', 'No version type match [force]'],
  ])('?%s is refused', (query, reason) => {
    expect(() => requested(`GET /notes/_doc/1?${query}`)).toThrow(refused(reason));
  });

  test('the source alone cannot be asked for without the source', () => {
    expect(() => requested('GET /notes/_source/1?_source=false')).toThrow(
      refused('fetching source can not be disabled', 400, 'action_request_validation_exception'),
    );
  });
});

describe('writing one document', () => {
  test('the body goes on as it is', () => {
    const text = '{ "n": 12345678901234567890 }';
    const request = received(
      'PUT /notes/_doc/1?routing=r&timeout=5s&refresh=wait_for&wait_for_active_shards=2&version=3&version_type=external&pipeline=p&require_alias=true',
      text,
    );
    expect(request).toMatchObject({
      index: 'notes',
      id: '1',
      routing: 'r',
      timeout: { duration: 5, unit: 'SECONDS' },
      refresh: 'WAIT_UNTIL',
      waitForActiveShards: 2,
      version: 3,
      versionType: 'EXTERNAL',
      pipeline: 'p',
      requireAlias: true,
      opType: 'INDEX',
      contentType: 'application/json',
    });
    expect(String(request['source'])).toBe(text);
  });

  test('a condition', () => {
    expect(received('POST /notes/_doc/1?if_seq_no=3&if_primary_term=1', '{}')).toMatchObject({ ifSeqNo: 3, ifPrimaryTerm: 1 });
  });

  test.each([
    ['POST /notes/_doc', { id: null, opType: 'CREATE' }],
    ['POST /notes/_doc?op_type=index', { id: null, opType: 'INDEX' }],
    ['PUT /notes/_doc/1?op_type=create', { id: '1', opType: 'CREATE' }],
    ['PUT /notes/_create/1', { id: '1', opType: 'CREATE' }],
    ['PUT /notes/_doc/1?refresh', { refresh: 'IMMEDIATE' }],
  ])('%s', (line, expected) => {
    expect(received(line, '{}')).toMatchObject(expected);
  });

  test('other content types pass with the bytes', () => {
    expect(received('PUT /notes/_doc/1', '\xa0', 'application/cbor')).toMatchObject({ contentType: 'application/cbor' });
    expect(received('PUT /notes/_doc/1', '{}', 'application/json; charset=utf-8')).toMatchObject({ contentType: 'application/json' });
  });

  test.each([
    ['PUT /notes/_doc/1?op_type=delete', refused("opType must be 'create' or 'index', found: [DELETE]")],
    ['PUT /notes/_doc/1?op_type=put', refused('Unknown opType: [put]')],
    ['PUT /notes/_create/1?op_type=index', refused("opType must be 'create', found: [index]")],
    ['PUT /notes/_doc/1?refresh=soon', refused('Unknown value for refresh: [soon].')],
    ['PUT /notes/_doc/1?refresh=constructor', refused('Unknown value for refresh: [constructor].')],
  ])('%s is refused', (line, error) => {
    expect(() => requested(line, '{}')).toThrow(error);
  });

  test('no body, or one of an unknown kind, is refused', () => {
    expect(() => requested('PUT /notes/_doc/1')).toThrow(refused('request body is required', 400, 'parse_exception'));
    expect(() => requested('PUT /notes/_doc/1', 'a,b', 'text/csv')).toThrow(
      refused('Content-Type header [text/csv] is not supported', 406, 'media_type_header_exception'),
    );
  });

  test('a deletion', () => {
    expect(received('DELETE /notes/_doc/1?version=4&version_type=external&refresh=true')).toMatchObject({
      index: 'notes',
      id: '1',
      version: 4,
      versionType: 'EXTERNAL',
      refresh: 'IMMEDIATE',
    });
  });
});

describe('POST /{index}/_update/{id}', () => {
  test('documents stay the text they are', () => {
    const request = received(
      'POST /notes/_update/1?retry_on_conflict=3&_source=true',
      '{"doc": {"n":12345678901234567890}, "upsert":{ "a":1.0 },"doc_as_upsert":false,"detect_noop":false}',
    );
    expect(request).toMatchObject({ index: 'notes', id: '1', retryOnConflict: 3, detectNoop: false, fetchSource: { fetch: true } });
    const { doc, upsert } = request as Record<string, { index: string; id: string; source: Buffer }>;
    expect([String(doc?.source), doc?.index, doc?.id, String(upsert?.source)]).toEqual([
      '{"n":12345678901234567890}',
      'notes',
      '1',
      '{ "a":1.0 }',
    ]);
  });

  test.each([
    ['"ctx.op = \'none\'"', { type: 'INLINE', lang: 'painless', idOrCode: "ctx.op = 'none'", params: { t: 'map', v: [] } }],
    [
      '{"source":"x","lang":"expression","params":{"n":1}}',
      { type: 'INLINE', lang: 'expression', idOrCode: 'x', params: { t: 'orderedMap', v: [['n', { t: 'int', v: 1 }]] } },
    ],
    ['{"id":"stored"}', { type: 'STORED', lang: null, idOrCode: 'stored', options: null }],
  ])('script %s', (script, expected) => {
    expect(received('POST /notes/_update/1', `{"script":${script}}`)['script']).toMatchObject(expected);
  });

  test.each([
    ['{"docs":{}}', refused('[UpdateRequest] unknown field [docs]', 400, 'parse_exception')],
    ['{"detect_noop":1}', refused('failed to parse field [detect_noop]', 400, 'parse_exception')],
    ['{"if_seq_no":1.5}', refused('Value [1.5] is out of range for a long')],
    ['{"script":{}}', refused('must specify either [source]')],
    ['{"constructor":{}}', refused('unknown field [constructor]', 400, 'parse_exception')],
    ['{', refused('JSON', 400, 'json_parse_exception')],
    ['[]', refused('Failed to parse content to map', 400, 'parse_exception')],
  ])('%s is refused', (body, error) => {
    expect(() => requested('POST /notes/_update/1', body)).toThrow(error);
  });
});

describe('indices', () => {
  test('a new index', () => {
    const body = JSON.stringify({
      settings: { number_of_shards: 1, index: { number_of_replicas: 0, blocks: { write: null } }, 'index.routing.x': ['a', 1] },
      mappings: { properties: { text: { type: 'text' } } },
      aliases: { all: { filter: { match_all: {} }, routing: 'r', search_routing: 's', is_write_index: true } },
    });
    expect(received('PUT /notes?timeout=1s&cluster_manager_timeout=2s&wait_for_active_shards=all', body)).toEqual({
      clusterManagerTimeout: { duration: 2, unit: 'SECONDS' },
      ackTimeout: { duration: 1, unit: 'SECONDS' },
      cause: '',
      index: 'notes',
      settings: { number_of_shards: '1', 'index.number_of_replicas': '0', 'index.blocks.write': null, 'index.routing.x': ['a', '1'] },
      mappings: '{"_doc":{"properties":{"text":{"type":"text"}}}}',
      aliases: [{ name: 'all', filter: '{"match_all":{}}', indexRouting: 'r', searchRouting: 's', writeIndex: true, isHidden: null }],
      waitForActiveShards: 'ALL',
      context: null,
    });
  });

  test('a new index without a body', () => {
    expect(received('PUT /notes')).toMatchObject({ index: 'notes', settings: {}, mappings: '{}', aliases: [] });
  });

  test.each([
    ['{"setings":{}}', refused('unknown key [setings] for create index', 400, 'parse_exception')],
    ['{"settings":1}', refused('key [settings] must be an object', 400, 'parse_exception')],
    ['{"mappings":{"_doc":{}}}', refused('The mapping definition cannot be nested under a type')],
    ['{"settings":{"a":[{}]}}', refused('a value of a setting', 400, 'parse_exception')],
    ['{"context":{}}', refused('Required [name]', 400, 'parse_exception')],
  ])('%s is refused', (body, error) => {
    expect(() => requested('PUT /notes', body)).toThrow(error);
  });

  test('deleting and refreshing', () => {
    expect(received('DELETE /a,b?ignore_unavailable=true&expand_wildcards=none')).toMatchObject({
      indices: ['a', 'b'],
      indicesOptions: {
        options: ['IGNORE_UNAVAILABLE', 'IGNORE_ALIASES', 'ALLOW_NO_INDICES', 'FORBID_ALIASES_TO_MULTIPLE_INDICES'],
        wildcards: [],
      },
    });
    expect(received('POST /_refresh?allow_no_indices=false')).toMatchObject({
      indices: [],
      indicesOptions: { options: ['FORBID_CLOSED_INDICES'], wildcards: ['OPEN'] },
    });
    expect(received('GET /a/_refresh')).toMatchObject({ indices: ['a'] });
  });
});
