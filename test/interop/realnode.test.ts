import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { realNodeAvailability } from '../../src/realnode/availability.ts';
import { type RealNode, startRealNode } from '../../src/realnode/real-node.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

for (const version of ['2.19.6', '3.9.0']) {
  const availability = await realNodeAvailability(version);
  const title = availability.available ? `OpenSearch ${version}` : `OpenSearch ${version} (skipped: ${availability.reason})`;

  describe.skipIf(!availability.available)(title, () => {
    test('boots, answers on both ports, takes a document, and closes without a trace', async () => {
      await using node = await startRealNode({ version, offline: true, settings: { 'logger.org.opensearch.cluster.service': 'debug' } });
      expect(await getJson(node, '/')).toMatchObject({ name: node.nodeName, cluster_name: 'real-node', version: { number: version } });
      expect(await pingedBack(node.transportPort)).toBe('ES');
      expect(node.transportAddress).toBe(`127.0.0.1:${node.transportPort}`);
      expect(node.logs().some((line) => line.includes('[DEBUG]'))).toBe(true);

      const saved = await fetch(`${node.httpUrl}/notes/_doc/1?refresh=true`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: '{"text":"hi"}',
      });
      expect(saved.status).toBe(201);
      expect(await getJson(node, '/notes/_search')).toMatchObject({ hits: { total: { value: 1 } } });
      // The experimental extensions of OpenSearch are on: their route is there and wants a body.
      const initialise = await fetch(`${node.httpUrl}/_extensions/initialize`, { method: 'POST' });
      expect(initialise.status).not.toBe(405);
      expect(await initialise.text()).not.toContain('no handler found');

      const home = homeOf(node);
      await access(join(home, 'data'));
      await Promise.all([node.close(), node.close()]);
      await expectNoTrace(node.pid, home);
      expect(node.logs().at(-1)).toMatch(/closed/);
    });

    test('abort kills it, and closing afterwards is harmless', async () => {
      const node = await startRealNode({ version, offline: true });
      const home = homeOf(node);
      node.abort();
      await node.gone;
      await expectNoTrace(node.pid, home);
      expect(node.logs().at(-1)).not.toMatch(/closed/);
      node.abort();
      await node.close();
    });

    test('a second node joins the first', async () => {
      const common = { version, offline: true, clusterName: 'pair' };
      const seed = { 'cluster.initial_cluster_manager_nodes': ['one'], 'discovery.seed_hosts': [] };
      await using one = await startRealNode({ ...common, nodeName: 'one', settings: seed });
      await using two = await startRealNode({ ...common, nodeName: 'two', settings: { 'discovery.seed_hosts': [one.transportAddress] } });
      expect(await getJson(two, '/_cluster/health')).toMatchObject({ cluster_name: 'pair', number_of_nodes: 2 });
      expect(await getJson(one, '/_cluster/health')).toMatchObject({ cluster_name: 'pair', number_of_nodes: 2 });
    });

    test('a port that is taken and a setting that does not exist are told plainly', async () => {
      await using node = await startRealNode({ version, offline: true });
      const again = startRealNode({ version, offline: true, httpPort: node.httpPort });
      await expect(again).rejects.toMatchObject({
        code: 'ERR_ADDRESS_IN_USE',
        message: `the node cannot listen: port ${node.httpPort} is already in use; choose another, or 0 for any free one`,
      });
      await expect(startRealNode({ version, offline: true, settings: { 'no.such.setting': 1 } })).rejects.toThrow(
        /ended before it was ready[^]*unknown setting \[no\.such\.setting\]/,
      );
    });

    test.skipIf(process.platform === 'win32')('a parent that is killed leaves no orphan and no data', async () => {
      const { pid, home, kill } = await nodeOfAnotherProcess(version);
      await access(join(home, 'data'));
      process.kill(pid, 0);
      await kill();
      const deadline = Date.now() + 20_000;
      while (isAlive(pid) && Date.now() < deadline) await sleep(50);
      await expectNoTrace(pid, home);
    });
  });
}

