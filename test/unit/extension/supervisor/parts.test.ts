import { expect, test } from 'vitest';
import { DeprecatedPaths } from '../../../../src/extension/supervisor/deprecated-paths.ts';
import { genericRoutes, isGenericParam } from '../../../../src/extension/supervisor/generic-routes.ts';
import { HeldRequests } from '../../../../src/extension/supervisor/held-requests.ts';
import { mayReplay } from '../../../../src/extension/supervisor/replay.ts';
import { ServedRoutes } from '../../../../src/extension/supervisor/served-routes.ts';
import { SUPERVISED_VARIABLE, unwrapped, wrapped } from '../../../../src/extension/supervisor/messages.ts';
import { supervise } from '../../../../src/extension/supervisor/supervisor.ts';
import { ConnectionLostError } from '../../../../src/protocol/error/transport-error.ts';

const lost = (delivery: 'not-sent' | 'maybe-sent') => new ConnectionLostError('ERR_CONNECTION_LOST', { delivery }, 'lost');

test.each([
  ['maybe-sent', 1, true, 'idempotent', true],
  ['maybe-sent', 1, false, 'idempotent', false],
  ['maybe-sent', 1, false, 'all', true],
  ['maybe-sent', 1, true, 'none', false],
  ['not-sent', 1, false, 'none', true],
  ['maybe-sent', 4, true, 'all', false],
  ['not-sent', 4, true, 'all', false],
] as const)('a request that was %s to %i workers, idempotent: %s, policy %s: %s', (delivery, deliveries, idempotent, policy, expected) => {
  expect(mayReplay(lost(delivery), deliveries, idempotent, policy)).toBe(expected);
});

test('generic routes match each depth with each of seven methods, under names that a node accepts', () => {
  const routes = genericRoutes('my-ext.1', 2);
  expect(routes).toHaveLength(21);
  expect(routes.slice(0, 8)).toEqual([
    'GET / my_ext_1:any:get:0',
    'POST / my_ext_1:any:post:0',
    'PUT / my_ext_1:any:put:0',
    'DELETE / my_ext_1:any:delete:0',
    'OPTIONS / my_ext_1:any:options:0',
    'HEAD / my_ext_1:any:head:0',
    'PATCH / my_ext_1:any:patch:0',
    'GET /{__1} my_ext_1:any:get:1',
  ]);
  expect(routes.at(-1)).toBe('PATCH /{__1}/{__2} my_ext_1:any:patch:2');
  expect(new Set(genericRoutes('x'.repeat(300), 8).map((route) => route.split(' ')[2]?.length ?? 999)).has(999)).toBe(false);
  expect(['__1', '__12', 'p1', '__', '__x'].map(isGenericParam)).toEqual([true, true, false, false, false]);
});

test('requests are held up to a number, up to some bytes, and until a worker takes them', async () => {
  const held = new HeldRequests<string>({ maxHeld: 2, maxHeldBytes: 10 });
  let worker: string | null = null;
  const find = () => worker;
  const waiting = [held.wait(4, 5_000, find), held.wait(4, 5_000, find)];
  expect(held.wait(1, 5_000, find)).toBe('full');
  expect([held.size, held.bytes]).toEqual([2, 8]);
  held.retry();
  expect(held.size).toBe(2);
  worker = 'worker';
  held.retry();
  expect([await waiting[0], await waiting[1]]).toEqual(['worker', 'worker']);
  expect([held.size, held.bytes]).toEqual([0, 0]);
  expect(held.wait(1, 5_000, find)).toBe('worker');
  worker = null;
  expect(held.wait(11, 5_000, find)).toBe('full');
  const late = held.wait(1, 20, find);
  expect(await late).toBe('too late');
  const cleared = held.wait(1, 5_000, find);
  held.clear();
  expect(await cleared).toBe('too late');
});

test('a node is told of deprecated paths only, and then of every method that they get', () => {
  const paths = new DeprecatedPaths();
  const of = (restActions: string[], deprecatedRestActions: string[]) => paths.added({ uniqueId: 'e', restActions, deprecatedRestActions });
  expect(of(['POST /mixed n:1'], ['GET /old', 'use /new', 'GET /mixed', 'no', 'GET /{x}/{y}', 'no', 'GET /a/{x}/', 'gone'])).toEqual([
    { route: 'GET /old', message: 'use /new' },
    { route: 'GET /a/{x}/', message: 'gone' },
  ]);
  expect(of([], ['GET /old', 'use /new', 'GET /a/{x}', 'gone'])).toEqual([]);
  expect(of(['GET /old n:1', 'PUT /old n:2'], [])).toEqual([
    { route: 'PUT /old', message: 'PUT /old is served by an extension that was reloaded' },
  ]);
});

const request = (method: string, path: string) => ({ method, uri: `/_extensions/_e${path}`, path, params: {} }) as never;

test('routes of a worker are found as a node finds them', () => {
  const routes = new ServedRoutes(['GET /a/{x} n:1', 'POST /a/b n:2 legacy:1', 'GET / n:3'], ['GET /old', 'use /a', 'odd']);
  expect(routes.find(request('GET', '/a/c%20d?q=1'), 'e')).toEqual({ params: { x: 'c d' } });
  expect(routes.find(request('GET', '/a/%zz'), 'e')).toEqual({ params: { x: '%zz' } });
  // A literal wins over a parameter, even if it has another method only.
  expect(routes.find(request('GET', '/a/b'), 'e').answer).toMatchObject({ status: 'METHOD_NOT_ALLOWED' });
  expect(routes.find(request('GET', '/old/'), 'e')).toEqual({ params: {} });
  expect(routes.find(request('GET', ''), 'e')).toEqual({ params: {} });
  expect(routes.find(request('GET', '/b'), 'e').answer).toMatchObject({ status: 'BAD_REQUEST' });
});

test('messages of others on the IPC channel are ignored', () => {
  const message = { kind: 'reply', id: 1, isDone: true } as const;
  expect(unwrapped(wrapped(message))).toEqual(message);
  for (const other of [null, 7, 'x', {}, { 'opensearch-transport': null }, { 'opensearch-transport': {} }])
    expect(unwrapped(other)).toBeNull();
  expect(process.env[SUPERVISED_VARIABLE]).toBeUndefined();
});

test.each([
  [{ watch: 'x' }, 'watch must be a boolean or an array of paths'],
  [{ replay: 'some' }, "replay must be one of 'idempotent', 'all', 'none'"],
  [{ maxDepth: 0 }, 'maxDepth must be an integer from 1 to 32, got 0'],
  [{ env: { A: 1 } }, 'env must be an object of strings'],
  [{ reply: 1 }, 'unknown option reply of a supervisor; did you mean replay?'],
])('supervise() refuses %j', (options, text) => {
  expect(() => supervise('./ext.js', options as never)).toThrow(text);
});

test('supervise() refuses what is not a file', () => {
  expect(() => supervise(7 as never)).toThrow("the file of a supervised extension must be a path such as './ext.js', got 7");
});
