import { extension } from 'opensearch-transport/extension';
import { connectJvm, missingJvm, RELEASE, WARM_UP_MS } from './jvm.ts';
import type { Peer } from './peer.ts';

/** OpenSearch's own client code sending what a node sends for each REST request, to an extension of ours. */
export const jvmExtension: Peer = {
  name: 'JVM client → our extension',
  note: `OpenSearch ${RELEASE}'s classes send REST requests to a route that greets`,
  packages: ['opensearch-transport'],
  parts: ['extension'],
  warmUpMs: WARM_UP_MS,
  missing: missingJvm,
  serve: async () => {
    const ext = extension({ port: 0 });
    ext.get('/hello/{name}', ({ params }) => ({ greeting: `Hello, ${params.name}` }));
    const { port } = await ext.listen();
    return { port, close: () => ext.close({ drainMs: 0 }) };
  },
  connect: (port, connections, options) => connectJvm('execute', port, connections, options),
};
