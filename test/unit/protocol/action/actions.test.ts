import { describe, expect, test } from 'vitest';
import { cluster, docs, indices, internal } from '../../../../src/actions.ts';
import { type Codec, decode, encode } from '../../../../src/protocol/codec/codec.ts';
import { StreamInput } from '../../../../src/protocol/wire/stream-input.ts';
import {
  V_2_0_0,
  V_2_10_0,
  V_2_14_0,
  V_2_17_0,
  V_2_19_0,
  V_2_4_0,
  V_2_5_0,
  V_2_6_0,
  V_3_0_0,
  V_3_1_0,
  V_3_7_0,
  V_3_9_0,
  type VersionId,
} from '../../../../src/protocol/wire/version.ts';

const usage = (text: string) => expect.objectContaining({ code: 'ERR_USAGE', message: expect.stringContaining(text) });
const decodeFailure = (text: string) => expect.objectContaining({ code: 'ERR_DECODE', message: expect.stringContaining(text) });
const sizeOf = <In>(codec: Codec<unknown, In>, value: In, version: VersionId) => encode(codec, value, { version }).length;

describe('gates', () => {
  const health = { level: 'SHARDS', ensureNodeWeighedIn: true, applyLevelAtTransportLayer: true } as const;

  test('health: level and attribute from 2.5.0, weighed in from 2.6.0, level at the transport layer from 2.17.0', () => {
    const sizes = [V_2_4_0, V_2_5_0, V_2_6_0, V_2_14_0, V_2_17_0, V_3_9_0].map((version) =>
      sizeOf(cluster.health.request, health, version),
    );
    expect(sizes.map((size) => size - (sizes[0] as number))).toEqual([0, 2, 3, 3, 4, 4]);
  });

  test('health read from an old stream has what the gates leave out', () => {
    const bytes = encode(cluster.health.request, health, { version: V_2_4_0 });
    expect(decode(cluster.health.request, bytes, { version: V_2_4_0 })).toMatchObject({
      awarenessAttribute: null,
      level: 'CLUSTER',
      ensureNodeWeighedIn: false,
      applyLevelAtTransportLayer: false,
    });
  });

  test('index: the content type is a number before 2.10.0, then text; one more byte from 3.1.0, another from 3.7.0', () => {
    const request = { index: 'i', id: '1', source: {} };
    const sizes = [V_2_0_0, V_2_10_0, V_3_0_0, V_3_1_0, V_3_7_0].map((version) => sizeOf(docs.index.request, request, version));
    const text = 'application/json; charset=UTF-8'.length;
    expect(sizes.map((size) => size - (sizes[0] as number))).toEqual([0, text, text, text + 1, text + 2]);
  });

  test.each(['application/json', 'application/smile', 'application/yaml', 'application/cbor'])(
    'content type %s survives old streams',
    (contentType) => {
      const bytes = encode(docs.index.request, { index: 'i', contentType }, { version: V_2_0_0 });
      expect(decode(docs.index.request, bytes, { version: V_2_0_0 }).contentType).toBe(contentType);
    },
  );

  test('a content type of another kind cannot be written to an old stream', () => {
    expect(() => encode(docs.index.request, { index: 'i', contentType: 'text/csv' }, { version: V_2_0_0 })).toThrow(
      usage('contentType: expected a value of content type (one of '),
    );
  });

  test('bulk: batch size from 2.14.0 to 2.19, never in 3.x', () => {
    const sizes = [V_2_10_0, V_2_14_0, V_2_19_0, V_3_0_0].map((version) => sizeOf(docs.bulk.request, { items: [] }, version));
    expect(sizes.map((size) => size - (sizes[0] as number))).toEqual([0, 4, 4, 0]);
  });

  test('bulk failures say where from 3.0.0 on', () => {
    const failure = { index: 'i', id: '1', cause: { class: 'java.lang.IllegalStateException', message: 'x' }, source: 'PIPELINE' } as const;
    const response = { items: [{ itemId: 0, opType: 'INDEX', failure }], tookInMillis: 1 } as const;
    const read = (version: VersionId) =>
      decode(docs.bulk.response, encode(docs.bulk.response, response, { version }), { version }).items[0]?.failure;
    expect(read(V_2_19_0)?.source).toBe('UNKNOWN');
    expect(read(V_3_0_0)?.source).toBe('PIPELINE');
  });

  test('create index: a context from 2.17.0 on', () => {
    const request = { index: 'i', context: { name: 'logs', version: '_latest' } } as const;
    const read = (version: VersionId) =>
      decode(indices.create.request, encode(indices.create.request, request, { version }), { version }).context;
    expect(read(V_2_14_0)).toBeNull();
    expect(read(V_2_17_0)).toEqual({ name: 'logs', version: '_latest', params: { t: 'map', v: [] } });
  });
});

