// Measures a development node with an extension, each in a process of its own: requests/s through the extension, times, and memory with documents.
// Usage: npm run build && node scripts/devnode-speed.mjs [seconds] [documents]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { loadavg } from 'node:os';
import { readFileSync } from 'node:fs';

const CALLERS = 16;
const BULK = 5_000;
const [role, ...rest] = process.argv.slice(2);

/** Tells the parent what it asked for: CPU time in microseconds and resident memory. */
function answerParent() {
  process.on('message', () => process.send({ cpu: process.cpuUsage(), rss: process.memoryUsage().rss }));
  process.on('disconnect', () => process.exit(0));
}

async function runNode() {
  const { devNode } = await import('../dist/devnode/index.js');
  const node = await devNode({ maxDocs: 1_000_000 });
  answerParent();
  process.send({ url: node.httpUrl, ready: performance.now() });
}

async function runExtension(url) {
  const { extension } = await import('../dist/extension/index.js');
  const ext = extension({ port: 0 });
  ext.get('/hello', () => 'Hello, world');
  await ext.listen();
  await ext.initialize(url, { name: 'hello', uniqueId: 'hello' });
  answerParent();
  process.send({ ready: performance.now() });
}

async function started(...args) {
  const child = fork(new URL(import.meta.url).pathname, args);
  const [message] = await once(child, 'message');
  return { child, ...message };
}

async function usage({ child }) {
  child.send('usage');
  const [{ cpu, rss }] = await once(child, 'message');
  return { cpuMs: (cpu.user + cpu.system) / 1_000, rssMb: rss / 2 ** 20 };
}

function ask(agent, url, { method = 'GET', body, type } = {}) {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': type, 'content-length': body.length };
    const sent = request(url, { agent, method, headers }, (answer) => {
      answer.resume();
      answer.on('end', () =>
        answer.statusCode === 200 ? resolve() : reject(new Error(`${method} ${url} was answered with ${answer.statusCode}`)),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function measureRequests(url, seconds) {
  const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
  const times = [];
  const until = performance.now() + seconds * 1_000;
  const caller = async () => {
    while (performance.now() < until) {
      const began = performance.now();
      await ask(agent, url);
      times.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  agent.destroy();
  return times.sort((a, b) => a - b);
}

async function indexDocuments(url, count) {
  const agent = new Agent({ keepAlive: true });
  for (let from = 0; from < count; from += BULK) {
    const lines = Array.from(
      { length: Math.min(BULK, count - from) },
      (_, i) => `{"index":{}}\n{"n":${from + i},"name":"document ${from + i}"}\n`,
    );
    await ask(agent, `${url}/speed/_bulk`, { method: 'POST', body: Buffer.from(lines.join('')), type: 'application/x-ndjson' });
  }
  await ask(agent, `${url}/speed/_refresh`, { method: 'POST' });
  agent.destroy();
}

async function measure(seconds, documents) {
  const node = await started('node');
  const ext = await started('extension', node.url);
  const url = `${node.url}/_extensions/_hello/hello`;
  await measureRequests(url, 1);
  const before = [await usage(node), await usage(ext)];
  const times = await measureRequests(url, seconds);
  const after = [await usage(node), await usage(ext)];
  const cpu = after.map(({ cpuMs }, at) => ((cpuMs - before[at].cpuMs) / times.length) * 1_000);
  const at = (share) => `${times[Math.floor(times.length * share)].toFixed(2)} ms`;
  const empty = after[0].rssMb;
  const began = performance.now();
  await indexDocuments(node.url, documents);
  const full = await usage(node);
  const rows = {
    'ready, node': `${node.ready.toFixed(0)} ms`,
    'ready, extension (initialised)': `${ext.ready.toFixed(0)} ms`,
    'requests/s': (times.length / seconds).toFixed(0),
    p50: at(0.5),
    p99: at(0.99),
    'CPU per request, node': `${cpu[0].toFixed(0)} µs`,
    'CPU per request, extension': `${cpu[1].toFixed(0)} µs`,
    [`indexing ${documents} documents`]: `${((performance.now() - began) / 1_000).toFixed(1)} s`,
    'RSS of the node, before and after': `${empty.toFixed(0)} MB, ${full.rssMb.toFixed(0)} MB`,
    'load average': loadavg()
      .map((load) => load.toFixed(1))
      .join(' '),
    Node: process.version,
    release: JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version,
  };
  for (const [name, value] of Object.entries(rows)) console.log(`${name.padEnd(36)}${value}`);
  for (const { child } of [node, ext]) child.disconnect();
}

if (role === 'node') await runNode();
else if (role === 'extension') await runExtension(rest[0]);
else await measure(Number(role ?? 5), Number(rest[0] ?? 200_000));
