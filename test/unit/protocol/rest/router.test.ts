import { describe, expect, test } from 'vitest';
import { restActions } from '../../../../src/protocol/rest/rest-catalogue.ts';
import type { RestAction } from '../../../../src/protocol/rest/rest-action.ts';
import type { RestMethod } from '../../../../src/protocol/rest/rest-message.ts';
import { Router } from '../../../../src/protocol/rest/router.ts';

const router = new Router(restActions);

describe('routes', () => {
  test.each<[RestMethod, string, string, Record<string, string>]>([
    ['GET', '/', 'cluster:monitor/main', {}],
    ['HEAD', '/', 'cluster:monitor/main', {}],
    ['GET', '/_cluster/health', 'cluster:monitor/health', {}],
    ['GET', '/_cluster/health/a,b*', 'cluster:monitor/health', { index: 'a,b*' }],
    ['GET', '/notes/_doc/a%2Fb%20c', 'indices:data/read/get', { index: 'notes', id: 'a/b c' }],
    ['GET', '/notes/_source/1/', 'indices:data/read/get', { index: 'notes', id: '1' }],
    ['POST', '/notes/_doc', 'indices:data/write/index', { index: 'notes' }],
    ['PUT', '/notes/_create/1', 'indices:data/write/index', { index: 'notes', id: '1' }],
    ['DELETE', '/notes/_doc/1', 'indices:data/write/delete', { index: 'notes', id: '1' }],
    ['POST', '/notes/_update/1', 'indices:data/write/update', { index: 'notes', id: '1' }],
    ['POST', '/_bulk', 'indices:data/write/bulk', {}],
    ['PUT', '/_bulk', 'indices:data/write/bulk', {}],
    ['PUT', '/notes', 'indices:admin/create', { index: 'notes' }],
    ['DELETE', '/notes', 'indices:admin/delete', { index: 'notes' }],
    ['POST', '/_refresh', 'indices:admin/refresh', {}],
  ])('%s %s', (method, path, action, params) => {
    const match = router.match(method, path);
    expect(match.kind === 'found' ? { action: match.rest.action.name, params: match.params } : match).toEqual({ action, params });
  });

  test('a path of other methods says which', () => {
    const { response } = router.route({ method: 'PATCH', uri: '/notes/_doc/1?x' });
    expect(response).toEqual({
      status: 405,
      headers: { Allow: 'DELETE,GET,HEAD,POST,PUT' },
      body: {
        error: 'Incorrect HTTP method for uri [/notes/_doc/1?x] and method [PATCH], allowed: [DELETE, GET, HEAD, POST, PUT]',
        status: 405,
      },
    });
  });

  test('a literal path hides the parameter in its place, for other methods too', () => {
    expect(router.match('DELETE', '/_bulk')).toEqual({ kind: 'none', allowed: ['POST', 'PUT'] });
  });

  test.each<[RestMethod, string]>([
    ['DELETE', 'x/notes'],
    ['GET', 'x/_cluster/health'],
  ])('%s %s: the first part counts without a slash, too', (method, path) => {
    expect(router.match(method, path).kind).toBe('none');
  });

  test('a path may lack its first slash', () => {
    expect(router.match('GET', 'notes/_doc/1')).toMatchObject({ kind: 'found', params: { index: 'notes', id: '1' } });
  });

  test('OPTIONS is answered for every path', () => {
    expect(router.route({ method: 'OPTIONS', uri: '/_bulk' }).response).toEqual({
      status: 200,
      headers: { Allow: 'POST,PUT' },
      body: null,
    });
    expect(router.route({ method: 'OPTIONS', uri: '/a/b/c/d' }).response).toEqual({ status: 200, headers: {}, body: null });
  });

  test('an empty part in the middle of a path is a part', () => {
    expect(router.match('GET', '/_cluster//health')).toEqual({ kind: 'none', allowed: [] });
  });

  test('a route that is taken, and a second name for a parameter, are refused', () => {
    const health = restActions.find(({ action }) => action.name === 'cluster:monitor/health') as RestAction;
    const other = (path: string): RestAction => ({ ...health, routes: [{ method: 'GET', path }] });
    expect(() => new Router([health, health])).toThrow(
      'route GET /_cluster/health of cluster:monitor/health belongs to cluster:monitor/health already',
    );
    expect(() => new Router([other('/{index}'), other('/{name}/_doc')])).toThrow(
      'names a parameter {name} that another route names {index}',
    );
  });

  test('an unknown path is a bad request', () => {
    expect(router.route({ method: 'GET', uri: '/a/b/c/d/%C3%BC?x=1' }).response).toEqual({
      status: 400,
      body: { error: 'no handler found for uri [/a/b/c/d/ü] and method [GET]' },
    });
  });

  test('a malformed percent escape is refused', () => {
    expect(() => router.match('GET', '/notes/_doc/%zz')).toThrow(
      expect.objectContaining({ status: 400, type: 'illegal_argument_exception' }),
    );
  });

  test('a query is taken apart', () => {
    const { request } = router.route({ method: 'GET', uri: '/_cluster/health?level=indices&timeout=5s&local' });
    expect([request?.path, request?.query.get('level'), request?.query.get('local')]).toEqual(['/_cluster/health', 'indices', '']);
  });
});
