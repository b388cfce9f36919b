import { realNodeAvailability, startRealNode } from 'opensearch-transport/realnode';
import { withUnit } from './figures/units.ts';
import { againOf } from './harness/contenders.ts';
import type { Child } from './harness/child.ts';
import { warmUpNode } from './harness/node-warm-up.ts';
import { type NodeAnswers, type NodeWindow, startExtension, startNodeClient } from './harness/node-role.ts';
import type { NodeAddress, OperationName } from './nodes/node-client.ts';
import { findNodeClient, nodeClientNames } from './nodes/registry.ts';
import type { RunOptions } from './options.ts';
import { versionsOf } from './peers/registry.ts';
import { addRound, type Findings, noFindings } from './report/results.ts';
import { progress } from './report/say.ts';

const RELEASES = ['2.19.6', '3.9.0'];
/** Java as OpenSearch runs it; the nodes of tests trade speed for a quick start. */
const JVM_ARGS = ['-XX:TieredStopAtLevel=4', '-XX:-UseSerialGC', '-XX:+UseG1GC'];
const HEAP_MB = 1024;
/** At its default level a node spends much of a request on log lines of its experimental features. */
const SETTINGS = { 'logger.level': 'warn' };
/** How long each client calls before it is the next one's turn, while the node warms up. */
const WARM_UP_TURN_MS = 500;
/** Once both ends are warm, a window needs no more than its calls in flight before it begins. */
const FILL_MS = 100;
/** A node's garbage collection is seen in windows twice as long as those of calls between our own processes. */
const WINDOW_FACTOR = 2;

/** An operation and how many of it are in flight. A request of 1000 documents is itself a batch: more of them at once only queue. */
interface Load {
  readonly operation: OperationName;
  readonly inFlight: readonly number[];
}

const HEADLINE: readonly Load[] = [
  { operation: 'get', inFlight: [16] },
  { operation: 'index', inFlight: [16] },
  { operation: 'bulk', inFlight: [1] },
  { operation: 'rest', inFlight: [1, 16, 64] },
];
const ALL: readonly Load[] = [
  { operation: 'get', inFlight: [1, 16, 64] },
  { operation: 'index', inFlight: [1, 16, 64] },
  { operation: 'bulk', inFlight: [1] },
  { operation: 'health', inFlight: [1, 16, 64] },
  { operation: 'rest', inFlight: [1, 16, 64] },
];

interface Client {
  readonly name: string;
  readonly process: Child<NodeAnswers>;
  readonly operations: readonly OperationName[];
}

/** Runs clients on the same genuine node, in turn; the first one runs twice. Skips releases of which no node can be booted. */
export async function runNodes(options: RunOptions): Promise<Findings> {
  const findings = noFindings();
  // Asked for by name it is both lines, in a run of everything the newer one.
  for (const release of options.parts.length === 1 || options.matrix ? RELEASES : RELEASES.slice(-1)) {
    const availability = await realNodeAvailability(release);
    if (!availability.available) {
      progress(`node: OpenSearch ${release} is skipped: ${availability.reason}`);
      findings.absences.push({ part: 'node', contender: `OpenSearch ${release}`, reason: availability.reason });
      continue;
    }
    progress(`node: OpenSearch ${release} starts`);
    const extension = startExtension();
    try {
      const { port: extensionPort } = await extension.ask('ready');
      const node = await startRealNode({ version: release, offline: true, heapMb: HEAP_MB, jvmArgs: JVM_ARGS, settings: SETTINGS });
      try {
        const { httpUrl, transportAddress, pid } = node;
        await onNode(release, { httpUrl, transportAddress, extensionPort }, pid, options, findings);
      } finally {
        await node.close();
      }
    } finally {
      await extension.close();
    }
  }
  return findings;
}

