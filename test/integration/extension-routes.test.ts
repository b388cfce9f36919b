import { afterEach, expect, test } from 'vitest';
import type { ExtensionOptions } from '../../src/extension/extension-options.ts';
import { StatusError } from '../../src/protocol/error/status-error.ts';
import { V_2_19_0 } from '../../src/protocol/wire/version.ts';
import { memoryCarrier } from '../../src/transport/carrier/memory.ts';
import { WatchedExtension } from '../support/interop-extension.ts';
import { ScriptedNode } from '../support/interop-scripted-node.ts';

const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** An extension with some routes that a node has registered. */
async function registered(options: Partial<ExtensionOptions>, routes: (ext: WatchedExtension['ext']) => void) {
  const carrier = memoryCarrier();
  const watched = new WatchedExtension({ carrier, ...options });
  open.push({ close: () => watched.ext.close({ drainMs: 0 }) });
  routes(watched.ext);
  await watched.listen();
  const node = await ScriptedNode.dial(carrier, watched.port);
  open.push(node);
  await node.shakeHands(V_2_19_0);
  await node.initialise('hello');
  await expect.poll(() => watched.events.map(({ type }) => type)).toEqual(['initialized', 'registered']);
  const ask = async (line: string, params: Record<string, string> = {}) => {
    const { value } = await node.execute('hello', line, { params });
    const { status, consumedParams } = value;
    return { status, consumed: [...consumedParams].sort(), text: Buffer.from(value.content).toString(), headers: value.headers };
  };
  return { watched, node, ask };
}

test('with strictParams only what a handler has read counts as consumed, unless it fails', async () => {
  const { ask } = await registered({ strictParams: true }, (ext) => {
    ext.get('/read/{id}', ({ params, query }) => `${params.id} ${query.int('size')}`);
    ext.get('/later', async ({ query }) => {
      await Promise.resolve();
      return { all: query };
    });
    ext.get('/loose', () => 'ok', { strictParams: false });
    ext.get('/thrown', () => {
      throw new StatusError(404, null, 'gone');
    });
  });
  const params = { id: 'x', size: '3', extra: '' };
  expect(await ask('GET /read/x', params)).toMatchObject({ text: 'x 3', consumed: ['id', 'size'] });
  expect((await ask('GET /later', params)).consumed).toEqual(['extra', 'id', 'size']);
  expect((await ask('GET /loose', params)).consumed).toEqual(['extra', 'id', 'size']);
  expect(await ask('GET /thrown', params)).toMatchObject({ status: 'NOT_FOUND', consumed: ['extra', 'id', 'size'] });
});

test('with genericRoutes a route may be added at any time, and the extension refuses the others as a node does', async () => {
  const { watched, node, ask } = await registered({ genericRoutes: true }, (ext) => ext.post('/a', () => 'a'));
  expect(node.registrations[0]?.request.restActions).toHaveLength(63);
  expect(await ask('GET /later/7?x')).toMatchObject({
    status: 'BAD_REQUEST',
    text: '{"error":"no handler found for uri [/_extensions/_hello/later/7] and method [GET]"}',
  });
  watched.ext.get('/later/{id}', ({ params, query }) => ({ params, query }));
  const got = await ask('GET /later/7?x&id=9', { path_segment_1: 'later', path_segment_2: '7', x: '', id: '9' });
  expect(JSON.parse(got.text)).toEqual({ params: { id: '7' }, query: { x: '' } });
  expect(got.consumed).toEqual(['id', 'path_segment_1', 'path_segment_2', 'x']);
  const refusal = 'Incorrect HTTP method for uri [/_extensions/_hello/a?b=1] and method [GET], allowed: [POST]';
  const wrong = await ask('GET /a?b=1', { b: '1' });
  expect(wrong).toMatchObject({ status: 'METHOD_NOT_ALLOWED', headers: { Allow: ['POST'] }, consumed: ['b'] });
  expect(JSON.parse(wrong.text)).toEqual({ error: refusal, status: 405 });
  expect(await ask('OPTIONS /a')).toMatchObject({ status: 'OK', headers: { Allow: ['POST'] }, text: '' });
  expect(() => watched.ext.get('/1/2/3/4/5/6/7/8/9', () => '')).toThrow('at most 8');
});

test('without genericRoutes a route is refused once a node has registered the others, but a deprecated one is told at once', async () => {
  const { watched, node, ask } = await registered({}, (ext) => ext.get('/a', () => 'a'));
  expect(() => watched.ext.get('/b', () => 'b')).toThrow('or use genericRoutes');
  watched.ext.deprecated('GET', '/old/{id}', 'use /a', ({ params }) => params.id);
  await expect.poll(() => watched.events.filter(({ type }) => type === 'registered')).toHaveLength(2);
  expect(node.registrations[1]?.request).toMatchObject({ restActions: [], deprecatedRestActions: ['GET /old/{id}', 'use /a'] });
  expect((await ask('GET /old/7')).text).toBe('7');
});