const both = await Promise.all(['2.19.6', '3.9.0'].map((version) => realNodeAvailability(version)));

test.skipIf(both.some(({ available }) => !available))('nodes of both releases run side by side', async () => {
  const nodes = await Promise.all(['2.19.6', '3.9.0'].map((version) => startRealNode({ version, offline: true, readyTimeoutMs: 100_000 })));
  try {
    expect(new Set(nodes.flatMap((node) => [node.httpPort, node.transportPort, node.pid])).size).toBe(6);
    for (const node of nodes) {
      expect(await getJson(node, '/')).toMatchObject({ name: node.nodeName, version: { number: node.version } });
      expect(await getJson(node, '/_cluster/health')).toMatchObject({ number_of_nodes: 1 });
    }
  } finally {
    await Promise.all(nodes.map((node) => node.close()));
  }
});

async function getJson(node: RealNode, path: string): Promise<unknown> {
  const answer = await fetch(node.httpUrl + path, { signal: AbortSignal.timeout(10_000) });
  return answer.json();
}

/** Sends the ping of the transport protocol and gives the marker of what comes back. @see wire-format.md */
async function pingedBack(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.setTimeout(5_000, () => socket.destroy(new Error('no answer to a ping')));
  socket.write(Buffer.from('4553ffffffff', 'hex'));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  expect(answer.toString('hex')).toBe('4553ffffffff');
  return answer.toString('latin1', 0, 2);
}

/** The folder of a node, as it tells in its log. */
function homeOf(node: RealNode): string {
  const home = node.logs().flatMap((line) => /-Dlog4j2\.configurationFile=(.+?)[\\/]config[\\/]/.exec(line)?.[1] ?? [])[0];
  if (home === undefined) throw new Error('the log does not tell the folder');
  return home;
}

async function expectNoTrace(pid: number, home: string): Promise<void> {
  expect(isAlive(pid)).toBe(false);
  await expect(access(home)).rejects.toThrow(/ENOENT/);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Boots a node in a Node.js process of its own, on compiled sources, that can be killed. */
async function nodeOfAnotherProcess(version: string): Promise<{ pid: number; home: string; kill: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'real-node-parent-'));
  try {
    await compileRoom(folder);
    await writeFile(
      join(folder, 'parent.js'),
      `import { startRealNode } from './realnode/real-node.js';
       const node = await startRealNode({ version: process.argv[2], offline: true });
       console.log(JSON.stringify({ pid: node.pid, logs: node.logs() }));`,
    );
    const parent = spawn(process.execPath, [join(folder, 'parent.js'), version], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    for await (const piece of parent.stdout.setEncoding('utf8')) {
      text += piece;
      if (text.endsWith('\n')) break;
    }
    const node = JSON.parse(text) as { pid: number; logs: string[] };
    const kill = async () => {
      const exit = once(parent, 'exit');
      parent.kill('SIGKILL');
      await exit;
    };
    return { pid: node.pid, home: homeOf({ logs: () => node.logs } as RealNode), kill };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compileRoom(outDir: string): Promise<void> {
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const { compilerOptions } = JSON.parse(await readFile(join(ROOT, 'tsconfig.json'), 'utf8')) as { compilerOptions: object };
  const project = join(outDir, 'tsconfig.json');
  const typeRoots = [join(ROOT, 'node_modules', '@types')];
  await writeFile(join(outDir, 'package.json'), '{"type":"module"}');
  await writeFile(
    project,
    JSON.stringify({
      compilerOptions: { ...compilerOptions, noEmit: false, rootDir: join(ROOT, 'src'), outDir, typeRoots },
      files: [join(ROOT, 'src', 'realnode', 'real-node.ts')],
    }),
  );
  await promisify(execFile)(process.execPath, [tsc, '-p', project], { cwd: ROOT, timeout: 60_000 });
}