async function onNode(release: string, node: NodeAddress, pid: number, options: RunOptions, findings: Findings): Promise<void> {
  const names: string[] = [];
  for (const name of nodeClientNames.filter((one) => options.only.length === 0 || options.only.includes(one))) {
    const client = await findNodeClient(name);
    const reason = client.missing?.() ?? null;
    if (reason === null) names.push(name);
    else {
      progress(`node: ${client.name} is skipped: ${reason}`);
      findings.absences.push({ part: 'node', contender: client.name, case: `OpenSearch ${release}`, reason });
    }
  }
  const clients: Client[] = [];
  try {
    for (const [i, client] of [...names, ...names.slice(0, options.mode === 'quick' ? 0 : 1)].entries()) {
      const process = startNodeClient({ client, node });
      const again = i === names.length;
      clients.push({ name: client, process, operations: [] });
      const { name, packages, operations } = await process.ask('ready');
      clients[i] = { name: again ? againOf(name) : name, process, operations };
      if (again) continue;
      findings.versions[name] = versionsOf(packages);
      await process.ask('prepare');
    }
    const [control] = clients;
    if (control === undefined) return;
    if (findings.controls.length === 0) findings.controls.push({ part: 'node', contender: control.name, again: againOf(control.name) });
    await runOperations({ release, pid, clients }, options, findings);
  } finally {
    for (const { process } of clients) await process.close();
  }
}

/** A running node and its clients. */
interface Running {
  readonly release: string;
  readonly pid: number;
  readonly clients: readonly Client[];
}

async function runOperations({ release, pid, clients }: Running, options: RunOptions, findings: Findings): Promise<void> {
  const { rounds, window, gate, cases, mode, matrix, parts } = options;
  for (const { operation, inFlight: flights } of matrix || parts.length === 1 ? ALL : HEADLINE) {
    const able = clients.filter(({ operations }) => operations.includes(operation));
    const chosen = flights
      .map((inFlight) => ({ inFlight, name: `OpenSearch ${release} ${operation} k${inFlight}` }))
      .filter(({ name }) => cases.test(name));
    if (chosen.length > 0 && mode !== 'quick') await warmUp(pid, able, operation, Math.max(...flights));
    for (const { inFlight, name } of chosen) {
      for (let round = 0; round < rounds; round++) {
        for (const { name: contender, process } of able) {
          await gate.quiet();
          const measureMs = WINDOW_FACTOR * window.measureMs;
          const asked: NodeWindow = { operation, inFlight, warmUpMs: Math.min(window.warmUpMs, FILL_MS), measureMs };
          const taken = await process.ask('run', asked);
          record(name, contender, taken, findings);
          findings.samples.push({ part: 'node', case: name, contender, round, ...taken });
          progress(`node · ${name} · round ${round + 1}/${rounds} · ${contender} · ${withUnit(taken.requests / taken.seconds, 'calls/s')}`);
        }
      }
    }
  }
}

/** Warms up the node with all clients in turn: the code that serves one of them is not the code that serves another. */
async function warmUp(pid: number, clients: readonly Client[], operation: OperationName, inFlight: number): Promise<void> {
  const began = performance.now();
  await warmUpNode(pid, async () => {
    for (const { process } of clients) await process.ask('run', { operation, inFlight, warmUpMs: 0, measureMs: WARM_UP_TURN_MS });
  });
  progress(`node · ${operation} · warm after ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

function record(name: string, contender: string, taken: NodeAnswers['run'], { measures }: Findings): void {
  const of = { part: 'node', case: name, contender } as const;
  addRound(measures, { ...of, figure: 'throughput', unit: 'calls/s', better: 'higher' }, taken.requests / taken.seconds);
  addRound(measures, { ...of, figure: 'p50', unit: 'µs', better: 'lower' }, taken.latency.p50);
  addRound(measures, { ...of, figure: 'p99', unit: 'µs', better: 'lower' }, taken.latency.p99);
  // Of the client alone: the node's work is the same for all.
  if (taken.cpu !== null) addRound(measures, { ...of, figure: 'client cpu', unit: 'µs', better: 'lower' }, taken.cpu / taken.requests);
}
