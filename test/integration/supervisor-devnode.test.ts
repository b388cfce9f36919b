import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type DevNode, devNode } from '../../src/devnode/dev-node.ts';
import type { DevNodeEvent } from '../../src/devnode/dev-node-options.ts';
import { closeAll, open } from '../support/devnode-extension.ts';
import { ask, expectLife, expectSettings, initialising, SUPERVISED } from '../support/supervised-life.ts';
import { SupervisedFile } from '../support/supervised-node.ts';

const RELEASES = ['2.19.6', '3.9.0'];
const ACTIONS = new URL('../../dist/protocol/action/cluster/health.js', import.meta.url).href;

afterEach(closeAll);

/** Starts a supervised extension that the node initialises. */
async function served(supervised: SupervisedFile, node: DevNode, body: string): Promise<void> {
  supervised.write(body, '{ port: 0 }', initialising(node));
  await supervised.start();
  await supervised.next('registered', 1);
}

test.each(RELEASES)(
  'a supervised extension is edited, killed and served again by a node %s that restarts',
  async (version) => {
    const used: string[] = [];
    const onEvent = (event: DevNodeEvent): void => {
      if (event.type === 'deprecatedRouteUsed') used.push(event.message);
    };
    const options = { version, onEvent, nodeName: 'the-node', clusterName: 'the-cluster' };
    let node: DevNode = open(await devNode(options));
    const { httpUrl } = node;
    const ports = { httpPort: Number(new URL(httpUrl).port), transportPort: Number(node.address.split(':').at(-1)) };
    await using supervised = new SupervisedFile();
    await expectLife(supervised, {
      httpUrl,
      deprecations: () => used.join('\n'),
      restart: async () => {
        await node.close();
        node = open(await devNode({ ...options, ...ports }));
      },
    });
  },
  120_000,
);

test.each(RELEASES)(
  'workers have the settings of a node %s with their first request',
  async (version) => {
    const node = open(await devNode({ version }));
    await using supervised = new SupervisedFile();
    await expectSettings(supervised, node, node.address);
  },
  120_000,
);

test.each(RELEASES)(
  'two supervised extensions call each other and the node through a node %s',
  async (version) => {
    const node = open(await devNode({ version, clusterName: 'the-cluster' }));
    await using callee = new SupervisedFile();
    const answer = (text: string) =>
      callee.write(
        `ext.action('greet', (bytes) => Buffer.from('${text} ' + Buffer.from(bytes)));`,
        '{ port: 0 }',
        initialising(node, 'callee'),
      );
    answer('one');
    await callee.start();
    await callee.next('registered', 1);
    await using caller = new SupervisedFile();
    await served(
      caller,
      node,
      `import { health } from ${JSON.stringify(ACTIONS)};
    ext.get('/greet/{name}', async ({ params }) => (await ext.remote('greet', Buffer.from(params.name), { timeoutMs: 8_000 })).toString());
    ext.get('/health', async () => (await ext.node.call(health, {})).clusterName);`,
    );
    const get = async (path: string) => (await ask(node, `GET ${SUPERVISED}${path}`)).text;
    expect(await get('/health')).toBe('the-cluster');
    expect(await get('/greet/you')).toBe('one you');
    answer('two');
    await callee.next('reloaded', 1);
    expect(await get('/greet/you')).toBe('two you');
    await caller.supervisor.reload();
    expect(await get('/greet/you')).toBe('two you');
    expect(await get('/health')).toBe('the-cluster');
  },
  120_000,
);

test('a worker that is killed under load loses no request that may be repeated, and runs no POST twice', async () => {
  const node = open(await devNode({ version: '3.9.0' }));
  await using supervised = new SupervisedFile();
  const log = join(supervised.folder, 'runs.txt');
  const killed = join(supervised.folder, 'killed.txt');
  writeFileSync(log, '');
  const methods = ['GET', 'HEAD', 'PUT', 'DELETE', 'POST'] as const;
  await served(
    supervised,
    node,
    `import { appendFileSync, existsSync } from 'node:fs';
    for (const method of ${JSON.stringify(methods)})
      ext.route(method, '/slow/{id}', async ({ params }) => { appendFileSync(${JSON.stringify(log)}, method + ' ' + params.id + '\\n'); await sleep(existsSync(${JSON.stringify(killed)}) ? 5 : 60_000); return params.id; });`,
  );
  const sent = Array.from({ length: 100 }, async (_, id) => {
    const method = methods[id % methods.length] ?? 'GET';
    return { id, method, ...(await ask(node, `${method} ${SUPERVISED}/slow/${id}`)) };
  });
  const runs = () => readFileSync(log, 'utf8').split('\n').filter(Boolean);
  await expect.poll(() => runs().length, { interval: 5, timeout: 10_000 }).toBe(100);
  writeFileSync(killed, '');
  process.kill(supervised.supervisor.pid ?? 0, 'SIGKILL');
  const got = await Promise.all(sent);
  for (const { id, method, status, text } of got) {
    if (method === 'POST')
      expect({ id, status, text }).toMatchObject({ status: 503, text: expect.stringContaining('may have been executed') as string });
    else expect({ id, status, text }).toEqual({ id, status: 200, text: method === 'HEAD' ? '' : String(id) });
  }
  const posts = runs().filter((line) => line.startsWith('POST '));
  expect(posts).toHaveLength(20);
  expect(new Set(posts).size).toBe(20);
  expect(supervised.count('requestReplayed')).toBe(80);
}, 60_000);
