import { createClient } from 'opensearch-transport';
import { cluster, docs, indices } from 'opensearch-transport/actions';
import { BULK_SIZE, DOCUMENT_ID, expect, INDEX, nextDocument, type NodeClient } from './node-client.ts';

/** This project's client, on the transport port. */
export const nativeClient: NodeClient = {
  name: 'opensearch-transport',
  packages: ['opensearch-transport'],
  open: async ({ transportAddress }) => {
    const client = createClient(transportAddress);
    return {
      prepare: async () => {
        await client.call(indices.create, { index: INDEX, settings: { 'index.number_of_shards': '1', 'index.number_of_replicas': '0' } });
        await client.call(docs.index, { index: INDEX, id: DOCUMENT_ID, source: nextDocument() });
      },
      operations: {
        get: async () => {
          const { source, exists } = await client.call(docs.get, { index: INDEX, id: DOCUMENT_ID });
          expect(exists && source !== null, 'get');
          return JSON.parse(String(source)) as unknown;
        },
        index: async () => {
          const { result } = await client.call(docs.index, { index: INDEX, source: nextDocument() });
          expect(result === 'CREATED', 'index');
        },
        bulk: async () => {
          const items = Array.from({ length: BULK_SIZE }, () => ({ kind: 'index' as const, index: INDEX, source: nextDocument() }));
          const answer = await client.call(docs.bulk, { items });
          expect(answer.items.length === BULK_SIZE && answer.items.every(({ failure }) => failure === null), 'bulk');
        },
        health: async () => {
          const { clusterName } = await client.call(cluster.health, {});
          expect(clusterName !== '', 'health');
        },
      },
      close: () => client.abort(),
    };
  },
};
