import { describe, expect, test } from 'vitest';
import { cluster, docs } from '../../../../src/actions.ts';
import { findAction } from '../../../../src/protocol/action/catalogue.ts';
import { decode, encode } from '../../../../src/protocol/codec/codec.ts';
import { deflateBody } from '../../../../src/protocol/frame/native/compression.ts';
import { restMain } from '../../../../src/protocol/rest/cluster/main.ts';
import { restActions } from '../../../../src/protocol/rest/rest-catalogue.ts';
import { parseVersion } from '../../../../src/protocol/wire/version.ts';
import { messageOf } from '../../../support/frames.ts';
import { answered, routed } from '../../../support/rest.ts';
import { capture, framesOf, goldenVectors, type Release } from '../../../vectors/load.ts';

const golden = new Map(goldenVectors('3.9.0').map((vector) => [vector.id, vector]));

/** The value of a golden response. */
function vector(name: string): unknown {
  const found = golden.get(`${name}@3.9.0`);
  const action = findAction(String(found?.value?.['action']));
  return decode(action.response, Buffer.from(found?.hex ?? '', 'hex'), { version: parseVersion('3.9.0') });
}

/** The first captured answer to an action that fits. */
function captured<T>(release: Release, topic: string, name: string, fits: (value: T) => boolean = () => true): T {
  for (const { bytes, decoded } of framesOf(capture(release, topic))) {
    const message = decoded['answers'] === name && decoded['body'] !== undefined ? messageOf(bytes) : undefined;
    if (message === undefined || message.error) continue;
    const value = decode(findAction(name).response, message.body, { version: message.version }) as T;
    if (fits(value)) return value;
  }
  throw new Error(`no captured answer to ${name} fits`);
}

describe('GET /', () => {
  test.each([
    ['2.19.6', '7.10.0', '7.0.0'],
    ['3.9.0', '2.19.0', '2.0.0'],
  ] as const)('of %s', (release, wire, index) => {
    const { status, body } = answered('GET /', captured(release, 'client-basics', 'cluster:monitor/main'));
    expect(status).toBe(200);
    expect(body).toEqual({
      name: 'probe-node',
      cluster_name: 'probe',
      cluster_uuid: expect.stringMatching(/^[\w-]{22}$/),
      version: {
        distribution: 'opensearch',
        number: release,
        build_type: 'unknown',
        build_hash: expect.stringMatching(/^[0-9a-f]{40}$/),
        build_date: expect.stringContaining('2026-'),
        build_snapshot: false,
        minimum_wire_compatibility_version: wire,
        minimum_index_compatibility_version: index,
      },
      tagline: 'The OpenSearch Project: https://opensearch.org/',
    });
  });

  test('names what only REST knows', () => expect(restMain.restOnlyFields).toEqual(['version.lucene_version']));

  test('HEAD has no body', () => expect(answered('HEAD /', vector('act.main.response'))).toMatchObject({ status: 200, body: null }));
});

describe('GET /_cluster/health', () => {
  const books = (value: { indices: readonly { index: string }[] }) => value.indices.some(({ index }) => index.startsWith('books'));
  const response = captured('3.9.0', 'client-documents', 'cluster:monitor/health', books);
  const clusterJson = {
    cluster_name: 'probe',
    status: 'green',
    timed_out: false,
    number_of_nodes: 1,
    number_of_data_nodes: 1,
    discovered_master: true,
    discovered_cluster_manager: true,
    active_primary_shards: 1,
    active_shards: 1,
    relocating_shards: 0,
    initializing_shards: 0,
    unassigned_shards: 0,
    delayed_unassigned_shards: 0,
    number_of_pending_tasks: 0,
    number_of_in_flight_fetch: 0,
    task_max_waiting_in_queue_millis: 0,
    active_shards_percent_as_number: 100,
  };
  const shards = { active_shards: 1, relocating_shards: 0, initializing_shards: 0, unassigned_shards: 0 };
  const indexJson = { status: 'green', number_of_shards: 1, number_of_replicas: 0, active_primary_shards: 1, ...shards };

  test.each([
    ['', clusterJson],
    ['?level=cluster', clusterJson],
    ['?level=indices', { ...clusterJson, indices: { 'books-v3': indexJson } }],
    [
      '?level=shards',
      { ...clusterJson, indices: { 'books-v3': { ...indexJson, shards: { 0: { status: 'green', primary_active: true, ...shards } } } } },
    ],
    ['?level=awareness_attributes', clusterJson],
    ['?human', { ...clusterJson, task_max_waiting_in_queue: '0s', active_shards_percent: '100.0%' }],
  ])('%s', (query, expected) => {
    const { status, body } = answered(`GET /_cluster/health${query}`, response);
    expect({ status, body }).toEqual({ status: 200, body: expectedName(expected, response) });
  });

  /** Which of the books was asked for depends on the order of the capture. */
  function expectedName(expected: object, { indices }: typeof response): unknown {
    return JSON.parse(JSON.stringify(expected).replaceAll('books-v3', String(indices[0]?.index)));
  }

  test('members are in the order of a node', () => {
    const order = Object.keys(clusterJson);
    const keysOf = (line: string): string[] => Object.keys(JSON.parse(JSON.stringify(answered(line, response).body)) as object);
    expect(keysOf('GET /_cluster/health')).toEqual(order);
    // `humanReadableField` and `percentageField` of a node's builder write the text first.
    const human = order.flatMap((name) => {
      if (name === 'task_max_waiting_in_queue_millis') return ['task_max_waiting_in_queue', name];
      return name === 'active_shards_percent_as_number' ? ['active_shards_percent', name] : [name];
    });
    expect(keysOf('GET /_cluster/health?human')).toEqual(human);
  });

  test('a time-out is status 408', () => {
    expect(answered('GET /_cluster/health', vector('act.health.timedOut.response'))).toMatchObject({
      status: 408,
      body: { timed_out: true },
    });
  });

  test('awareness attributes', () => {
    const value = { name: 'a', activeShards: 1, initializingShards: 2, relocatingShards: 3, unassignedShards: -1, nodes: 4, weight: 0.5 };
    const with_ = { ...(response as object), awarenessHealth: [{ attribute: 'zone', values: [value] }] };
    expect(answered('GET /_cluster/health?level=awareness_attributes', with_).body).toMatchObject({
      awareness_attributes: {
        zone: { a: { active_shards: 1, initializing_shards: 2, relocating_shards: 3, unassigned_shards: -1, data_nodes: 4, weight: 0.5 } },
      },
    });
  });
});

