import { describe, expect, expectTypeOf, test } from 'vitest';
import type { PathParams } from '../../../../src/extension/rest/path-params.ts';
import { parsePath } from '../../../../src/extension/rest/path-pattern.ts';
import { registrationOf } from '../../../../src/extension/node/route-registration.ts';
import { defineDeprecatedRoute, defineRoute, type Route, type RouteMethod } from '../../../../src/extension/rest/route.ts';
import { RouteTable } from '../../../../src/extension/rest/route-table.ts';

const nothing = () => undefined;
const get = (path: string, uniqueName?: string, legacyNames: string[] = []): Route =>
  defineRoute('GET', path, nothing, uniqueName === undefined ? { legacyNames } : { uniqueName, legacyNames });

const usage = (text: string) => expect.objectContaining({ code: 'ERR_USAGE', message: expect.stringContaining(text) });

describe('the path of a route', () => {
  test('gives its parameters a type', () => {
    expectTypeOf<PathParams<'/hello'>>().toEqualTypeOf<{}>();
    expectTypeOf<PathParams<'/hello/{name}'>>().toEqualTypeOf<{ readonly name: string }>();
    expectTypeOf<PathParams<'/{a}/x/{b}'>>().toEqualTypeOf<{ readonly a: string; readonly b: string }>();
    expectTypeOf<PathParams<string>>().toEqualTypeOf<Readonly<Record<string, string>>>();
    defineRoute('GET', '/hello/{name}', ({ params }) => {
      expectTypeOf(params).toEqualTypeOf<{ readonly name: string }>();
    });
  });

  test.each([
    ['/hello/{name}', '/hello/{name}', ['name']],
    ['/hello/', '/hello', []],
    ['/', '/', []],
    ['', '/', []],
    ['/caf%C3%A9/{a}/{b-c}', '/caf%C3%A9/{a}/{b-c}', ['a', 'b-c']],
  ])('%j is told the node as %s', (path, told, params) => {
    expect(parsePath(path)).toMatchObject({ path: told, params });
  });

  test.each([
    ['hello', 'must start with a slash'],
    ['/a b', 'contains a space'],
    ['/a?b=c', 'contains a query'],
    ['/café', "has 'café', which a node never matches; write caf%C3%A9"],
    ['/a//b', 'has an empty segment'],
    ['/x{a}', "has 'x{a}', but a parameter must be a whole segment"],
    ['/{}', "has '{}', but a parameter must be a whole segment"],
    ['/{a}/{a}', 'has the parameter {a} twice'],
  ])('%j is refused', (path, text) => {
    expect(() => parsePath(path)).toThrow(usage(text));
  });
});

describe('a route is refused', () => {
  test.each([
    ['a method that is none', 'FETCH', "got 'FETCH'"],
    ['a method in small letters', 'get', "got 'get'"],
    ['a method a node answers itself', 'TRACE', 'cannot add a route for TRACE: a node answers it itself, with 405'],
  ])('with %s', (_, method, text) => {
    expect(() => defineRoute(method as RouteMethod, '/', nothing)).toThrow(usage(text));
  });

  test.each([[''], ['a-b'], ['a.b'], ['a b'], ['ü'], ['x'.repeat(251)]])('with the unique name %j', (name) => {
    expect(() => get('/', name)).toThrow(usage('uniqueName must be 1 to 250 letters'));
  });

  test('unless the unique name has 250 characters', () => {
    expect(get('/', 'x'.repeat(250)).uniqueName).toHaveLength(250);
  });

  test.each([['foo:bar'], ['views:a'], ['cluster:admin/a,b'], ['cluster:admin/a b']])('with the action name %j', (name) => {
    expect(() => get('/', 'a', [name])).toThrow(usage(`got '${name}'`));
  });

  test.each([[''], ['schön'], ['a\nb']])('with the deprecation message %j', (message) => {
    expect(() => defineDeprecatedRoute('GET', '/', message, nothing)).toThrow(usage('must be printable ASCII and not empty'));
  });

  test('without a handler', () => {
    expect(() => defineRoute('GET', '/', undefined as never)).toThrow(usage('must be a function, got undefined'));
  });
});

