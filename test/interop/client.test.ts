import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cluster, docs, indices, internal } from '../../src/actions.ts';
import { defineAction } from '../../src/protocol/action/define-action.ts';
import { rest as restOfBody } from '../../src/protocol/codec/primitives.ts';
import { V_2_19_0, V_3_9_0 } from '../../src/protocol/wire/version.ts';
import { type RealNode, startRealNode } from '../../src/realnode/real-node.ts';
import { tls } from '../../src/transport/carrier/tls.ts';
import { type Client, createClient } from '../../src/transport/client/client.ts';
import type { ClientOptions } from '../../src/transport/client/client-options.ts';
import { createServer } from '../../src/transport/server/server.ts';
import { Http } from '../support/interop-http.ts';
import { bootedNodes, COMPRESSING_AND_PINGING, describeReleases } from '../support/interop-node.ts';
import { RestComparison } from '../support/interop-rest.ts';
import { rawFrame, requestHeader, vInt } from '../support/raw-frame.ts';
import { RawPeer, until } from '../support/raw-peer.ts';

const TEXT = 'Grüße, 世界 — 안녕 😀👩‍👩‍👧‍👦 \u0000\u0001\t"\\ \u{10ffff}\ufffd';
const AWARE = { 'node.attr.zone': 'a', 'cluster.routing.allocation.awareness.attributes': 'zone' };
const ONE_SHARD = { settings: { number_of_shards: 1, number_of_replicas: 0 } };

/** A client of a node that `beforeAll` boots, and the comparison of both with REST. */
function comparisonOf(node: () => RealNode, label: string, options: Omit<ClientOptions, 'nodes'>) {
  const made = {} as { http: Http; client: Client; rest: RestComparison };
  beforeAll(() => {
    made.http = new Http(node().httpUrl);
    made.client = createClient({ nodes: [node().transportAddress], ...options });
    made.rest = new RestComparison(made.http, made.client, label);
  });
  afterAll(async () => {
    await made.http.send(`DELETE /*-${label}-*?expand_wildcards=all`);
    made.http.close();
    await made.client.close();
  });
  return made;
}

