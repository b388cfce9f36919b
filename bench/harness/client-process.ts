// The client end of a case: connects one peer, makes the load and answers the runner.
import type { Answer, Connected } from '../peers/peer.ts';
import { findPeer } from '../peers/registry.ts';
import { fail, serveRunner, startArgument } from './answering.ts';
import { footprint } from './footprint.ts';
import { Load } from './load.ts';
import { payload } from './payload.ts';
import { ownCpu } from './proc.ts';
import type { RoleAnswers, RoleOptions } from './role.ts';

const { peer: name, port, connections, inFlight, bodyBytes, rate, tls, headers, actions } = startArgument<RoleOptions>();
const body = payload(bodyBytes);

await serveRunner<RoleAnswers>(async () => {
  const peer = await findPeer(name);
  const connect = (count: number): Promise<Connected> => peer.connect(port, count, { body, tls, headers, actions, inFlight, fail });
  const connected = await connect(connections);
  const { driver, pids = [] } = connected;
  const load = driver ?? new Load(connected, { body, inFlight, rate, fail });
  const more: Connected[] = [];

  const answering = {
    start: async () => {
      await load.start();
      return null;
    },
    begin: async () => {
      await load.begin();
      return null;
    },
    end: () => load.end(),
    stop: async () => {
      await load.stop();
      return null;
    },
    cpu: () => ownCpu(pids),
    memory: footprint,
    open: async (count: number) => {
      const opened = await connect(count);
      more.push(opened);
      for (let i = 0; i < count; i++) await echo(opened);
      return null;
    },
    once: async () => {
      const began = performance.now();
      await echo(connected);
      return performance.now() - began;
    },
    pile: () => {
      for (let i = 0; i < inFlight; i++) connected.echo(() => fail(new Error('a stalled server answered')));
      return null;
    },
    close: async () => {
      await load.stop();
      for (const opened of [connected, ...more]) await opened.close();
      return null;
    },
  };
  return { ready: { port, pids }, answering };
});

function echo(connected: Connected): Promise<Answer> {
  return new Promise((resolve) => connected.echo(resolve));
}
