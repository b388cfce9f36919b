import { expect, test } from 'vitest';
import { RouteBook } from '../../../../src/devnode/extensions/route-book.ts';
import { V_2_19_6, V_3_9_0 } from '../../../../src/protocol/wire/version.ts';

const PREFIX = '/_extensions/_x';
const book = (version = V_3_9_0) => new RouteBook(version, (name) => name === 'cluster:monitor/main');
const reason = (words: string) => expect.objectContaining({ reason: expect.stringContaining(words) });

test('an entry is a method, a path, a name and perhaps names of actions', () => {
  expect(book().take(PREFIX, ['GET /a/{b} one', 'POST c two indices:admin/x,,indices:admin/y'])).toEqual([
    { method: 'GET', path: '/_extensions/_x/a/{b}', name: 'one', actionNames: [] },
    { method: 'POST', path: '/_extensions/_xc', name: 'two', actionNames: ['indices:admin/x', 'indices:admin/y'] },
  ]);
});

test.each([
  ['GET', 'REST action must contain at least a REST method, a route and a unique name'],
  ['GET /x', 'REST action must contain at least a REST method, a route and a unique name'],
  ['FETCH /x name', 'FETCH /x name does not begin with a valid REST method'],
  ['GET /x bad-name', 'Invalid route name specified. The route name may include'],
  [`GET /x ${'n'.repeat(251)}`, 'Invalid route name specified.'],
  ['GET /x  two', 'Invalid action name [two]. It must start with one of: [cluster:admin, indices:data/read,'],
  ['GET /x name foo:bar', 'Invalid action name [foo:bar].'],
  ['GET /y name cluster:monitor/main', 'action [cluster:monitor/main] already registered'],
  [
    'GET /z cluster:monitor/main',
    'route [NamedRoute [method=GET, path=/_extensions/_x/z, name=cluster:monitor/main, actionNames=[]]] already registered',
  ],
])('%s is refused', (entry, words) => {
  expect(() => book().take(PREFIX, [entry])).toThrow(reason(words));
});

test('views: begins the name of an action since 3.x', () => {
  expect(book().take(PREFIX, ['GET /v v views:data/read'])).toHaveLength(1);
  expect(() => book(V_2_19_6).take(PREFIX, ['GET /v v views:data/read'])).toThrow(reason('Invalid action name [views:data/read]'));
});

test('entries before a bad one are taken for good', () => {
  const taken = book();
  expect(() => taken.take(PREFIX, ['GET /burnt burnt', 'GET'])).toThrow();
  expect(() => taken.take(PREFIX, ['GET /burnt other'])).toThrow(reason('name=other, actionNames=[]]] already registered'));
  expect(() => taken.take(PREFIX, ['GET /other burnt'])).toThrow(reason('already registered'));
  expect(() => taken.take(PREFIX, ['GET /p/{a} pa', 'GET /p/{b} pb'])).toThrow(reason('path=/_extensions/_x/p/{b}'));
  expect(() => taken.take(PREFIX, ['GET /l l indices:admin/x,indices:admin/y', 'GET /m m indices:admin/y,indices:admin/x'])).toThrow(
    reason('actions [indices:admin/x, indices:admin/y] already registered'),
  );
});

test('the names that extensions can take are bounded', () => {
  const taken = book();
  const many = Array.from({ length: 49_999 }, (_, i) => `GET /r${i} r${i}`);
  taken.take(PREFIX, many);
  expect(() => taken.readDeprecated(PREFIX, ['GET /old', 'old', 'GET /older', 'old'])).toThrow(expect.objectContaining({ status: 429 }));
  expect(() => taken.take(PREFIX, ['GET /more more'])).toThrow(expect.objectContaining({ status: 429 }));
});

test('deprecated routes come in pairs', () => {
  expect(book().readDeprecated(PREFIX, ['GET /old', 'use /new', 'GET /odd'])).toEqual([
    { method: 'GET', path: '/_extensions/_x/old', message: 'use /new' },
  ]);
  expect(() => book().readDeprecated(PREFIX, ['GETdep', 'old'])).toThrow(reason('GETdep does not begin with a valid REST method'));
});
