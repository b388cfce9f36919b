import { expect, test } from 'vitest';
import { RestAnswer } from '../../../../src/devnode/rest/rest-answer.ts';
import { RestController } from '../../../../src/devnode/rest/rest-controller.ts';
import type { IncomingRequest } from '../../../../src/devnode/rest/rest-request.ts';
import { StatusError } from '../../../../src/protocol/error/status-error.ts';

const controller = new RestController()
  .register('GET', '/notes/{id}', (request) => ({ id: request.param('id') ?? '', level: request.param('level') ?? null }))
  .register('GET', '/notes/_all', () => ({ all: true }))
  .register('PUT', '/notes/{id}', (request) => ({ id: request.param('id') ?? '' }))
  .register('GET', '/late', (request) => () => ({ level: request.param('level') ?? null }))
  .register('GET', '/text', () => RestAnswer.bytes({ status: 201, content: 'as it is', headers: { 'X-A': ['1', '2'] } }))
  .register('GET', '/fails', () => Promise.reject(new StatusError(404, 'note_missing_exception', 'no such note')))
  .register('GET', '/throws', () => {
    throw new TypeError('broken');
  });

async function ask(method: IncomingRequest['method'], uri: string, more: Partial<IncomingRequest> = {}) {
  const signal = new AbortController().signal;
  const answer = await controller.dispatch({
    method,
    uri,
    httpVersion: 'HTTP_1_1',
    headers: {},
    content: Buffer.alloc(0),
    signal,
    ...more,
  });
  return { ...answer, text: Buffer.from(answer.content).toString('utf8') };
}

test('literals win over parameters, and parameters are decoded', async () => {
  expect((await ask('GET', '/notes/_all')).text).toBe('{"all":true}');
  expect((await ask('GET', '/notes/a%2Fb?level=2')).text).toBe('{"id":"a/b","level":"2"}');
});

test('a parameter that nobody reads is refused with a proposal', async () => {
  const { status, text } = await ask('GET', '/notes/1?levl=1&zzz');
  expect(status).toBe(400);
  expect(text).toContain('request [/notes/1] contains unrecognized parameters: [levl] -> did you mean [level]?, [zzz]');
});

test('what a handler returns as a function runs after the parameters are looked at', async () => {
  expect((await ask('GET', '/late?level=1')).status).toBe(400);
  expect((await ask('GET', '/late')).text).toBe('{"level":null}');
});

test('an unknown path, a wrong method and OPTIONS', async () => {
  expect(await ask('GET', '/nope/a%20b')).toMatchObject({
    status: 400,
    text: '{"error":"no handler found for uri [/nope/a b] and method [GET]"}',
  });
  expect(await ask('POST', '/notes/1')).toMatchObject({
    status: 405,
    headers: { Allow: 'GET,PUT' },
    text: '{"error":"Incorrect HTTP method for uri [/notes/1] and method [POST], allowed: [GET, PUT]","status":405}',
  });
  expect(await ask('OPTIONS', '/notes/1')).toMatchObject({ status: 200, headers: { Allow: 'GET,PUT' }, text: '' });
  expect(await ask('GET', '/notes/%zz')).toMatchObject({
    status: 405,
    text: '{"error":"Unexpected HTTP method, allowed: [GET, PUT]","status":405}',
  });
});

test.each([
  [{}, 406, 'Content-Type header [] is not supported'],
  [{ 'content-type': ['text/plain'] }, 406, 'Content-Type header [text/plain] is not supported'],
  [{ 'Content-Type': [''] }, 400, 'invalid Content-Type header []'],
  [{ 'Content-Type': ['application/json', 'application/json'] }, 400, 'only one Content-Type header should be provided'],
  [{ 'Content-Type': ['application/vnd.opensearch+json; charset=utf-8'] }, 200, '{"id":"1"}'],
])('a body with the headers %j is answered %i', async (headers, status, words) => {
  const answer = await ask('PUT', '/notes/1', { headers: headers as Record<string, string[]>, content: Buffer.from('{}') });
  expect(answer.status).toBe(status);
  expect(answer.text).toContain(words);
});

test('errors become the JSON of a node, whatever filter_path says', async () => {
  expect(await ask('GET', '/fails?filter_path=x')).toMatchObject({
    status: 404,
    text: '{"error":{"root_cause":[{"type":"note_missing_exception","reason":"no such note"}],"type":"note_missing_exception","reason":"no such note"},"status":404}',
  });
  expect((await ask('GET', '/throws')).status).toBe(500);
});

test('pretty, filter_path and other formats shape JSON, not bytes', async () => {
  expect((await ask('GET', '/notes/1?pretty')).text).toBe('{\n  "id" : "1",\n  "level" : null\n}\n');
  expect((await ask('GET', '/notes/1?filter_path=id')).text).toBe('{"id":"1"}');
  expect(await ask('GET', '/notes/1?format=yaml')).toMatchObject({ contentType: 'application/yaml', text: '---\nid: "1"\nlevel: null\n' });
  expect(await ask('GET', '/text?pretty')).toMatchObject({ status: 201, text: 'as it is', headers: { 'X-A': ['1', '2'] } });
});

test('two handlers for one route, and two names for one parameter, are refused in the words of a node', () => {
  expect(() => controller.register('GET', '/notes/{id}', () => ({}))).toThrow(
    'Cannot replace existing handler for [/notes/{id}] for method: GET',
  );
  expect(() => controller.register('GET', '/notes/{key}', () => ({}))).toThrow(
    'Trying to use conflicting wildcard names for same path: id and key',
  );
});
