import { describe, expect, test } from 'vitest';
import { createRequest } from '../../../../src/extension/rest/request.ts';
import { RequestBody } from '../../../../src/extension/rest/request-body.ts';
import { decodeSegment, pathSegments } from '../../../../src/extension/rest/request-path.ts';
import { defineRoute } from '../../../../src/extension/rest/route.ts';
import { RouteTable } from '../../../../src/extension/rest/route-table.ts';
import type { ExtensionRestRequest } from '../../../../src/protocol/action/extension/node-to-extension.ts';

const MESSAGE: ExtensionRestRequest = {
  method: 'POST',
  uri: '/_extensions/_hi/a%2Fb/c?name=q&loud',
  path: '/a/b/c',
  params: { name: 'a/b', loud: '', constructor: 'x' },
  headers: { 'Content-Type': ['application/json'] },
  mediaType: 'application/json; charset=UTF-8',
  content: Buffer.from('{"text":"hé"}'),
  principalIdentifierToken: 'noopToken',
  httpVersion: 'HTTP_1_1',
};

const { signal } = new AbortController();
const surroundings = { opaqueId: 'me', asCaller: () => expect.fail('not used'), signal: () => signal };

function requestOf(message: ExtensionRestRequest, path: string) {
  const table = new RouteTable();
  table.add(defineRoute('POST', path, () => undefined));
  const match = table.match(message.method, pathSegments(message.uri, message.path, 'hi'));
  if (match.kind !== 'route') throw new Error(match.kind);
  return createRequest(message, match, surroundings);
}

describe('the pieces of a path', () => {
  test.each([
    ['/_extensions/_hi/a/b', ['a', 'b']],
    ['/_extensions/_hi/a%2Fb?x=/y', ['a%2Fb']],
    ['/_extensions/_hi/a//', ['a']],
    ['/_extensions/_hi/a//b', ['a', '', 'b']],
    ['/_extensions/_hi', []],
    ['/_extensions/_hi/', []],
    ['/_extensions/_hi?x', []],
    ['/_extensions/_hill/a', ['from', 'path']],
  ])('of %s', (uri, segments) => {
    expect(pathSegments(uri, '/from/path', 'hi')).toEqual(segments);
  });

  test('are decoded each by itself', () => {
    expect(decodeSegment('a%2Fb%20c+d%C3%A9')).toBe('a/b c+dé');
    for (const bad of ['%', '%zz', '%ff']) {
      expect(() => decodeSegment(bad)).toThrow(expect.objectContaining({ status: 400, type: 'illegal_argument_exception' }));
    }
  });
});

describe('a request', () => {
  test('has the parameters of its path, and those of its query apart', () => {
    const request = requestOf(MESSAGE, '/{name}/c');
    expect(request.params).toEqual({ name: 'a/b' });
    expect(request.query.all()).toEqual({ loud: '', constructor: 'x' });
    expect(request.query.has('toString')).toBe(false);
  });

  test('leaves out the parameters of generic routes', () => {
    const params = { path_segment_1: 'a/b', path_segment_2: 'c', loud: '', name: 'hidden' };
    const request = requestOf({ ...MESSAGE, params }, '/{name}/c');
    expect(request.params).toEqual({ name: 'a/b' });
    expect(request.query.all()).toEqual({ loud: '' });
  });

  test('has what the message says', () => {
    expect(requestOf(MESSAGE, '/{name}/c')).toMatchObject({
      method: 'POST',
      uri: MESSAGE.uri,
      path: '/a/b/c',
      headers: MESSAGE.headers,
      contentType: 'application/json',
      callerToken: 'noopToken',
      opaqueId: 'me',
      signal,
    });
  });

  test('without a body has no content type', () => {
    const request = requestOf({ ...MESSAGE, mediaType: null, content: Buffer.alloc(0) }, '/{name}/c');
    expect(request.contentType).toBeNull();
    expect(request.body.text()).toBe('');
  });
});

describe('a body', () => {
  const bodyOf = (content: string | number[], type: string | null = 'application/json') =>
    new RequestBody(Buffer.from(content as string), type);

  test('is text and JSON', () => {
    expect(bodyOf('{"text":"hé"}').json<{ text: string }>().text).toBe('hé');
    expect(bodyOf('[1]', null).json()).toEqual([1]);
    expect(bodyOf('{}', 'application/vnd.opensearch+json').json()).toEqual({});
    expect(bodyOf('é').text()).toBe('é');
  });

  test.each([
    ['is broken', bodyOf('{"a":'), 400, 'parse_exception', /^the request body is not JSON: /],
    ['is empty', bodyOf(' '), 400, 'parse_exception', /^request body is required$/],
    ['is no UTF-8', bodyOf([0x22, 0xff, 0x22]), 400, 'illegal_argument_exception', /^the request body is not UTF-8$/],
    [
      'is something else',
      bodyOf('a: 1', 'application/yaml'),
      415,
      'illegal_argument_exception',
      /is application\/yaml, expected application\/json$/,
    ],
    ['is many', bodyOf('{}\n{}', 'application/x-ndjson'), 415, 'illegal_argument_exception', /is application\/x-ndjson/],
  ])('that %s is refused as JSON', (_, body, status, type, reason) => {
    expect(() => body.json()).toThrow(expect.objectContaining({ status, type, reason: expect.stringMatching(reason) }));
  });
});