describe('a table of routes', () => {
  const tableOf = (...routes: Route[]): RouteTable => {
    const table = new RouteTable();
    for (const route of routes) table.add(route);
    return table;
  };
  const found = (table: RouteTable, path: string, method = 'GET') => {
    const match = table.match(method, path.split('/').slice(1));
    return match.kind === 'route' ? [match.route.pattern.path, ...match.values] : match;
  };

  test('finds literals before parameters, and goes back where they lead nowhere', () => {
    const table = tableOf(get('/a/{x}'), get('/a/b'), get('/{y}/b/c'), get('/a/{x}/d'), get('/'));
    expect(found(table, '/a/b')).toEqual(['/a/b']);
    expect(found(table, '/a/z')).toEqual(['/a/{x}', 'z']);
    expect(found(table, '/a/b/c')).toEqual(['/{y}/b/c', 'a']);
    expect(found(table, '/a/b/d')).toEqual(['/a/{x}/d', 'b']);
    expect(table.match('GET', [])).toMatchObject({ kind: 'route', route: { pattern: { path: '/' } } });
    expect(found(table, '/a')).toEqual({ kind: 'no-path' });
    expect(found(table, '/a/b/c/d')).toEqual({ kind: 'no-path' });
  });

  test('names the methods of a path, as the node does: a literal path hides the parameter in its place', () => {
    const table = tableOf(defineRoute('POST', '/a/b', nothing), get('/a/{x}'));
    expect(found(table, '/a/b')).toEqual({ kind: 'wrong-method', allow: ['POST'] });
    expect(found(table, '/a/b', 'HEAD')).toEqual({ kind: 'wrong-method', allow: ['POST'] });
  });

  test('goes on to the next path that fits where a method is missing', () => {
    const table = tableOf(defineRoute('PUT', '/{x}/b/c', nothing), get('/a/{y}/{z}'));
    expect(found(table, '/a/b/c', 'PUT')).toEqual(['/{x}/b/c', 'a']);
    expect(found(table, '/a/b/c')).toEqual(['/a/{y}/{z}', 'b', 'c']);
    expect(found(table, '/a/b/c', 'HEAD')).toEqual({ kind: 'wrong-method', allow: ['GET', 'PUT'] });
  });

  test('does not take names of object properties for paths', () => {
    expect(found(tableOf(get('/a')), '/constructor')).toEqual({ kind: 'no-path' });
    expect(found(tableOf(get('/__proto__')), '/__proto__')).toEqual(['/__proto__']);
  });

  test.each([
    ['the same path', '/a', '/a/', 'route GET /a is registered already, as GET /a'],
    ['a path that differs in the name of a parameter', '/a/{x}', '/a/{y}', 'has {y} where another route has {x}'],
    ['another name for a place', '/b/{x}/c', '/b/{y}/d', 'has {y} where another route has {x}'],
  ])('refuses %s', (_, first, second, text) => {
    const table = tableOf(get(first));
    expect(() => table.add(get(second))).toThrow(usage(text));
    expect(table.routes).toHaveLength(1);
  });

  test('refuses a deprecated route that is a route', () => {
    expect(() => tableOf(get('/a')).add(defineDeprecatedRoute('GET', '/a', 'use /b', nothing))).toThrow(usage('is registered already'));
  });
});

describe('the registration of routes', () => {
  test('has a line each, and pairs for deprecated ones', () => {
    const routes = [
      get('/hello/{name}'),
      defineRoute('POST', '/hello', nothing, { uniqueName: 'greet', legacyNames: ['cluster:admin/a', 'internal:b'] }),
      defineDeprecatedRoute('GET', '/hi', 'use /hello instead', nothing),
    ];
    expect(registrationOf(routes, 'my-ext')).toEqual({
      uniqueId: 'my-ext',
      restActions: ['GET /hello/{name} my_ext:get/hello/*', 'POST /hello greet cluster:admin/a,internal:b'],
      deprecatedRestActions: ['GET /hi', 'use /hello instead'],
    });
  });

  test('makes names that differ, whatever has to be replaced', () => {
    const routes = [get('/a-b'), get('/a.b'), get('/a_b'), get('/x', 'e:get/a_b:2')];
    expect(registrationOf(routes, 'e').restActions).toEqual([
      'GET /a-b e:get/a_b',
      'GET /a.b e:get/a_b:3',
      'GET /a_b e:get/a_b:4',
      'GET /x e:get/a_b:2',
    ]);
  });

  test('makes names of at most 250 characters', () => {
    const long = 'x'.repeat(300);
    const names = registrationOf([get(`/${long}/a`), get(`/${long}/b`)], 'e').restActions?.map((line) => line.split(' ')[2]);
    expect(names?.map((name) => name?.length)).toEqual([250, 250]);
    expect(names?.[1]).toMatch(/x:2$/);
  });

  test.each([
    ['unique names', [get('/a', 'n'), get('/b', 'n')]],
    ['action names', [get('/a', 'm', ['internal:x']), get('/b', 'n', ['internal:x'])]],
    ['a unique name and an action name', [get('/a', 'internal:x'), get('/b', 'n', ['internal:x'])]],
  ])('refuses %s that are the same', (_, routes) => {
    expect(() => registrationOf(routes, 'e')).toThrow(usage('route names must be unique'));
  });
});
