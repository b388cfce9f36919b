import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DevNode, devNode } from '../../src/devnode/dev-node.ts';
import { type Extension, extension } from '../../src/extension/extension.ts';
import { run } from '../unit/cli/run.ts';

let node: DevNode;
let ext: Extension;
let port: string;
beforeEach(async () => {
  node = await devNode();
  ext = extension({ port: 0 });
  ext.get('/hello', () => 'hi');
  port = String((await ext.listen()).port);
});
afterEach(async () => {
  await ext.close({ drainMs: 0 });
  await node.close();
});

test('registers an extension, says so when it is known already, and the doctor finds it', async () => {
  const { exit, stdout } = await run(['register', node.httpUrl, '--id', 'hello', '--port', port]);
  expect({ exit, stdout }).toEqual({
    exit: 0,
    stdout: expect.stringContaining('dev-node 3.9.0 knows the extension and has connected') as string,
  });
  expect(await (await fetch(`${node.httpUrl}/_extensions/_hello/hello`)).text()).toBe('hi');
  const again = await run(['register', node.httpUrl, '--id', 'hello', '--port', port]);
  expect(again.exit).not.toBe(0);
  expect(again.stderr).toMatch(/Duplicate uniqueId \[hello\].*restart the node, or use another uniqueId/);
  const doctor = await run(['doctor', node.httpUrl, '--id', 'hello', '--port', port]);
  expect(doctor.exit).toBe(0);
  expect(doctor.stdout).toMatch(/^ok +the node dev-node answers/m);
  expect(doctor.stdout).toMatch(/^warning +the node knows an extension with the unique id 'hello' already/m);
});

test('says that the node found nothing at a wrong port', async () => {
  await ext.close();
  const { exit, stderr } = await run(['register', node.httpUrl, '--id', 'hello', '--port', port]);
  expect(exit).toBe(3);
  expect(stderr).toContain(`could not initialise 'hello' at 127.0.0.1:${port}`);
  const doctor = await run(['doctor', node.httpUrl, '--id', 'hello', '--port', port, '--json']);
  expect(doctor.exit).toBe(1);
  const findings = JSON.parse(doctor.stdout) as { check: string; verdict: string }[];
  expect(findings.find(({ check }) => check === 'port')).toMatchObject({ verdict: 'problem' });
});

test('says that no node is there', async () => {
  const { exit, stderr } = await run(['register', 'http://127.0.0.1:1', '--id', 'hello']);
  expect(exit).toBe(3);
  expect(stderr).toContain('cannot reach the node at http://127.0.0.1:1');
});

test('shows the name of a node without its terminal escapes', async () => {
  const main = { name: '\u001b[31mred', cluster_name: 'c', version: { number: '3.9.0', distribution: 'opensearch' } };
  const server = createServer(({ method }, answer) => answer.writeHead(method === 'POST' ? 202 : 200).end(JSON.stringify(main)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { exit, stdout } = await run(['register', url, '--id', 'hello']);
  server.close();
  expect(exit).toBe(0);
  expect(stdout).toContain('\\u001b[31mred 3.9.0');
});