describe('GET /{index}/_doc/{id}', () => {
  test('a document', () => {
    expect(answered('GET /books/_doc/1', vector('act.get.response'))).toEqual({
      status: 200,
      headers: undefined,
      body: { _index: 'books', _id: '1', _version: 3, _seq_no: 0, _primary_term: 1, found: true, _source: { a: 1 } },
    });
  });

  test('fields and metadata fields', () => {
    expect(answered('GET /books/_doc/1', vector('act.get.fields.response')).body).toEqual({
      _index: 'books',
      _id: '1',
      _version: 1,
      _seq_no: 12,
      _primary_term: 2,
      _routing: 'r',
      found: true,
      fields: { f1: ['v', 7, 1.5, true] },
    });
  });

  test('a missing document', () => {
    expect(answered('GET /books/_doc/2', vector('act.get.missing.response'))).toMatchObject({
      status: 404,
      body: { _index: 'books', _id: '2', found: false },
    });
    expect(answered('HEAD /books/_doc/2', vector('act.get.missing.response'))).toMatchObject({ status: 404, body: null });
  });

  const document = (source: Uint8Array | string) =>
    decode(docs.get.response, encode(docs.get.response, { index: 'i', id: '1', exists: true, version: 1, source }));
  const bodyOf = (line: string, value: unknown) => {
    const { rest, request } = routed(line);
    return rest.toResponse(value as never, request).body;
  };

  test('the source keeps its text: numbers of any size, order, white space', () => {
    const text = '{ "n":12345678901234567890,\n"z":1.0,"a":2 }';
    expect(bodyOf('GET /i/_source/1', document(text))).toMatchObject({ text });
  });

  test('a compressed source is inflated', () => {
    expect(answered('GET /i/_source/1', document(deflateBody(Buffer.from('{"a":1}'))))).toMatchObject({ status: 200, body: { a: 1 } });
  });

  test('a compressed source that does not inflate, and one that is not JSON, are refused', () => {
    const broken = document(Buffer.concat([Buffer.from('DFL\0'), Buffer.from([0xff, 0xff])]));
    expect(() => answered('GET /i/_doc/1', broken)).toThrow(expect.objectContaining({ code: 'ERR_DECODE' }));
    expect(() => answered('GET /i/_doc/1', document(Buffer.from([0xbf, 0xff])))).toThrow(expect.objectContaining({ code: 'ERR_USAGE' }));
  });

  test.each([
    [{ index: 'i', id: '1', exists: false }, 'Document not found [i]/[1]'],
    [{ index: 'i', id: '1', exists: true }, 'Source not found [i]/[1]'],
  ])('no source: %j', (value, reason) => {
    const response = decode(docs.get.response, encode(docs.get.response, value));
    expect(answered('GET /i/_source/1', response)).toMatchObject({
      status: 404,
      body: { error: { type: 'resource_not_found_exception', reason }, status: 404 },
    });
  });
});

