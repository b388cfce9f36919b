import { connectJvm, Jvm, missingJvm, RELEASE, WARM_UP_MS } from './jvm.ts';
import type { Peer } from './peer.ts';

/** OpenSearch's own TransportService over Netty, client and server in a JVM each, from the released classes. */
export const jvmTransport: Peer = {
  name: 'OpenSearch TransportService (JVM)',
  note: `OpenSearch ${RELEASE}, both ends in Java`,
  packages: [],
  parts: ['call', 'bulk', 'extension'],
  warmUpMs: WARM_UP_MS,
  missing: missingJvm,
  serve: async () => {
    const jvm = await Jvm.start(['serve']);
    const port = Number((await jvm.line()).replace('port ', ''));
    return { port, pids: [jvm.pid], close: () => jvm.close() };
  },
  connect: (port, connections, options) => connectJvm('load', port, connections, options),
};
