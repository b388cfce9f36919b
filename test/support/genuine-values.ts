import { longArray } from '../../src/protocol/codec/arrays.ts';
import { type Codec, encode, type InOf } from '../../src/protocol/codec/codec.ts';
import { list, map, optional, struct } from '../../src/protocol/codec/combinators.ts';
import { discoveryNodeWithAttributes } from '../../src/protocol/codec/discovery-node.ts';
import { exception } from '../../src/protocol/codec/exception/exception.ts';
import type { ExceptionInit } from '../../src/protocol/codec/exception/exception-value.ts';
import type { GenericValue } from '../../src/protocol/codec/generic-kinds.ts';
import { genericValue } from '../../src/protocol/codec/generic-value.ts';
import { anyLong, anyVLong, boolean, byte, bytes, float, string, vInt } from '../../src/protocol/codec/primitives.ts';
import { searchShardTarget } from '../../src/protocol/codec/search-shard-target.ts';
import { settings } from '../../src/protocol/codec/settings.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';

const ID_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Ids of nodes, shards and documents as OpenSearch makes them. */
function idsFrom(seed: number): () => string {
  const random = seededRandom(seed);
  return () => Array.from({ length: 22 }, () => ID_LETTERS[Math.floor(random() * 64)]).join('');
}

const shardRouting = struct({
  currentNodeId: optional(string),
  relocatingNodeId: optional(string),
  primary: boolean,
  state: byte,
  version: anyVLong,
  expectedShardSize: anyLong,
  recoverySource: optional(byte),
  unassignedInfo: optional(struct({ reason: byte, at: anyLong, message: optional(string) })),
  allocationId: optional(struct({ id: string, relocationId: optional(string) })),
});

const indexMetadata = struct({
  index: string,
  version: anyLong,
  mappingVersion: anyVLong,
  settingsVersion: anyVLong,
  aliasesVersion: anyVLong,
  routingShards: vInt,
  state: byte,
  settings,
  primaryTerms: longArray,
  mappings: list(struct({ type: string, source: bytes, routingRequired: boolean })),
  aliases: map(
    struct({ filter: optional(bytes), indexRouting: optional(string), searchRouting: optional(string), writeIndex: optional(boolean) }),
  ),
  customData: map(map(string)),
  inSyncAllocationIds: list(struct({ shard: vInt, ids: list(string) })),
  rolloverInfos: map(struct({ alias: string, at: anyLong })),
  system: boolean,
});

/** The parts of a cluster state that grow with its indices and nodes, laid out as a node does. */
export const clusterState = struct({
  clusterName: string,
  version: anyLong,
  stateUuid: string,
  indices: list(indexMetadata),
  routing: list(struct({ index: string, uuid: string, shards: list(struct({ shard: vInt, copies: list(shardRouting) })) })),
  nodes: list(discoveryNodeWithAttributes),
  persistentSettings: settings,
});

/** A cluster with so many indices of 5 shards with a replica, on 50 nodes. */
export function clusterStateOf(indexCount: number): Buffer {
  const id = idsFrom(1);
  const nodeIds = Array.from({ length: 50 }, id);
  const random = seededRandom(2);
  const names = Array.from({ length: indexCount }, (_, i) => `logs-application-${i}-2024.06.${(i % 30) + 1}`);
  const copy = (primary: boolean, shard: number): InOf<typeof shardRouting> => ({
    currentNodeId: nodeIds[shard % 50] as string,
    relocatingNodeId: null,
    primary,
    state: 3,
    version: 4,
    expectedShardSize: -1,
    recoverySource: null,
    unassignedInfo: null,
    allocationId: { id: id(), relocationId: null },
  });
  const address = (host: string) => ({ ip: '0a000001', host, port: 9300 });
  return encode(clusterState as Codec<unknown, InOf<typeof clusterState>>, {
    clusterName: 'production',
    version: 12_345,
    stateUuid: id(),
    indices: names.map((index) => ({
      index,
      version: 12,
      mappingVersion: 5,
      settingsVersion: 3,
      aliasesVersion: 1,
      routingShards: 640,
      state: 0,
      settings: {
        'index.creation_date': '1718000000000',
        'index.number_of_replicas': '1',
        'index.number_of_shards': '5',
        'index.provided_name': index,
        'index.uuid': id(),
        'index.version.created': '137307827',
        'index.refresh_interval': '30s',
        'index.codec': 'best_compression',
        'index.mapping.total_fields.limit': '2000',
        'index.routing.allocation.include._tier_preference': 'data_hot',
        'index.query.default_field': ['message', 'host.name', 'log.level', 'event.original'],
        'index.plugins.index_state_management.policy_id': 'hot-warm-delete',
      },
      primaryTerms: [1, 1, 1, 2, 1],
      mappings: [
        { type: '_doc', source: Buffer.from(Array.from({ length: 2500 }, () => Math.floor(random() * 256))), routingRequired: false },
      ],
      aliases: { 'logs-application': { filter: null, indexRouting: null, searchRouting: null, writeIndex: false } },
      customData: { remote_store: { segment: 'segments-repo', translog: 'translog-repo' } },
      inSyncAllocationIds: [0, 1, 2, 3, 4].map((shard) => ({ shard, ids: [id(), id()] })),
      rolloverInfos: {},
      system: false,
    })),
    routing: names.map((index) => ({
      index,
      uuid: id(),
      shards: [0, 1, 2, 3, 4].map((shard) => ({ shard, copies: [copy(true, shard), copy(false, shard + 7)] })),
    })),
    nodes: nodeIds.map((nodeId, i) => ({
      name: `data-node-${i}`,
      id: nodeId,
      ephemeralId: id(),
      hostName: `10.0.0.${i}`,
      hostAddress: `10.0.0.${i}`,
      address: address(`10.0.0.${i}`),
      attributes: { zone: `eu-west-1${'abc'[i % 3]}`, temperature: 'hot', shard_indexing_pressure_enabled: 'true' },
      roles: ['data', 'ingest', 'remote_cluster_client'],
      versionId: 137_307_827,
    })),
    persistentSettings: { 'cluster.routing.allocation.awareness.attributes': 'zone', 'indices.recovery.max_bytes_per_sec': '200mb' },
  });
}