describe('writes', () => {
  test('a new document: 201, and where it is', () => {
    const created = captured<{ result: string }>(
      '3.9.0',
      'client-documents',
      'indices:data/write/index',
      ({ result }) => result === 'CREATED',
    );
    const odd = answered('PUT /books/_doc/1?routing=%C3%A4+b~*', { ...created, id: 'x y/ü' });
    expect(odd.headers).toEqual({ Location: '/books/_doc/x+y%2F%C3%BC?routing=%C3%A4+b%7E*' });
    expect(answered('PUT /books/_doc/1?routing=a%2Fb', created)).toEqual({
      status: 201,
      headers: { Location: '/books/_doc/1?routing=a%2Fb' },
      body: {
        _index: 'books',
        _id: '1',
        _version: 1,
        result: 'created',
        forced_refresh: true,
        _shards: { total: 1, successful: 1, failed: 0 },
        _seq_no: 0,
        _primary_term: 1,
      },
    });
  });

  test('a failed copy shows, and a failed primary decides the status', () => {
    const response = vector('act.index.failure.response') as { result: string };
    expect(answered('PUT /books/_doc/1', { ...response, result: 'UPDATED' })).toMatchObject({
      status: 500,
      body: {
        _shards: {
          total: 2,
          successful: 1,
          failed: 1,
          failures: [
            {
              _index: 'books',
              _shard: 1,
              _node: 'node-1',
              reason: { type: 'illegal_state_exception', reason: 'x' },
              status: 'INTERNAL_SERVER_ERROR',
              primary: true,
            },
          ],
        },
      },
    });
  });

  test.each([
    ['act.delete.response', 200, 'deleted'],
    ['act.delete.notFound.response', 404, 'not_found'],
  ])('%s is status %d', (name, status, result) => {
    expect(answered('DELETE /books/_doc/1', vector(name))).toMatchObject({ status, body: { result } });
  });

  test('an update with the document', () => {
    expect(answered('POST /books/_update/1', vector('act.update.getResult.response'))).toMatchObject({
      status: 200,
      body: { result: 'updated', get: { _seq_no: 0, _primary_term: 1, found: true, _source: { a: 1 } } },
    });
    expect(answered('POST /books/_update/1', vector('act.update.NOOP.response')).body).not.toHaveProperty('get');
  });

  test('a write without a sequence number', () => {
    const response = vector('act.index.response') as object;
    expect(answered('PUT /books/_doc/1', { ...response, seqNo: -2 }).body).not.toHaveProperty('_seq_no');
  });
});

describe('POST /_bulk', () => {
  test('items succeed and fail one by one', () => {
    const { status, body } = answered('POST /_bulk', vector('act.bulk.response')) as { status: number; body: { items: object[] } };
    expect(status).toBe(200);
    expect(body).toMatchObject({ took: 30, errors: true });
    expect(body).not.toHaveProperty('ingest_took');
    expect(body.items).toMatchObject([
      { index: { _id: '1', status: 201, result: 'created' } },
      { delete: { _id: '2', status: 200, result: 'deleted' } },
      { update: { _id: '3', status: 200, result: 'updated' } },
      { index: { _index: 'books', _id: '4', status: 400, error: { type: 'illegal_argument_exception', reason: 'bad' } } },
    ]);
  });

  test('a version conflict', () => {
    expect(answered('POST /_bulk', vector('act.bulk.conflict.response')).body).toMatchObject({
      errors: true,
      items: [
        {
          create: {
            _index: 'books',
            _id: '1',
            status: 409,
            error: {
              type: 'version_conflict_engine_exception',
              reason: expect.stringContaining('[1]: version conflict'),
              index: 'books',
              shard: '1',
              index_uuid: 'ABCDEFGHIJKLMNOPQRSTUV',
            },
          },
        },
      ],
    });
  });

  test('all well', () => {
    const response = { ...(vector('act.bulk.response') as object), items: [], ingestTookInMillis: 4 };
    expect(answered('POST /_bulk', response).body).toEqual({ took: 30, ingest_took: 4, errors: false, items: [] });
  });
});

describe('indices', () => {
  test('created, deleted, refreshed', () => {
    expect(answered('PUT /books', vector('act.create.response'))).toMatchObject({
      status: 200,
      body: { acknowledged: true, shards_acknowledged: true, index: 'books' },
    });
    expect(answered('DELETE /books', { acknowledged: true })).toMatchObject({ status: 200, body: { acknowledged: true } });
    expect(answered('POST /_refresh', vector('act.refresh.response')).body).toEqual({ _shards: { total: 2, successful: 1, failed: 0 } });
  });

  test('a refresh that failed says so once for each index and reason', () => {
    const response = vector('act.refresh.failed.response') as { shardFailures: readonly object[] };
    const twice = { ...response, shardFailures: [...response.shardFailures, { ...response.shardFailures[0], shardId: 1 }] };
    expect(answered('POST /_refresh', twice)).toEqual({
      status: 500,
      headers: undefined,
      body: {
        _shards: {
          total: 2,
          successful: 1,
          failed: 1,
          failures: [
            { shard: 0, index: 'books', status: 'INTERNAL_SERVER_ERROR', reason: { type: 'illegal_state_exception', reason: 'x' } },
          ],
        },
      },
    });
  });
});

test('every REST action belongs to an action of the catalogue', () => {
  for (const { action } of restActions) expect(findAction(action.name)).toBe(action);
  expect(restActions.some(({ action }) => action === (cluster.health as unknown))).toBe(true);
});
