// Measures the false 408 of genuine nodes and writes docs/false-timeouts.md. Needs Java and about 15 minutes; `--quick` takes about 4, leaves out 16 callers and writes nothing.
// Reads dist: build first.
import { writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { extension } from '../dist/extension/index.js';
import { startRealNode } from '../dist/realnode/index.js';
import { falseTimeoutsPage } from './docs/false-timeouts-page.mjs';

const RELEASES = ['2.19.6', '3.9.0'];
const LOOPS = [null, 2];
const ANSWERS = ['request-socket', 'responsive-socket'];

const isQuick = process.argv.includes('--quick');
const MAX_CALLS = isQuick ? 300 : 3000;
/** By number of callers, the seconds after which a cell ends. A call under way is awaited, and one that is not answered takes 10 seconds. */
const CELL_SECONDS = isQuick ? { 1: 12, 4: 5 } : { 1: 60, 4: 25, 16: 15 };
const WARM_UP_MS = 3000;

const started = performance.now();
const loads = [loadavg()[0]];
const rows = [];
for (const release of RELEASES) for (const loops of LOOPS) await measureNode(release, loops);

const conditions = {
  date: new Date().toISOString().slice(0, 10),
  cpu: cpus()[0]?.model.trim() ?? 'unknown processor',
  cores: availableParallelism(),
  node: process.versions.node,
  loads: [Math.min(...loads), Math.max(...loads)],
  minutes: (performance.now() - started) / 60_000,
  maxCalls: MAX_CALLS,
  callers: Object.keys(CELL_SECONDS),
  seconds: Object.values(CELL_SECONDS),
};
const page = falseTimeoutsPage(rows, conditions);
if (isQuick) console.log(page);
else writeFileSync(resolve(import.meta.dirname, '..', 'docs', 'false-timeouts.md'), page);

/** Measures all cells of one node; each way to answer is an extension of its own. */
async function measureNode(version, loops) {
  const node = await startRealNode({ version, offline: true, settings: { 'http.netty.worker_count': loops } });
  try {
    for (const answerOn of ANSWERS) {
      const ext = extension({ port: 0, answerOn, onEvent: () => undefined });
      ext.get('/hello', () => 'hello');
      await ext.listen();
      try {
        await ext.initialize(node.httpUrl, { name: answerOn, uniqueId: answerOn });
        const url = `${node.httpUrl}/_extensions/_${answerOn}/hello`;
        await measure(url, 1, { maxCalls: MAX_CALLS, maxMs: WARM_UP_MS });
        for (const [callers, seconds] of Object.entries(CELL_SECONDS)) {
          const cell = await measure(url, Number(callers), { maxCalls: MAX_CALLS, maxMs: seconds * 1000 });
          rows.push({ release: version, loops, answerOn, callers, ...cell });
          loads.push(loadavg()[0]);
          console.error(JSON.stringify(rows.at(-1)));
        }
      } finally {
        await ext.close({ drainMs: 0 });
      }
    }
  } finally {
    await node.close();
  }
}

/** Calls a URL from several callers, each with a connection of its own and one call at a time. */
async function measure(url, callers, { maxCalls, maxMs }) {
  const times = [];
  let calls = 0;
  let timeouts = 0;
  let others = 0;
  const end = performance.now() + maxMs;
  const call = async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (calls < maxCalls && performance.now() < end) {
      calls++;
      const from = performance.now();
      const status = await statusOf(url, agent);
      if (status === 200) times.push(performance.now() - from);
      else if (status === 408) timeouts++;
      else others++;
    }
    agent.destroy();
  };
  await Promise.all(Array.from({ length: callers }, call));
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? null;
  return { calls, timeouts, others, p50: at(0.5), p99: at(0.99) };
}

function statusOf(url, agent) {
  return new Promise((done, fail) => {
    const outgoing = request(url, { agent }, (incoming) => {
      incoming.on('error', fail);
      incoming.on('end', () => done(incoming.statusCode));
      incoming.resume();
    });
    outgoing.on('error', fail);
    outgoing.end();
  });
}