/** The hits of a search, laid out as a node does. */
export const searchHits = struct({
  total: anyVLong,
  maxScore: float,
  hits: list(
    struct({
      score: float,
      id: optional(string),
      nestedIdentity: optional(string),
      version: anyLong,
      seqNo: anyLong,
      primaryTerm: anyVLong,
      source: bytes,
      explanation: optional(string),
      documentFields: map(list(genericValue)),
      metaFields: map(list(genericValue)),
      highlight: map(list(string)),
      sortValues: list(genericValue),
      matchedQueries: list(string),
      shard: optional(searchShardTarget),
      innerHits: map(string),
    }),
  ),
});

/** So many hits with a source of 1 KiB, four fields, a highlight and two sort values. */
export function searchHitsOf(count: number): Buffer {
  const id = idsFrom(3);
  const nodeId = id();
  const uuid = id();
  const source = Buffer.from(JSON.stringify({ message: 'a line of a log, '.repeat(55), level: 'INFO', took: 12 }));
  const text = (v: string): GenericValue => ({ t: 'string', v });
  const long = (v: number): GenericValue => ({ t: 'long', v });
  return encode(searchHits as Codec<unknown, InOf<typeof searchHits>>, {
    total: count,
    maxScore: 1,
    hits: Array.from({ length: count }, (_, i) => ({
      score: 1 / (i + 1),
      id: id(),
      nestedIdentity: null,
      version: 1,
      seqNo: i,
      primaryTerm: 1,
      source,
      explanation: null,
      documentFields: {
        '@timestamp': [text('2024-06-11T08:00:00.000Z')],
        'host.name': [text(`host-${i % 40}`)],
        'event.duration': [long(i * 1000)],
        tags: [text('production'), text('europe')],
      },
      metaFields: { _routing: [text(`customer-${i}`)] },
      highlight: { message: [`a <em>line</em> of a log, number ${i}, with what surrounds it`] },
      sortValues: [long(1_718_000_000_000 + i), text(id())],
      matchedQueries: [],
      shard: { nodeId, shardId: { index: 'logs-application', uuid, shard: i % 5 }, clusterAlias: null },
      innerHits: {},
    })),
  });
}

/** Frames of a Java thread that runs a search, with what is different in each kind of failure on top. */
function stackOf(kind: number): NonNullable<ExceptionInit['stack']> {
  return Array.from({ length: 45 }, (_, i) => ({
    class: `org.opensearch.search.${i < 6 ? `kind${kind}` : 'internal'}.SearchService$SomeInnerClass${i}`,
    file: `SearchService${i}.java`,
    method: `executeQueryPhaseOfStep${i}`,
    line: 100 + 13 * i + (i < 3 ? kind : 0),
  }));
}

/** The answer of a search that failed on so many shards: each failure with the exception of its node, and that with its cause. */
export function searchFailureOf(shardCount: number): Buffer {
  const id = idsFrom(4);
  const nodeIds = Array.from({ length: 50 }, id);
  const stacks = [0, 1, 2, 3, 4, 5].map(stackOf);
  const failures = Array.from({ length: shardCount }, (_, i) => {
    const index = `logs-application-${Math.floor(i / 5)}-2024.06.11`;
    const reason = `failed to create query: For input string: "abc${i}", at the field [event.duration] of type [long]`;
    const cause: ExceptionInit = {
      class: 'org.opensearch.transport.RemoteTransportException',
      message: `[data-node-${i % 50}][10.0.0.${i % 50}:9300][indices:data/read/search[phase/query]]`,
      extra: { address: { ip: '0a000001', host: `10.0.0.${i % 50}`, port: 9300 }, action: 'indices:data/read/search[phase/query]' },
      cause: {
        class: 'org.opensearch.index.query.QueryShardException',
        message: reason,
        metadata: { 'opensearch.index': [index], 'opensearch.index_uuid': [id()] },
        stack: stacks[i % 3] as never,
        cause: { class: 'java.lang.NumberFormatException', message: `For input string: "abc${i}"`, stack: stacks[3 + (i % 3)] as never },
      },
    };
    return {
      shardTarget: { nodeId: nodeIds[i % 50] as string, shardId: { index, uuid: id(), shard: i % 5 }, clusterAlias: null },
      reason,
      status: 'BAD_REQUEST',
      cause,
    };
  });
  return encode(exception, {
    class: 'org.opensearch.transport.RemoteTransportException',
    message: '[coordinator][10.0.0.1:9300][indices:data/read/search]',
    extra: { address: { ip: '0a000001', host: '10.0.0.1', port: 9300 }, action: 'indices:data/read/search' },
    cause: {
      class: 'org.opensearch.action.search.SearchPhaseExecutionException',
      message: 'all shards failed',
      stack: stacks[0] as never,
      extra: { phaseName: 'query', shardFailures: failures },
    },
  });
}