describe('awareness health', () => {
  const response = {
    clusterName: 'c',
    status: 'GREEN',
    activePrimaryShards: 1,
    activeShards: 2,
    relocatingShards: 0,
    initializingShards: 0,
    unassignedShards: 0,
    numberOfNodes: 2,
    numberOfDataNodes: 2,
    hasDiscoveredClusterManager: true,
    stateStatus: 'GREEN',
    activeShardsPercent: 100,
    awarenessHealth: [
      {
        attribute: 'zone',
        values: [{ name: 'a', activeShards: 1, initializingShards: 2, relocatingShards: 3, unassignedShards: -1, nodes: 1, weight: 1 }],
      },
    ],
  } as const;

  test('is a list of attributes, each with its values: name, active, initialising, relocating, unassigned, nodes, weight', () => {
    const hex = encode(cluster.health.response, response).toString('hex');
    expect(hex.endsWith('0101047a6f6e65010161010203ffffffff0f013ff0000000000000')).toBe(true);
    expect(decode(cluster.health.response, Buffer.from(hex, 'hex')).awarenessHealth).toEqual(response.awarenessHealth);
  });

  test('is not on streams before 2.5.0', () => {
    const bytes = encode(cluster.health.response, response, { version: V_2_4_0 });
    expect(decode(cluster.health.response, bytes, { version: V_2_4_0 }).awarenessHealth).toBeNull();
  });
});

describe('extra field values', () => {
  /** As 3.9.0 writes an IndexRequest after its parent task. */
  const written =
    '0105336c2e4171006500000096ccff0806036d326777010106623964626f690104647a31700806be338588c1f12f010307716c2042387a350100000133040000' +
    '047fc280dfbfe0a0800401000001000000000000010001010738436135796e6d0001087931336e706671670101800000000000000001106170706c6963617469' +
    '6f6e2f63626f72808080808010f88995fdd8dab4872c00';

  test('stand beside the source from 3.7.0, byte for byte', () => {
    const bytes = Buffer.from(written, 'hex');
    const request = decode(docs.index.request, bytes, { version: V_3_9_0 });
    expect(request.extraFieldValues).toEqual({
      'ql B8z5': { type: 'FLOAT_ARRAY', values: [] },
      3: { type: 'LONG_ARRAY', values: [] },
      '\x7f\u0080\u07ff\u0800': { type: 'LONG_ARRAY', packed: Buffer.alloc(0) },
    });
    expect(encode(docs.index.request, request, { version: V_3_9_0 })).toHaveLength(bytes.length);
  });

  test.each([
    ['bytes', { type: 'BYTES', bytes: Buffer.from('caf8', 'hex') }, '0002caf8'],
    ['numbers', { type: 'INT_ARRAY', values: [794701364, -2126645588] }, '0300022f5e2e34813df6ac'],
    ['packed numbers', { type: 'DOUBLE_ARRAY', packed: Buffer.from('ff6d1bcc0a60a5ce', 'hex') }, '02010108ff6d1bcc0a60a5ce'],
    ['64-bit numbers', { type: 'LONG_ARRAY', values: [-1] }, '040001ffffffffffffffff'],
  ] as const)('%s as 3.9.0 writes them', (_, value, hex) => {
    const bytes = encode(docs.index.request, { index: 'i', source: {}, extraFieldValues: { f: value } }, { version: V_3_9_0 });
    expect(bytes.toString('hex')).toContain(`7b7d01010166${hex}`);
    expect(decode(docs.index.request, bytes, { version: V_3_9_0 }).extraFieldValues).toEqual({ f: value });
  });

  test('packed bytes that are no whole numbers are refused both ways', () => {
    const value = { type: 'FLOAT_ARRAY', packed: new Uint8Array(4) } as const;
    const bytes = encode(docs.index.request, { index: 'i', source: {}, extraFieldValues: { f: value } });
    bytes[bytes.indexOf('{}') + 8] = 2;
    expect(() => decode(docs.index.request, bytes)).toThrow(decodeFailure('an array of dimension 2 has 4 packed bytes, expected 8'));
    const bad = { type: 'FLOAT_ARRAY', packed: new Uint8Array(3) } as const;
    expect(() => encode(docs.index.request, { index: 'i', extraFieldValues: { f: bad } })).toThrow(usage('packed: expected bytes, 4 for'));
    expect(() => encode(docs.index.request, { index: 'i', extraFieldValues: { f: { type: 'NO' } as never } })).toThrow(
      usage('extraFieldValues.f.type: expected one of BYTES, FLOAT_ARRAY'),
    );
  });
});

describe('64-bit values that nodes choose', () => {
  test('times of a bulk response and cluster versions go beyond 2^53', () => {
    // BulkResponse of 3.9.0 without items.
    const bytes = Buffer.from('0000aaab9adab7f79ccb0b', 'hex');
    const response = decode(docs.bulk.response, bytes);
    expect(response).toEqual({ items: [], tookInMillis: 0, ingestTookInMillis: 417_491_014_994_053_845n });
    expect(encode(docs.bulk.response, response)).toEqual(bytes);
    const request = encode(docs.delete.request, { index: 'i', id: '1', routedBasedOnClusterVersion: 2n ** 62n });
    expect(decode(docs.delete.request, request).routedBasedOnClusterVersion).toBe(2n ** 62n);
  });
});