/** What is asked of every node in every way. */
function sameAnswers(node: () => RealNode, label: string, options: Omit<ClientOptions, 'nodes'>): void {
  const made = comparisonOf(node, label, options);

  test('main', async () => {
    expect(await made.rest.same(200, 'GET /')).toMatchObject({ name: node().nodeName, version: { number: node().version } });
    await made.rest.same(200, 'HEAD /');
  });

  test('cluster health', async () => {
    const { rest } = made;
    await rest.same(200, 'PUT /@green', ONE_SHARD);
    await rest.same(200, 'PUT /@yellow', { settings: { number_of_shards: 2, number_of_replicas: 1 } });
    await made.http.send('GET /_cluster/health?wait_for_events=languid&wait_for_no_initializing_shards=true');
    await rest.same(200, 'GET /_cluster/health?wait_for_events=languid&wait_for_no_initializing_shards=true');
    await rest.same(200, 'GET /_cluster/health/@green?wait_for_status=green&timeout=10s');
    await rest.same(200, 'GET /_cluster/health/@yellow?wait_for_status=yellow&wait_for_no_initializing_shards=true&timeout=10s');
    for (const level of ['cluster', 'indices', 'shards', 'awareness_attributes']) {
      await rest.same(200, `GET /_cluster/health?level=${level}`);
      const ofIndices = level === 'awareness_attributes' ? 400 : 200;
      await rest.same(ofIndices, `GET /_cluster/health/@yellow,@green?level=${level}`);
    }
    await rest.same(200, 'GET /_cluster/health?level=awareness_attributes&awareness_attribute=zone');
    await rest.same(200, 'GET /_cluster/health?wait_for_nodes=1&wait_for_events=languid&local=true&cluster_manager_timeout=5s');
    await rest.same(200, 'GET /_cluster/health/@green?wait_for_active_shards=all&wait_for_no_relocating_shards=true&level=shards');
    await rest.same(408, 'GET /_cluster/health/@yellow?wait_for_status=green&timeout=50ms');
    await rest.same(408, 'GET /_cluster/health?wait_for_nodes=%3E%3D7&timeout=20ms&level=indices');
    await rest.same(408, 'GET /_cluster/health/missing?timeout=20ms&level=shards');
    await rest.same(408, 'GET /_cluster/health/missing*,nowhere?timeout=0s');
    await rest.same(200, 'GET /_cluster/health/@green?expand_wildcards=none&ignore_unavailable=false&level=indices');
    await rest.same(400, 'GET /_cluster/health?wait_for_status=blue');
    await rest.same(400, 'GET /_cluster/health?wait_for_nodes=many&timeout=20ms');
    await rest.same(400, 'GET /_cluster/health?levels=shards');
  });

  test('requests without a route, and parameters in other places', async () => {
    const { rest } = made;
    await rest.same(405, 'DELETE /_bulk');
    await rest.same(405, 'PATCH /a/_doc/%C3%BC?x=%20&y');
    await rest.same(400, 'GET /_cluster//health');
    await rest.same(400, 'GET /a/b/c/d/%C3%BC?x=1');
    await rest.same(200, 'OPTIONS /_bulk');
    await rest.same(200, 'OPTIONS /a/b/c/d/e');
    await rest.same(200, 'PUT /@placed', ONE_SHARD);
    await rest.same(200, 'GET /_cluster/health?index=@placed&level=indices&human');
    await rest.same(400, 'GET /_cluster/health?idx=@placed&indx=1');
    await rest.same(400, 'GET /_cluster/health?wait_for_relocating_shards=1');
    await rest.same(400, 'GET /_cluster/health?human=maybe');
    await rest.same(400, 'POST /@placed/_refresh?allow_no_indices=perhaps');
    await rest.same(400, 'GET /@placed/_doc/1?fields=a');
    await rest.same(400, 'GET /@placed/_doc/1?version=9223372036854775808');
    await rest.same(400, 'GET /_cluster/health?wait_for_active_shards=some');
    await rest.same(400, 'GET /_cluster/health?timeout=5');
    await rest.same(201, 'POST /@placed/_doc?id=5', { a: 1 });
    await rest.same(200, 'POST /_bulk?index=@placed', '{"index":{}}\n{"a":1}\n');
    await rest.same(200, 'POST /@placed/_update/5?_source=a', { doc: { a: 2 }, _source: false });
    await rest.same(409, 'POST /@placed/_update/5?if_seq_no=2&if_primary_term=1', { doc: { a: 3 }, if_seq_no: 77, if_primary_term: 1 });
  });

  test('create and delete index', async () => {
    const { rest } = made;
    const body = {
      settings: { index: { number_of_shards: 2, number_of_replicas: 0, refresh_interval: '5s' }, 'index.max_result_window': 500 },
      mappings: { properties: { text: { type: 'text' }, at: { type: 'date' }, geo: { properties: { n: { type: 'long' } } } } },
      aliases: { '@first': {}, '@second': { filter: { term: { n: 1 } }, routing: 'r', is_write_index: true } },
    };
    await rest.same(200, 'PUT /@made?wait_for_active_shards=all&timeout=10s', body);
    const [native, byRest] = await Promise.all(
      ['native', 'rest'].map(async (side) => (await made.http.send(`GET /made-${label}-${side}`)).text.replaceAll(`-${side}`, '')),
    );
    const moment = /"(uuid|creation_date)":"[^"]+"/g;
    expect(native?.replaceAll(moment, '')).toBe(byRest?.replaceAll(moment, ''));
    await rest.same(200, 'PUT /@bare');
    await rest.same(400, 'PUT /@made', body);
    await rest.same(400, 'PUT /@two,three', ONE_SHARD);
    await rest.same(400, 'PUT /@wrong', { settings: { number_of_shards: 'many' } });
    await rest.same(400, 'PUT /@wrong', { settings: { 'no.such.setting': 1 } });
    await rest.same(400, 'PUT /@wrong', { mappings: { properties: { a: { type: 'no_such_type' } } } });
    await rest.same(500, 'PUT /@wrong', { aliases: { '@wrong': {} } });
    await rest.same(200, 'DELETE /@made,@bare');
    await rest.same(404, 'DELETE /@made');
    await rest.same(200, 'DELETE /@made?ignore_unavailable=true');
    await rest.same(404, 'DELETE /@made*?allow_no_indices=false');
    await rest.same(404, 'DELETE /@made?cluster_manager_timeout=5s&timeout=5s');
  });

  test('index, get and delete', async () => {
    const { rest } = made;
    await rest.same(200, 'PUT /@notes', {
      ...ONE_SHARD,
      mappings: { properties: { tag: { type: 'keyword', store: true }, n: { type: 'integer', store: true, ignore_malformed: true } } },
    });
    const note = { text: TEXT, tag: ['a', 'b'], n: 7, deep: { x: 1, y: [1.5, 1e30, -0.25], z: '12345678901234567890' } };
    await rest.same(201, 'PUT /@notes/_doc/1?refresh=true', note);
    await rest.same(200, 'POST /@notes/_doc/1?wait_for_active_shards=1&timeout=5s', { ...note, tag: [] });
    await rest.same(201, 'POST /@notes/_doc', note);
    await rest.same(201, 'POST /@notes/_doc?refresh=wait_for', note);
    await rest.same(201, 'PUT /@notes/_create/2', note);
    await rest.same(409, 'PUT /@notes/_create/2', note);
    await rest.same(409, 'PUT /@notes/_doc/2?op_type=create', note);
    await rest.same(201, 'PUT /@notes/_doc/ext?version=5&version_type=external', note);
    await rest.same(409, 'PUT /@notes/_doc/ext?version=4&version_type=external', note);
    await rest.same(200, 'PUT /@notes/_doc/ext?version=5&version_type=external_gte', note);
    await rest.same(200, 'PUT /@notes/_doc/ext?version=9007199254740993&version_type=external', note);
    await rest.same(409, 'PUT /@notes/_doc/1?if_seq_no=0&if_primary_term=1', note);
    await rest.same(200, 'PUT /@notes/_doc/1?if_seq_no=1&if_primary_term=1', note);
    await rest.same(400, 'PUT /@notes/_doc/1?if_seq_no=1', note);
    await rest.same(201, 'PUT /@notes/_doc/routed?routing=elsewhere', note);
    await rest.same(201, `PUT /@notes/_doc/${encodeURIComponent('ä/ö 😀+')}`, note);
    await rest.same(201, 'PUT /@notes/_doc/odd', { n: 'not a number', tag: null });
    await rest.same(400, 'PUT /@notes/_doc/bad', { tag: { not: 'a keyword' } });
    await rest.same(400, 'PUT /@notes/_doc/bad', '{"text":');
    await rest.same(400, 'PUT /@notes/_doc/bad', '');
    await rest.same(400, 'PUT /@notes/_doc/bad?pipeline=missing', note);
    await rest.same(404, 'PUT /@nowhere/_doc/1?require_alias=true', note);
    await rest.same(400, `PUT /@notes/_doc/${'i'.repeat(513)}`, note);

    expect(await rest.same(200, 'GET /@notes/_doc/1')).toMatchObject({ found: true, _source: note });
    for (const query of [
      'realtime=false&refresh=true',
      '_source=false',
      '_source=tag,deep.x',
      '_source_includes=deep.*&_source_excludes=deep.y',
      '_source=true',
      'stored_fields=tag,n',
      'stored_fields=tag&_source=true',
      'preference=_local',
      'version=4',
    ]) {
      await rest.same(query === 'version=4' ? 409 : 200, `GET /@notes/_doc/1?${query}`);
    }
    await rest.same(200, 'GET /@notes/_doc/routed?routing=elsewhere');
    await rest.same(200, 'GET /@notes/_doc/ext?version=9007199254740993&version_type=external');
    await rest.same(200, 'GET /@notes/_doc/odd?stored_fields=_ignored,n&refresh=true&realtime=false');
    await rest.same(200, `GET /@notes/_doc/${encodeURIComponent('ä/ö 😀+')}`);
    await rest.same(404, 'GET /@notes/_doc/missing');
    await rest.same(404, 'GET /@gone/_doc/1');
    await rest.same(200, 'GET /@notes/_source/1');
    await rest.same(404, 'GET /@notes/_source/missing');
    await rest.same(200, 'HEAD /@notes/_doc/1');
    await rest.same(404, 'HEAD /@notes/_doc/missing');
    await rest.same(400, 'GET /@notes/_doc/1?realtime=perhaps');

    await rest.same(409, 'DELETE /@notes/_doc/2?if_seq_no=0&if_primary_term=1');
    await rest.same(200, 'DELETE /@notes/_doc/2?refresh=true');
    await rest.same(404, 'DELETE /@notes/_doc/2');
    await rest.same(409, 'DELETE /@notes/_doc/ext?version=1&version_type=external');
    await rest.same(404, 'DELETE /@nowhere/_doc/1?version=3&version_type=external');
    await rest.same(404, 'DELETE /@notes/_doc/missing?routing=r');
  });

  test('update', async () => {
    const { rest } = made;
    await rest.same(201, 'POST /@updated/_update/1', { doc: { a: 1 }, doc_as_upsert: true });
    await rest.same(200, 'POST /@updated/_update/1?_source=true', { doc: { b: TEXT } });
    await rest.same(200, 'POST /@updated/_update/1', { doc: { b: TEXT } });
    await rest.same(404, 'POST /@updated/_update/2', { doc: { b: 2 } });
    await rest.same(409, 'POST /@updated/_update/1?if_seq_no=0&if_primary_term=1', { doc: { b: 2 } });
    await rest.same(400, 'POST /@updated/_update/1', { script: { source: 'ctx', lang: 'no_such_lang' } });
  });

  test('bulk with failures among the items', async () => {
    const { rest } = made;
    await rest.same(200, 'PUT /@bulk', { ...ONE_SHARD, mappings: { properties: { n: { type: 'integer' } } } });
    const lines = [
      { index: { _index: '@bulk', _id: '1' } },
      { n: 1, text: TEXT },
      { create: { _index: '@bulk', _id: '1' } },
      { n: 2 },
      { create: { _index: '@bulk', _id: '2', routing: 'r' } },
      { n: 2 },
      { index: { _index: '@bulk', _id: '3' } },
      { n: 'no number' },
      { update: { _index: '@bulk', _id: '1', _source: true } },
      { doc: { n: 3 } },
      { update: { _index: '@bulk', _id: '9', retry_on_conflict: 2 } },
      { doc: { n: 3 } },
      { update: { _index: '@bulk', _id: '4' } },
      { doc: { n: 4 }, upsert: { n: 5 } },
      { delete: { _index: '@bulk', _id: '2', routing: 'r' } },
      { delete: { _index: '@bulk', _id: '9' } },
      { index: { _index: '@bulk', _id: '1', if_seq_no: 77, if_primary_term: 1 } },
      { n: 6 },
      { index: { _index: '@bulk', _id: '5', version: 12, version_type: 'external' } },
      { n: 7 },
      { index: { _index: '@bulk' } },
      { n: 8 },
      { index: { _index: '_not_allowed', _id: '1' } },
      { n: 9 },
      { index: { _index: '@nowhere', _id: '1', require_alias: true } },
      { n: 10 },
    ];
    expect(await rest.same(200, 'POST /_bulk?refresh=true', lines)).toMatchObject({ errors: true });
    await rest.same(200, 'PUT /@bulk/_bulk?refresh=wait_for&timeout=5s', [{ index: {} }, { n: 1 }, { delete: { _id: '1' } }]);
    await rest.same(400, 'POST /_bulk', '{"index":{}}\n{"n":1}\n');
    await rest.same(400, 'POST /@bulk/_bulk', '{"index":{}}\n{"n":1}');
    await rest.same(400, 'POST /@bulk/_bulk', '{"move":{}}\n{"n":1}\n');
    await rest.same(400, 'POST /@bulk/_bulk', '');
  });

  test('refresh', async () => {
    const { rest } = made;
    await rest.same(201, 'PUT /@fresh/_doc/1', { a: 1 });
    await rest.same(200, 'POST /@fresh/_refresh');
    await rest.same(200, 'GET /@fresh,nowhere/_refresh?ignore_unavailable=true');
    await rest.same(404, 'POST /@gone/_refresh');
    await rest.same(404, 'POST /@gone*/_refresh?allow_no_indices=false');
    await rest.same(200, 'POST /_refresh');
  });

  test('a document of 1 MiB', async () => {
    const source = { text: TEXT.repeat(30_000).slice(0, 2 ** 19), n: 1 };
    expect(Buffer.byteLength(JSON.stringify(source))).toBeGreaterThan(2 ** 20);
    await made.rest.same(201, 'PUT /@big/_doc/1?refresh=true', source);
    expect(await made.rest.same(200, 'GET /@big/_doc/1')).toMatchObject({ _source: source });
  });

  test('a bulk of 5000 documents', async () => {
    const { rest, http } = made;
    await rest.same(200, 'PUT /@many', ONE_SHARD);
    const lines = Array.from({ length: 5_000 }, (_, n) => [{ index: { _id: String(n) } }, { n, text: `${n} ${TEXT}` }]).flat();
    const answer = (await rest.same(200, 'POST /@many/_bulk?refresh=true', lines)) as { errors: boolean; items: unknown[] };
    expect(answer.errors).toBe(false);
    expect(answer.items).toHaveLength(5_000);
    for (const side of ['rest', 'native']) {
      const { text } = await http.send(`GET /many-${label}-${side}/_search?size=0&track_total_hits=true`);
      expect(text).toContain('"hits":{"total":{"value":5000,');
    }
  });
}

