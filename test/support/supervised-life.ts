import { expect } from 'vitest';
import { updateClusterSettings } from '../../src/protocol/action/shared/cluster-settings.ts';
import { createClient } from '../../src/transport/client/client.ts';
import { Http } from './interop-http.ts';
import type { SupervisedFile } from './supervised-node.ts';

/** A node that can be replaced by another one on the same ports and with the same name. */
export interface RestartableNode {
  readonly httpUrl: string;
  restart(): Promise<void>;
  /** What the node has logged about deprecated routes. */
  deprecations(): string;
}

/** Where the extension of these files is served. */
export const SUPERVISED = '/_extensions/_supervised';

/** Sends one request to a node. */
export async function ask(
  { httpUrl }: { readonly httpUrl: string },
  line: string,
  body?: string,
): Promise<{ status: number; text: string }> {
  const http = new Http(httpUrl);
  try {
    const { status, text } = await http.send(line, { body, headers: body === undefined ? {} : { 'Content-Type': 'application/json' } });
    return { status, text };
  } finally {
    http.close();
  }
}

/** Returns the lines that initialise the extension by the REST interface of a node, as its author writes them. */
export function initialising({ httpUrl }: { readonly httpUrl: string }, uniqueId = 'supervised'): string {
  return `await ext.initialize(${JSON.stringify(httpUrl)}, { name: 'Extension', uniqueId: '${uniqueId}' });`;
}

const get = (node: RestartableNode, path: string) => ask(node, `GET ${SUPERVISED}${path}`);

/**
 * Edits the file of an extension, kills its worker and restarts its node, and expects that the node's clients see the newest routes all along. Nothing is done at the
 * node by hand.
 */
export async function expectLife(supervised: SupervisedFile, node: RestartableNode): Promise<void> {
  const write = (body: string) => supervised.write(body, '{ port: 0 }', initialising(node));
  write(`ext.get('/hello/{name}', ({ params }) => 'one ' + params.name); ext.get('/old/{a}/b/{c}', ({ params, query }) => JSON.stringify({ params, query }));
    ext.deprecated('GET', '/hi', 'use /hello', () => 'hi'); ext.post('/', ({ body }) => 'got ' + body.text());`);
  await supervised.start();
  const { routes } = await supervised.next('registered', 1);
  expect(routes).toBe(63);
  expect(await get(node, '/hello/you')).toMatchObject({ status: 200, text: 'one you' });
  expect(await get(node, '/old/x%20y/b/z?q=1')).toMatchObject({ status: 200, text: '{"params":{"a":"x y","c":"z"},"query":{"q":"1"}}' });
  expect(await ask(node, `POST ${SUPERVISED}/`, '{"a":1}')).toMatchObject({ status: 200, text: 'got {"a":1}' });
  expect(await get(node, '/hi')).toMatchObject({ status: 200, text: 'hi' });
  await expect.poll(() => node.deprecations(), { timeout: 10_000 }).toContain('use /hello');

  write(`ext.get('/hello/{name}', ({ params }) => 'two ' + params.name); ext.get('/new', () => 'new');`);
  await supervised.next('reloaded', 1);
  expect(await get(node, '/hello/you')).toMatchObject({ status: 200, text: 'two you' });
  expect(await get(node, '/new')).toMatchObject({ status: 200, text: 'new' });
  const removed = await get(node, '/old/x/b/z');
  expect(removed.text).toBe(`{"error":"no handler found for uri [${SUPERVISED}/old/x/b/z] and method [GET]"}`);
  expect(removed.status).toBe(400);
  expect(await ask(node, `PUT ${SUPERVISED}/new`)).toMatchObject({ status: 405 });

  process.kill(supervised.supervisor.pid ?? 0, 'SIGKILL');
  expect(await get(node, '/hello/you')).toMatchObject({ status: 200, text: 'two you' });

  await node.restart();
  await supervised.next('disconnected', 1);
  await supervised.next('registered', 2);
  expect(await get(node, '/hello/you')).toMatchObject({ status: 200, text: 'two you' });
  expect(supervised.count('rejected')).toBe(0);
}

/** Changes settings of the cluster and the file of an extension, and expects that each worker has the newest values with its first request. */
export async function expectSettings(supervised: SupervisedFile, node: { readonly httpUrl: string }, address: string): Promise<void> {
  await using client = createClient(address);
  const update = (name: string, value: string) => client.call(updateClusterSettings, { persistent: { [name]: value } });
  const key = 'custom.supervised.greeting';
  const write = (mark: string, more = '') =>
    supervised.write(
      `const greeting = ext.setting(door.setting.string('${key}', { default: 'Hello', dynamic: true })); ${more}
      ext.get('/greeting', () => '${mark} ' + greeting.value);`,
      '{ port: 0 }',
      initialising(node),
    );
  const greeting = async () => (await ask(node, `GET ${SUPERVISED}/greeting`)).text;
  write('one');
  await supervised.start();
  await supervised.next('registered', 1);
  expect(await greeting()).toBe('one Hello');
  await update(key, 'Hi');
  await expect.poll(greeting, { timeout: 10_000 }).toBe('one Hi');
  write('two');
  await supervised.next('reloaded', 1);
  expect(await greeting()).toBe('two Hi');
  await update(key, 'Hey');
  await expect.poll(greeting, { timeout: 10_000 }).toBe('two Hey');
  // A setting that a later worker adds is registered with the node, which knows the other one already.
  write('three', "ext.setting(door.setting.string('custom.supervised.added', { default: 'x', dynamic: true }));");
  await supervised.next('reloaded', 2);
  expect(await greeting()).toBe('three Hey');
  await update('custom.supervised.added', 'y');
  expect(supervised.count('rejected')).toBe(0);
}