describe('items of a bulk response', () => {
  const written = encode(docs.bulk.response, {
    items: [
      {
        itemId: 0,
        opType: 'INDEX',
        response: {
          shardInfo: { total: 1, successful: 1, failures: [] },
          shardId: { index: 'i', uuid: 'u', shard: 0 },
          id: '1',
          version: 1,
          seqNo: 0,
          primaryTerm: 1,
          result: 'CREATED',
        },
      },
      { itemId: 1, opType: 'DELETE', failure: null },
    ],
    tookInMillis: 1,
  } as never);

  test('tell a trace where their fields stand', () => {
    const names: string[] = [];
    const at: number[] = [];
    const trace = { enter: (name: string, offset: number) => void (names.push(name), at.push(offset)), leave: () => {} };
    docs.bulk.response.read(new StreamInput(written, { trace }));
    expect(names.slice(0, 6)).toEqual(['items', '[0]', 'itemId', 'opType', 'responseType', 'response']);
    expect(at.slice(0, 6)).toEqual([0, 1, 1, 2, 3, 4]);
    expect(names.filter((name) => name === 'failure')).toHaveLength(2);
  });

  test('name the field that does not decode', () => {
    const cut = written.subarray(0, 10);
    expect(() => decode(docs.bulk.response, cut)).toThrow(
      expect.objectContaining({ path: expect.arrayContaining(['items', '[0]', 'response']) }),
    );
    expect(() => decode(docs.bulk.response, Buffer.from('010009', 'hex'))).toThrow(
      expect.objectContaining({ path: ['items', '[0]', 'opType'] }),
    );
  });
});

describe('bulk items', () => {
  test('an unknown kind is refused both ways, with its place', () => {
    expect(() => encode(docs.bulk.request, { items: [{ kind: 'upsert' } as never] })).toThrow(
      usage("items[0].kind: expected one of index, delete, update, create, got 'upsert'"),
    );
    const bytes = encode(docs.bulk.request, { items: [{ kind: 'delete', index: 'i', id: '1' }] });
    bytes[5] = 3;
    expect(() => decode(docs.bulk.request, bytes)).toThrow(decodeFailure('Unknown bulk operation [3]'));
  });

  test('a response type and a response go together', () => {
    const item = { itemId: 0, opType: 'INDEX', responseType: 'NONE', response: {} } as never;
    expect(() => encode(docs.bulk.response, { items: [item], tookInMillis: 0 })).toThrow(
      usage('response: expected null for responseType NONE, got a response'),
    );
  });

  test('documents inside of an update have its index and id unless they say otherwise', () => {
    const update = { index: 'i', id: '1', doc: { source: {} }, upsert: { index: 'j', id: '2' } };
    const { doc, upsert } = decode(docs.update.request, encode(docs.update.request, update));
    expect([doc?.index, doc?.id, upsert?.index, upsert?.id]).toEqual(['i', '1', 'j', '2']);
  });
});

describe('get', () => {
  test('a missing document has nothing behind `exists`', () => {
    const bytes = encode(docs.get.response, { index: 'i', id: '1', exists: false });
    expect(decode(docs.get.response, bytes)).toEqual({
      index: 'i',
      id: '1',
      seqNo: -2,
      primaryTerm: 0,
      version: -1,
      exists: false,
      source: null,
      documentFields: {},
      metadataFields: {},
    });
  });

  test('versions, sequence numbers and terms beyond 2^53 survive', () => {
    const given = { index: 'i', id: '1', exists: true, version: 2n ** 62n, seqNo: 2n ** 60n, primaryTerm: 2n ** 59n };
    expect(decode(docs.get.response, encode(docs.get.response, given))).toMatchObject(given);
  });
});

describe('the TCP handshake', () => {
  const { request } = internal.tcpHandshake;

  test('a version stands inside of a bytes reference', () => {
    expect(encode(request, { version: V_3_9_0 }).toString('hex')).toBe('04b3cdbc41');
    expect(decode(request, Buffer.from('04b3cdbc41', 'hex'))).toEqual({ version: V_3_9_0 });
  });

  test('what follows inside is for later releases', () => {
    expect(decode(request, Buffer.from('06b3cdbc41aaaa', 'hex'))).toEqual({ version: V_3_9_0 });
  });

  test('nothing at all is an unknown version', () => {
    expect(decode(request, Buffer.alloc(0))).toEqual({ version: null });
    expect(encode(request, { version: null })).toHaveLength(0);
  });

  test('bytes behind the reference, or a reference without a version, are refused', () => {
    expect(() => decode(request, Buffer.from('04b3cdbc4100', 'hex'))).toThrow(decodeFailure('left after the end of the value'));
    expect(() => decode(request, Buffer.from('00', 'hex'))).toThrow(decodeFailure('expected 1 more byte'));
  });
});