/** Versions in the header of a handshake that a node judges each in its own way. */
const HEADER_VERSIONS: readonly (readonly [string, number])[] = [
  ['2.19.0', V_2_19_0],
  ['3.9.0', V_3_9_0],
  ['masked 7.9.99', 0x086c_565f],
  ['Elasticsearch 7.10.0', 0x006c_56c3],
  ['Elasticsearch 7.17.0', 0x006d_6833],
  ['4.0.0', 0x083d_0963],
  ['none', 0],
];

/** The answer to a handshake, in hex; `closed` if the peer closes the connection instead. */
async function handshakeAnswer(port: number, version: number): Promise<string> {
  const peer = await RawPeer.dial(port);
  const body = Buffer.concat([Buffer.of(0), vInt(4), vInt(V_2_19_0)]);
  peer.send(rawFrame({ id: 7n, status: 8, version, variable: requestHeader('internal:tcp/handshake'), body }));
  const isWhole = (): boolean => peer.received.length >= 6 && peer.received.length >= 6 + peer.received.readInt32BE(2);
  await until('the answer or the end', () => peer.ended !== null || isWhole(), 10_000);
  peer.close();
  return peer.received.length === 0 ? 'closed' : peer.received.toString('hex');
}

await describeReleases('a native client', (version) => {
  describe('of one node', () => {
    const nodes = bootedNodes({ plain: { version, settings: AWARE } });
    const node = () => nodes.plain;

    describe('answers as REST does', () => sameAnswers(node, 'plain', {}));
    describe('answers as REST does, compressed', () => sameAnswers(node, 'deflated', { compress: true }));
    describe('answers as REST does, over 13 channels', () => sameAnswers(node, 'thirteen', { profile: 'node', pingIntervalMs: 500 }));

    test.each(HEADER_VERSIONS)(
      'a handshake under the header version %s is answered, or not, as by a server of ours',
      async (_name, header) => {
        await using server = createServer({ version });
        const { port } = await server.listen(0);
        const [theirs, ours] = [
          await handshakeAnswer(Number(node().transportAddress.split(':').at(-1)), header),
          await handshakeAnswer(port, header),
        ];
        expect(ours).toBe(theirs);
      },
    );

    test('an index whose shards do not all come', async () => {
      await using client = createClient(node().transportAddress);
      const http = new Http(node().httpUrl);
      const rest = new RestComparison(http, client, 'late');
      const lonely = { settings: { number_of_shards: 1, number_of_replicas: 1 } };
      expect(await rest.same(200, 'PUT /@late?wait_for_active_shards=2&timeout=1s', lonely)).toEqual({
        acknowledged: true,
        shards_acknowledged: false,
        index: '@late',
      });
      await rest.same(200, 'DELETE /@late');
      http.close();
    });

    test('liveness and transport handshake say what GET /_nodes says', async () => {
      await using client = createClient(node().transportAddress);
      const info = (await (await fetch(`${node().httpUrl}/_nodes/http,transport`)).json()) as { nodes: Record<string, NodeInfo> };
      const [id = '', said] = Object.entries(info.nodes)[0] ?? [];
      const { clusterName, node: alive } = await client.call(cluster.liveness, undefined);
      const shaken = await client.call(internal.transportHandshake, undefined);
      expect([clusterName, shaken.clusterName]).toEqual(['real-node', 'real-node']);
      expect(client.nodes).toEqual([
        expect.objectContaining({ name: said?.name, state: 'open', version, streamVersion: version === '3.9.0' ? '3.9.0' : version }),
      ]);
      for (const one of [alive, shaken.discoveryNode]) {
        expect(one).toMatchObject({ id, name: said?.name, hostName: said?.host, hostAddress: said?.ip });
        expect(`${one?.hostAddress}:${one?.address.port}`).toBe(said?.transport_address);
        expect(one?.roles.map(({ name }) => name).sort()).toEqual([...(said?.roles ?? [])].sort());
      }
      expect(alive?.attributes).toEqual({});
      expect(shaken.discoveryNode?.attributes).toEqual(said?.attributes);
    });

    test('X-Opaque-Id arrives with the call', async () => {
      await using client = createClient(node().transportAddress);
      const waiting = client.call(
        cluster.health,
        { waitForNodes: '>=7', timeout: { duration: 2, unit: 'SECONDS' } },
        { headers: { 'X-Opaque-Id': 'opaque-ü' } },
      );
      await expect
        .poll(async () => (await fetch(`${node().httpUrl}/_tasks?actions=cluster:monitor/health&detailed=true`)).text())
        .toContain('"headers":{"X-Opaque-Id":"opaque-ü"}');
      expect(await waiting).toMatchObject({ timedOut: true });
    });

    test('an unknown action and a body the node cannot read are errors of the call alone', async () => {
      await using client = createClient(node().transportAddress);
      await client.connect();
      const unknown = defineAction({ name: 'cluster:monitor/nonsense', request: restOfBody, response: restOfBody });
      const malformed = (name: string) => defineAction({ name, request: restOfBody, response: restOfBody });
      await expect(client.call(unknown, Buffer.alloc(0))).rejects.toMatchObject({
        code: 'ERR_UNKNOWN_ACTION',
        reason: 'No handler for action [cluster:monitor/nonsense]',
      });
      for (const compress of [false, true]) {
        await expect(client.call(malformed('cluster:monitor/health'), Buffer.of(1, 2, 3), { compress })).rejects.toMatchObject({
          code: 'ERR_REMOTE',
        });
        await expect(client.call(malformed('cluster:monitor/main'), Buffer.alloc(64, 0xff), { compress })).rejects.toMatchObject({
          code: 'ERR_REMOTE',
        });
        await expect(client.call(malformed('indices:data/read/get'), Buffer.alloc(300_000, 0x80), { compress })).rejects.toMatchObject({
          code: 'ERR_REMOTE',
        });
      }
      const waiting = client.call(cluster.health, { waitForNodes: '>=7', timeout: { duration: 30, unit: 'SECONDS' } }, { timeoutMs: 100 });
      await expect(waiting).rejects.toMatchObject({ code: 'ERR_DEADLINE', phase: 'answer', delivery: 'maybe-sent' });
      expect(await client.call(cluster.main, undefined)).toMatchObject({ nodeName: node().nodeName });
      expect(client.nodes[0]?.state).toBe('open');
    });

    test('thirteen channels are opened without a warning of Node.js', async () => {
      const warnings: Error[] = [];
      const onWarning = (warning: Error) => warnings.push(warning);
      process.on('warning', onWarning);
      try {
        await using client = createClient({ nodes: [node().transportAddress], profile: 'node' });
        await client.connect();
        await sleep(10);
      } finally {
        process.off('warning', onWarning);
      }
      expect(warnings).toEqual([]);
    });

    test('ten thousand calls in flight on one channel all come back', async () => {
      await using client = createClient(node().transportAddress);
      const calls = Array.from({ length: 10_000 }, () => client.call(cluster.liveness, undefined));
      const names = new Set((await Promise.all(calls)).map((answer) => answer.node?.name));
      expect([...names]).toEqual([node().nodeName]);
      expect(client.inFlight).toBe(0);
    });

    test('TLS towards a node without it, and the wrong cluster, are told plainly', async () => {
      await using secure = createClient({ nodes: [node().transportAddress], carrier: tls(), reconnect: false });
      await expect(secure.call(cluster.main, undefined, { timeoutMs: 10_000 })).rejects.toMatchObject({
        code: 'ERR_TLS',
        delivery: 'not-sent',
      });
      await using other = createClient({ nodes: [node().transportAddress], clusterName: 'production', reconnect: false });
      await expect(other.call(cluster.main, undefined)).rejects.toMatchObject({ code: 'ERR_CLUSTER_MISMATCH' });
      // An HTTP port waits for the end of a line that never comes.
      await using http = createClient({ nodes: [`127.0.0.1:${node().httpPort}`], reconnect: false, connectTimeoutMs: 300 });
      await expect(http.call(cluster.main, undefined)).rejects.toMatchObject({
        code: 'ERR_DEADLINE',
        phase: 'handshake',
        delivery: 'not-sent',
      });
    });
  });

  describe('of a node that compresses and pings', () => {
    const nodes = bootedNodes({ busy: { version, settings: { ...AWARE, ...COMPRESSING_AND_PINGING } } });

    describe('answers as REST does', () => sameAnswers(() => nodes.busy, 'busy', { compress: true, pingIntervalMs: 300 }));

    test('stays connected while idle', async () => {
      const states: string[] = [];
      await using client = createClient({
        nodes: [nodes.busy.transportAddress],
        pingIntervalMs: 200,
        onEvent: (event) => states.push(event.type === 'connection' ? event.state : event.type),
      });
      await client.call(cluster.main, undefined);
      await sleep(1_500);
      await client.call(cluster.main, undefined);
      expect(states).toEqual(['connecting', 'open']);
      expect(client.strayAnswers).toEqual({ late: 0, unknown: 0 });
    });
  });

  describe('of two nodes', () => {
    const seeds = { 'cluster.initial_cluster_manager_nodes': ['one'], 'discovery.seed_hosts': [] };
    const common = { version, clusterName: 'pair' };
    const made = {} as { one: RealNode; two: RealNode; client: Client };
    beforeAll(async () => {
      made.one = await startRealNode({ ...common, offline: true, nodeName: 'one', settings: seeds });
      made.two = await startRealNode({
        ...common,
        offline: true,
        nodeName: 'two',
        settings: { 'discovery.seed_hosts': [made.one.transportAddress] },
      });
      made.client = createClient({
        nodes: [made.one.transportAddress, made.two.transportAddress],
        clusterName: 'pair',
        reconnect: { attempts: 10, baseMs: 200, maxMs: 500 },
      });
    });
    afterAll(async () => {
      await made.client.close({ drainMs: 0 });
      await Promise.all([made.one.close(), made.two.close()]);
    });
    const namesOfTen = async () => {
      const answers = await Promise.all(Array.from({ length: 10 }, () => made.client.call(cluster.main, undefined)));
      return answers.map(({ nodeName }) => nodeName).sort();
    };

    test('calls go to both in turn, and both serve the same data', async () => {
      await expect.poll(async () => (await made.client.connect()).map(({ state }) => state)).toEqual(['open', 'open']);
      expect(await namesOfTen()).toEqual([...Array(5).fill('one'), ...Array(5).fill('two')]);
      await made.client.call(indices.create, { index: 'notes', settings: { 'index.number_of_replicas': '1' }, waitForActiveShards: 'ALL' });
      for (let n = 0; n < 10; n++) {
        await made.client.call(docs.index, { index: 'notes', id: String(n), source: JSON.stringify({ n }) });
        expect((await made.client.call(docs.get, { index: 'notes', id: String(n) })).exists).toBe(true);
      }
      const { numberOfNodes, status } = await made.client.call(cluster.health, {});
      expect({ numberOfNodes, status }).toEqual({ numberOfNodes: 2, status: 'GREEN' });
    });

    test('when one is killed its calls settle, and the others go on', async () => {
      const waiting = { waitForNodes: '>=7', timeout: { duration: 3, unit: 'SECONDS' as const }, local: true };
      const calls = Array.from({ length: 200 }, () => made.client.call(cluster.health, waiting, { timeoutMs: 20_000 }));
      const settled = Promise.allSettled(calls);
      await namesOfTen();
      made.two.abort();
      await made.two.gone;
      const outcomes = (await settled).map((each) => (each.status === 'fulfilled' ? 'answered' : (each.reason as { code: string }).code));
      expect(new Set(outcomes)).toEqual(new Set(['answered', 'ERR_CONNECTION_LOST']));
      expect(outcomes.filter((code) => code === 'ERR_CONNECTION_LOST')).toHaveLength(100);
      expect(await namesOfTen()).toEqual(Array(10).fill('one'));
      expect(await made.client.call(docs.get, { index: 'notes', id: '3' })).toMatchObject({ exists: true });
      expect(made.client.inFlight).toBe(0);
    });

    test('a node that comes back on its port is found again', async () => {
      const { transportPort } = made.two;
      made.two = await startRealNode({
        ...common,
        offline: true,
        nodeName: 'two',
        transportPort,
        settings: { 'discovery.seed_hosts': [made.one.transportAddress] },
      });
      // Attempts may have run out while it booted; asking for a connection begins anew.
      await expect.poll(async () => (await made.client.connect()).map(({ state }) => state), { timeout: 20_000 }).toEqual(['open', 'open']);
      expect(await namesOfTen()).toEqual([...Array(5).fill('one'), ...Array(5).fill('two')]);
    });

    test('when every node is gone a call says which', async () => {
      made.one.abort();
      made.two.abort();
      await Promise.all([made.one.gone, made.two.gone]);
      await expect.poll(() => made.client.nodes.some(({ state }) => state === 'open')).toBe(false);
      const error = (await made.client.call(cluster.main, undefined, { timeoutMs: 1_000 }).catch((reason: unknown) => reason)) as Error;
      expect(error).toMatchObject({ delivery: 'not-sent' });
      expect(error.message).toContain(made.one.transportAddress);
      expect(error.message).toContain(made.two.transportAddress);
    });
  });
});

interface NodeInfo {
  readonly name: string;
  readonly host: string;
  readonly ip: string;
  readonly transport_address: string;
  readonly roles: readonly string[];
  readonly attributes: Readonly<Record<string, string>>;
}
