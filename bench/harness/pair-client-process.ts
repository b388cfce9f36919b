// The client of a pair: calls two contenders, one at a time, each from a copy of the library of its own.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connected } from '../peers/peer.ts';
import { findPeer } from '../peers/registry.ts';
import { fail, serveRunner, startArgument } from './answering.ts';
import { Load } from './load.ts';
import type { PairClientAnswers, PairOptions, PairWindow, Side } from './pair-role.ts';
import { payload } from './payload.ts';
import { ownCpu } from './proc.ts';

const { keys, ports, bodyBytes, connections, inFlight } = startArgument<PairOptions>();
const body = payload(bodyBytes);

await serveRunner<PairClientAnswers>(async () => {
  const connect = async (side: Side): Promise<Connected> => {
    const peer = await findPeer(keys[side]);
    return peer.connect(ports[side], connections, { body, tls: null, headers: 0, actions: 1, inFlight, fail, ownCopy: true });
  };
  const connected = [await connect(0), await connect(1)] as const;
  const loads = [
    new Load(connected[0], { body, inFlight, rate: null, fail }),
    new Load(connected[1], { body, inFlight, rate: null, fail }),
  ] as const;
  const answering = {
    window: async ({ side, measureMs }: PairWindow) => {
      const before = ownCpu([]);
      loads[side].begin();
      loads[side].start();
      await sleep(measureMs);
      const counts = loads[side].end();
      await loads[side].stop();
      return { ...counts, cpu: ownCpu([]) - before };
    },
    close: async () => {
      for (const one of connected) await one.close();
      return null;
    },
  };
  return { ready: null, answering };
});
