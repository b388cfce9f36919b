// Reloads a supervised extension on a development node, with a request after each reload, and counts what the supervisor's process holds. Fails when that grows.
// usage: node --expose-gc scripts/reload-soak.mjs [--reloads 500]     (needs `npm run build`, and /proc)
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { devNode } from '../dist/devnode/index.js';
import { supervise } from '../dist/extension/index.js';

/** Descriptors that may come and go: sockets that close. */
const SLACK = 10;

/** Milliseconds for replaced workers to end before it is counted. */
const SETTLE_MS = 1_000;

const { values } = parseArgs({ options: { reloads: { type: 'string', default: '500' } } });
const reloads = Number(values.reloads);
const counted = new Set([1, 20, 100, 200, 300, 400, reloads]);
const folder = mkdtempSync(join(tmpdir(), 'reload-soak-'));
const file = join(folder, 'ext.mjs');
const node = await devNode({ version: '3.9.0' });
const door = new URL('../dist/extension/index.js', import.meta.url).href;
writeFileSync(
  file,
  `import { extension } from '${door}';
const ext = extension({ port: 0 });
ext.get('/pid', () => String(process.pid));
await ext.listen();
await ext.initialize('${node.httpUrl}', { name: 'Soak', uniqueId: 'soak' });
`,
);
const supervisor = supervise(file, { watch: false, signals: false, output: 'ignore' });
await new Promise((resolve) => {
  supervisor.on('registered', resolve);
});

/** Returns the number of processes that this one has started. */
function children() {
  const all = readdirSync('/proc/self/task').map((task) => readFileSync(`/proc/self/task/${task}/children`, 'utf8'));
  return all.join(' ').split(' ').filter(Boolean).length;
}

function figures(done) {
  globalThis.gc?.();
  const kinds = {};
  for (const kind of process.getActiveResourcesInfo()) kinds[kind] = (kinds[kind] ?? 0) + 1;
  const listeners = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
  const heapMb = Math.round(process.memoryUsage().heapUsed / 1e5) / 10;
  const counts = { reloads: done, descriptors: readdirSync('/proc/self/fd').length, children: children(), listeners, heapMb, ...kinds };
  console.log(JSON.stringify(counts));
  return counts;
}

let first = null;
let last = null;
for (let done = 1; done <= reloads; done++) {
  await supervisor.reload();
  const answer = await fetch(`${node.httpUrl}/_extensions/_soak/pid`);
  const pid = await answer.text();
  if (pid !== String(supervisor.pid)) throw new Error(`reload ${done}: expected pid ${supervisor.pid}, got ${answer.status} ${pid}`);
  if (!counted.has(done)) continue;
  await sleep(SETTLE_MS);
  last = figures(done);
  first ??= last;
}
await supervisor.close();
await node.close();
rmSync(folder, { recursive: true, force: true });
const isBounded = last.descriptors <= first.descriptors + SLACK && last.listeners <= first.listeners && last.children === 1;
if (!isBounded || children() > 0) {
  console.error('the supervisor holds more than at the beginning, or did not end its workers');
  process.exitCode = 1;
}
