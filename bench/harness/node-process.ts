// One client of a genuine node in its own process.
import { setTimeout as sleep } from 'node:timers/promises';
import { Histogram } from '../figures/histogram.ts';
import type { NodeSession, OperationName } from '../nodes/node-client.ts';
import { findNodeClient } from '../nodes/registry.ts';
import { fail, serveRunner, startArgument } from './answering.ts';
import type { NodeAnswers, NodeRoleOptions, NodeWindow } from './node-role.ts';
import { ownCpu } from './proc.ts';

const { client: name, node } = startArgument<NodeRoleOptions>();

await serveRunner<NodeAnswers>(async () => {
  const client = await findNodeClient(name);
  const session = await client.open(node);
  const answering = {
    prepare: async () => {
      await session.prepare?.();
      return null;
    },
    run: (window: NodeWindow) => run(session, window),
    close: async () => {
      await session.close();
      return null;
    },
  };
  const operations = Object.keys({ ...session.operations, ...session.drives }) as OperationName[];
  return { ready: { name: client.name, packages: client.packages, operations }, answering };
});

/** Keeps calls in flight for a window and counts the calls that ended in it. */
async function run(session: NodeSession, { operation, inFlight, warmUpMs, measureMs }: NodeWindow): Promise<NodeAnswers['run']> {
  const drive = session.drives?.[operation];
  if (drive !== undefined) return { ...(await drive(inFlight, measureMs)), cpu: null };
  const operate = session.operations[operation];
  if (operate === undefined) throw new Error(`this client has no operation ${operation}`);
  const histogram = new Histogram();
  let requests = 0;
  let running = true;
  const lane = async (): Promise<void> => {
    while (running) {
      const sentAt = performance.now();
      await operate();
      histogram.record((performance.now() - sentAt) * 1000);
      requests++;
    }
  };
  const lanes = Promise.all(Array.from({ length: inFlight }, lane));
  lanes.catch(fail);
  await sleep(warmUpMs);
  histogram.reset();
  requests = 0;
  const cpuBefore = ownCpu([]);
  const began = performance.now();
  while (performance.now() - began < measureMs || requests === 0) await sleep(measureMs);
  const counts = { requests, seconds: (performance.now() - began) / 1000, latency: histogram.summary(), cpu: ownCpu([]) - cpuBefore };
  running = false;
  await lanes;
  return counts;
}
