import { realNodeAvailability, startRealNode } from 'opensearch-transport/realnode';
import { withUnit } from './figures/units.ts';
import type { Child } from './harness/child.ts';
import { type NodeAnswers, type NodeWindow, startNodeClient } from './harness/node-role.ts';
import { type NodeAddress, OPERATIONS } from './nodes/node-client.ts';
import { nodeClientNames } from './nodes/registry.ts';
import type { RunOptions } from './options.ts';
import { versionsOf } from './peers/registry.ts';
import { addRound, type Findings, noFindings } from './report/results.ts';
import { progress } from './report/say.ts';

const RELEASES = ['2.19.6', '3.9.0'];
const IN_FLIGHT = [1, 16, 64];
/** A request of 1000 documents is itself a batch: more of them at once only queue. */
const BULK_IN_FLIGHT = [1];

interface Client {
  readonly name: string;
  readonly process: Child<NodeAnswers>;
}

/** Clients on the same genuine node, in turn; the first one runs twice. Skipped where no node can be booted. */
export async function runNodes(options: RunOptions): Promise<Findings> {
  const findings = noFindings();
  for (const release of options.mode === 'quick' ? RELEASES.slice(0, 1) : RELEASES) {
    const availability = await realNodeAvailability(release);
    if (!availability.available) {
      progress(`node: OpenSearch ${release} is left out: ${availability.reason}`);
      findings.absences.push({ part: 'node', contender: `OpenSearch ${release}`, reason: availability.reason });
      continue;
    }
    progress(`node: OpenSearch ${release} starts`);
    const node = await startRealNode({ version: release, offline: true });
    try {
      await onNode(release, node, options, findings);
    } finally {
      await node.close();
    }
  }
  return findings;
}

async function onNode(release: string, node: NodeAddress, options: RunOptions, findings: Findings): Promise<void> {
  const names = nodeClientNames.filter((name) => options.only.length === 0 || options.only.includes(name));
  const clients: Client[] = [];
  try {
    for (const [i, client] of [...names, ...names.slice(0, 1)].entries()) {
      const { httpUrl, transportAddress } = node;
      const process = startNodeClient({ client, node: { httpUrl, transportAddress } });
      const again = i === names.length;
      clients.push({ name: client, process });
      const { name, packages } = await process.ask('ready');
      clients[i] = { name: again ? `${name}, again` : name, process };
      if (!again) findings.versions[name] = versionsOf(packages);
    }
    const [control, again] = [clients[0], clients.at(-1)];
    if (control === undefined || again === undefined) return;
    if (findings.controls.length === 0) findings.controls.push({ part: 'node', contender: control.name, again: again.name });
    await control.process.ask('prepare');
    await runOperations(release, clients, options, findings);
  } finally {
    for (const { process } of clients) await process.close();
  }
}

async function runOperations(
  release: string,
  clients: readonly Client[],
  { rounds, window, gate, cases }: RunOptions,
  findings: Findings,
): Promise<void> {
  for (const operation of OPERATIONS) {
    for (const inFlight of operation === 'bulk' ? BULK_IN_FLIGHT : IN_FLIGHT) {
      const name = `OpenSearch ${release} ${operation} k${inFlight}`;
      for (let round = 0; cases.test(name) && round < rounds; round++) {
        for (const { name: contender, process } of clients) {
          await gate.quiet();
          const { warmUpMs, measureMs } = window;
          const asked: NodeWindow = { operation, inFlight, warmUpMs, measureMs };
          const taken = await process.ask('run', asked);
          record(name, contender, taken, findings);
          findings.samples.push({ part: 'node', case: name, contender, round, ...taken });
          progress(`node · ${name} · round ${round + 1}/${rounds} · ${contender} · ${withUnit(taken.requests / taken.seconds, 'req/s')}`);
        }
      }
    }
  }
}

function record(name: string, contender: string, taken: NodeAnswers['run'], { measures }: Findings): void {
  const of = { part: 'node', case: name, contender } as const;
  addRound(measures, { ...of, figure: 'throughput', unit: 'req/s', better: 'higher' }, taken.requests / taken.seconds);
  addRound(measures, { ...of, figure: 'p50', unit: 'µs', better: 'lower' }, taken.latency.p50);
  addRound(measures, { ...of, figure: 'p99', unit: 'µs', better: 'lower' }, taken.latency.p99);
  // Of the client alone: the node's work is the same for all.
  addRound(measures, { ...of, figure: 'client cpu', unit: 'µs', better: 'lower' }, taken.cpu / taken.requests);
}
