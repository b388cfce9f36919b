import { Client } from '@opensearch-project/opensearch';
import { BULK_SIZE, DOCUMENT_ID, expect, INDEX, nextDocument, type NodeClient } from './node-client.ts';

/** The official client, on the HTTP port, with kept-alive connections. */
export const restClient: NodeClient = {
  name: 'REST client',
  packages: ['@opensearch-project/opensearch'],
  open: async ({ httpUrl }) => {
    const client = new Client({ node: httpUrl });
    return {
      operations: {
        get: async () => {
          const { body } = await client.get({ index: INDEX, id: DOCUMENT_ID });
          expect(body.found, 'get');
          return body._source;
        },
        index: async () => {
          const { body } = await client.index({ index: INDEX, body: nextDocument() });
          expect(body.result === 'created', 'index');
        },
        bulk: async () => {
          const lines = Array.from({ length: BULK_SIZE }, () => [{ index: { _index: INDEX } }, nextDocument()]).flat();
          const { body } = await client.bulk({ body: lines });
          expect(!body.errors && body.items.length === BULK_SIZE, 'bulk');
        },
        health: async () => {
          const { body } = await client.cluster.health();
          expect(body.cluster_name !== '', 'health');
        },
      },
      close: () => client.close(),
    };
  },
};
