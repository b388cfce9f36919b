import { greeter } from './greeter.ts';
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
    const ext = greeter();
    const { port } = await ext.listen();
    return { port, close: () => ext.close({ drainMs: 0 }) };
  },
  connect: (port, connections, options) => connectJvm('execute', port, connections, options),
};
