import { liveness } from '../../protocol/action/cluster/liveness.ts';
import { main } from '../../protocol/action/cluster/main.ts';
import { versionText } from '../../protocol/wire/version.ts';
import { ownNode } from '../../transport/channel/own-identity.ts';
import { createServer, type Server } from '../../transport/server/server.ts';
import type { ServerOptions } from '../../transport/server/server-options.ts';
import { echo } from './echo.ts';

/** Returns a server that answers like a node to `main` and `liveness`, and has the action `demo:echo`. Every server answers handshakes. */
export function createExampleServer(options: ServerOptions): Server {
  const server = createServer(options);
  const { identity } = server;
  server.handle(main, () => ({
    nodeName: identity.nodeName,
    version: identity.version,
    clusterName: identity.clusterName,
    clusterUuid: identity.nodeId,
    build: {
      distribution: 'opensearch-transport',
      type: 'unknown',
      hash: 'unknown',
      date: 'unknown',
      snapshot: false,
      qualifiedVersion: versionText(identity.version),
    },
  }));
  server.handle(liveness, (_request, { local }) => ({ clusterName: identity.clusterName, node: ownNode(identity, local) }));
  server.handle(echo, ({ text }) => ({ text, at: Date.now() }));
  return server;
}
