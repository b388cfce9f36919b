// The server end of a case: serves one peer and answers the runner.
import { findPeer } from '../peers/registry.ts';
import { serveRunner, startArgument } from './answering.ts';
import { footprint } from './footprint.ts';
import { ownCpu } from './proc.ts';
import type { RoleAnswers, RoleOptions } from './role.ts';

const options = startArgument<RoleOptions>();
const { tls, stall, headers, actions } = options;

await serveRunner<RoleAnswers>(async () => {
  const peer = await findPeer(options.peer);
  const served = await peer.serve({ tls, stall, headers, actions });
  const pids = served.pids ?? [];
  const answering = {
    cpu: () => ownCpu(pids),
    memory: footprint,
    close: async () => {
      await served.close();
      return null;
    },
  };
  return { ready: { port: served.port, pids }, answering };
});
