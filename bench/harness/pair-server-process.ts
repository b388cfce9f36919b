// The server of a pair: serves two contenders, each from a copy of the library of its own.
import type { Served } from '../peers/peer.ts';
import { findPeer } from '../peers/registry.ts';
import { serveRunner, startArgument } from './answering.ts';
import type { PairOptions, PairServerAnswers } from './pair-role.ts';
import { ownCpu } from './proc.ts';

const { keys } = startArgument<PairOptions>();

await serveRunner<PairServerAnswers>(async () => {
  const serve = async (key: string): Promise<Served> =>
    (await findPeer(key)).serve({ tls: null, stall: false, headers: 0, actions: 1, ownCopy: true });
  const first = await serve(keys[0]);
  const second = await serve(keys[1]);
  const answering = {
    cpu: () => ownCpu([]),
    close: async () => {
      await first.close();
      await second.close();
      return null;
    },
  };
  return { ready: { ports: [first.port, second.port] }, answering };
});
