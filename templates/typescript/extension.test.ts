import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type DevNode, devNode } from 'opensearch-transport/devnode';
import { createExtension } from './extension.js';

/** Port 0: any free one. */
const ext = createExtension(0);
let node: DevNode;
let url: string;

before(async () => {
  node = await devNode({ httpPort: 0, transportPort: 0 });
  await ext.listen();
  await ext.initialize(node.httpUrl, { name: 'hello', uniqueId: 'hello' });
  url = `${node.httpUrl}/_extensions/_hello`;
});

after(async () => {
  await ext.close();
  await node.close();
});

test('greets by name', async () => {
  const response = await fetch(`${url}/hello/Ada`);
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), { greeting: 'Hello, Ada' });
});

test('remembers a greeting', async () => {
  const saved = await put('/hello/Grace', { greeting: 'Good morning' });
  assert.equal(saved.status, 201);
  const response = await fetch(`${url}/hello/Grace`);
  assert.deepEqual(await response.json(), { greeting: 'Good morning, Grace' });
});

test('refuses a greeting that is not a string', async () => {
  const response = await put('/hello/Grace', { greeting: 7 });
  assert.equal(response.status, 400);
  const { error } = (await response.json()) as { error: { reason: string } };
  assert.equal(error.reason, 'greeting must be a string');
});

function put(path: string, value: unknown): Promise<Response> {
  return fetch(url + path, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) });
}
