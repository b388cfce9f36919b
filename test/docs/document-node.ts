import { health } from '../../src/protocol/action/cluster/health.ts';
import { main } from '../../src/protocol/action/cluster/main.ts';
import { get } from '../../src/protocol/action/docs/get.ts';
import { indexDocument } from '../../src/protocol/action/docs/index-document.ts';
import { refresh } from '../../src/protocol/action/indices/refresh.ts';
import { StatusError } from '../../src/protocol/error/status-error.ts';
import { createServer, type Server } from '../../src/transport/server/server.ts';

interface Stored {
  readonly source: Buffer;
  readonly version: number;
  readonly seqNo: number;
}

/** A server that answers the actions the pages call as a node with one shard an index does: documents are in memory. */
export function createDocumentNode(): Server {
  const indices = new Map<string, Map<string, Stored>>();
  const server = createServer({ nodeName: 'documents', clusterName: 'documents' });
  const { identity } = server;

  server.handle(main, () => ({
    nodeName: identity.nodeName,
    version: identity.version,
    clusterName: identity.clusterName,
    clusterUuid: identity.nodeId,
    build: { distribution: 'opensearch', type: 'unknown', hash: 'unknown', date: 'unknown', snapshot: false, qualifiedVersion: '2.19.0' },
  }));

  server.handle(health, () => ({
    clusterName: identity.clusterName,
    status: 'GREEN',
    activePrimaryShards: indices.size,
    activeShards: indices.size,
    relocatingShards: 0,
    initializingShards: 0,
    unassignedShards: 0,
    numberOfNodes: 1,
    numberOfDataNodes: 1,
    hasDiscoveredClusterManager: true,
    stateStatus: 'GREEN',
    activeShardsPercent: 100,
  }));

  server.handle(indexDocument, ({ index, id, source }) => {
    const documents = indices.get(index) ?? new Map<string, Stored>();
    indices.set(index, documents);
    const key = id ?? `made-${documents.size}`;
    const before = documents.get(key);
    const stored = { source, version: (before?.version ?? 0) + 1, seqNo: documents.size };
    documents.set(key, stored);
    return {
      shardInfo: { total: 1, successful: 1 },
      shardId: { index, uuid: '_na_', shard: 0 },
      id: key,
      version: stored.version,
      seqNo: stored.seqNo,
      primaryTerm: 1,
      result: before === undefined ? 'CREATED' : 'UPDATED',
    };
  });

  server.handle(get, ({ index, id }) => {
    const name = index ?? '';
    const documents = indices.get(name);
    if (documents === undefined) throw new StatusError(404, 'index_not_found_exception', `no such index [${name}]`);
    const found = documents.get(id);
    if (found === undefined) return { index: name, id, exists: false };
    return { index: name, id, exists: true, source: found.source, version: found.version, seqNo: found.seqNo, primaryTerm: 1 };
  });

  server.handle(refresh, ({ indices: names }) => ({ totalShards: names.length, successfulShards: names.length, failedShards: 0 }));

  return server;
}
