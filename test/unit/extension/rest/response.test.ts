import { describe, expect, test } from 'vitest';
import { errorResponse } from '../../../../src/extension/rest/error-response.ts';
import { answerMessage, json, response, text, toExtensionResponse } from '../../../../src/extension/rest/response.ts';
import { restExecuteOnExtensionResponse } from '../../../../src/protocol/action/extension/node-to-extension.ts';
import { decode, encode } from '../../../../src/protocol/codec/codec.ts';
import { RemoteError } from '../../../../src/protocol/error/remote-error.ts';
import { StatusError } from '../../../../src/protocol/error/status-error.ts';
import { UsageError } from '../../../../src/protocol/error/transport-error.ts';

const bodyOf = ({ body }: { readonly body: Uint8Array }): string => Buffer.from(body).toString();
const usage = (message: string) => expect.objectContaining({ code: 'ERR_USAGE', message: expect.stringContaining(message) });

describe('what a handler returns', () => {
  test.each<[string, unknown, string, string, string]>([
    ['text', 'hé', 'OK', 'text/plain; charset=UTF-8', 'hé'],
    ['bytes', Buffer.from('b'), 'OK', 'application/octet-stream', 'b'],
    ['an object', { a: [1, 'é'] }, 'OK', 'application/json; charset=UTF-8', '{"a":[1,"é"]}'],
    ['an object that looks like an answer', { status: 5, body: 'x' }, 'OK', 'application/json; charset=UTF-8', '{"status":5,"body":"x"}'],
    ['an array', [], 'OK', 'application/json; charset=UTF-8', '[]'],
    ['a number', 0, 'OK', 'application/json; charset=UTF-8', '0'],
    ['false', false, 'OK', 'application/json; charset=UTF-8', 'false'],
    ['an empty text', '', 'OK', 'text/plain; charset=UTF-8', ''],
    ['nothing', undefined, 'NO_CONTENT', 'text/plain; charset=UTF-8', ''],
    ['null', null, 'NO_CONTENT', 'text/plain; charset=UTF-8', ''],
    ['JSON with a status', json(null, { status: 201 }), 'CREATED', 'application/json; charset=UTF-8', 'null'],
    ['text with a status', text('no', { status: 404 }), 'NOT_FOUND', 'text/plain; charset=UTF-8', 'no'],
    ['an answer in full', response({ status: 202, body: '<a/>', contentType: 'text/xml' }), 'ACCEPTED', 'text/xml', '<a/>'],
  ])('%s', (_, result, status, contentType, body) => {
    const answer = toExtensionResponse(result);
    expect(answer).toMatchObject({ status, contentType });
    expect(bodyOf(answer)).toBe(body);
  });

  const circle: { self?: unknown } = {};
  circle.self = circle;

  test.each<[string, unknown, string]>([
    ['a function', () => 1, 'cannot write the answer as JSON: it is a function'],
    ['a symbol', Symbol('x'), 'cannot write the answer as JSON: it is a symbol'],
    ['a bigint', 1n, 'cannot write the answer as JSON: '],
    ['a circle', circle, 'cannot write the answer as JSON: '],
    ['a stream', (async function* () {})(), 'a handler returned a stream'],
  ])('%s is no answer', (_, result, message) => {
    expect(() => toExtensionResponse(result)).toThrow(usage(message));
  });
});

describe('the status of an answer', () => {
  test.each([
    [100, "cannot answer with status 100: a node ends the client's connection on 1xx"],
    [101, 'cannot answer with status 101'],
    [308, 'cannot answer with status 308: a node has no name for it; use 307'],
    [418, 'status must be one that OpenSearch knows, got 418'],
    [0, 'got 0'],
    [Number.NaN, 'got NaN'],
  ])('cannot be %d', (status, message) => {
    expect(() => text('', { status })).toThrow(usage(message));
  });
});

describe('the headers of an answer', () => {
  test('go out as they are, one line a value', () => {
    expect(text('', { headers: { 'X-Many': ['a', 'b'], location: '/ä' } }).headers).toEqual({ 'X-Many': ['a', 'b'], location: ['/ä'] });
  });

  test('lose what is the business of the node', () => {
    expect(text('', { headers: { 'Content-Length': '5', 'transfer-encoding': 'chunked', a: 'b' } }).headers).toEqual({ a: ['b'] });
  });

  test('decide about the content type', () => {
    const answer = json({}, { headers: { 'CONTENT-TYPE': 'application/geo+json' } });
    expect(answer.contentType).toBe('application/geo+json');
    expect(answer.headers).toEqual({});
  });

  test.each([
    ['a line break', { a: 'b\r\nc: d' }, 'header a must have values of one line in ISO 8859-1, got "b\\r\\nc: d"'],
    ['a line feed', { a: ['b', 'c\n'] }, 'got "c\\n"'],
    ['a NUL', { a: '\0' }, 'header a must have values of one line'],
    ['letters beyond ISO 8859-1', { a: '€' }, 'got "€"'],
    ['a number', { a: [5] as never }, 'got 5'],
    ['a name that is none', { 'a b': 'c' }, "header name 'a b' must be"],
    ['an empty name', { '': 'c' }, "header name '' must be"],
  ])('are refused with %s', (_, headers, message) => {
    expect(() => text('', { headers })).toThrow(usage(message));
  });
});

describe('what a handler throws', () => {
  const errorOf = (error: unknown) => {
    const answer = errorResponse(error);
    return { status: answer.status, headers: answer.headers, body: JSON.parse(bodyOf(answer)) as unknown };
  };
  const printed = (type: string, reason: string, status: number) => ({ error: { root_cause: [{ type, reason }], type, reason }, status });

  test('is printed as OpenSearch prints errors', () => {
    const error = new StatusError(404, 'note_not_found_exception', 'no note [17]', { headers: { 'X-Note': ['17'] } });
    expect(errorOf(error)).toEqual({
      status: 'NOT_FOUND',
      headers: { 'X-Note': ['17'] },
      body: printed('note_not_found_exception', 'no note [17]', 404),
    });
  });

  test.each<[string, unknown, string, object]>([
    ['a status without a type', new StatusError(409, null, 'again'), 'CONFLICT', printed('status_exception', 'again', 409)],
    ['a status that is no error', new StatusError(200, 'a', 'b'), 'INTERNAL_SERVER_ERROR', printed('a', 'b', 500)],
    ['a status nobody knows', new StatusError(418, 'teapot', 'short'), 'BAD_REQUEST', printed('teapot', 'short', 400)],
    ['an error', new TypeError('x is not a function'), 'INTERNAL_SERVER_ERROR', printed('type_error', 'x is not a function', 500)],
    ['a mistake of the handler', new UsageError('ERR_USAGE', {}, 'no'), 'INTERNAL_SERVER_ERROR', printed('usage_error', 'no', 500)],
    ['a text', 'oops', 'INTERNAL_SERVER_ERROR', printed('error', 'oops', 500)],
  ])('%s', (_, error, status, body) => {
    expect(errorOf(error)).toMatchObject({ status, body });
  });

  test("a node's refusal is passed on", () => {
    const none = { stack: [], suppressed: [], headers: {}, metadata: {} };
    const inner = {
      ...none,
      class: 'org.opensearch.index.IndexNotFoundException',
      message: 'no such index [a]',
      cause: null,
      status: 404,
      type: 'index_not_found_exception',
    };
    const outer = {
      ...none,
      class: 'org.opensearch.transport.RemoteTransportException',
      message: '[n]',
      cause: inner,
      status: 404,
      type: 'remote_transport_exception',
    };
    expect(errorOf(new RemoteError(outer))).toMatchObject({
      status: 'NOT_FOUND',
      body: { error: { type: 'index_not_found_exception', reason: 'no such index [a]' } },
    });
  });

  test('with headers that HTTP cannot carry is answered without them', () => {
    expect(errorOf(new StatusError(401, 'a', 'b', { headers: { 'X-A': ['x\ny'] } }))).toMatchObject({
      status: 'UNAUTHORIZED',
      headers: {},
    });
  });
});

test('the message of an answer consumes every parameter and survives the wire', () => {
  const message = answerMessage(json({ ok: true }, { headers: { 'X-A': 'b' } }), ['name', 'loud']);
  expect(decode(restExecuteOnExtensionResponse, encode(restExecuteOnExtensionResponse, message))).toEqual({
    status: 'OK',
    contentType: 'application/json; charset=UTF-8',
    content: Buffer.from('{"ok":true}'),
    headers: { 'X-A': ['b'] },
    consumedParams: ['name', 'loud'],
    contentConsumed: true,
  });
});

test.each([
  new Map([[1, 2]]),
  new Set([1]),
  new Error('no'),
  new Response('hi'),
  new Blob(['hi']),
  new Uint16Array(2),
  new DataView(new ArrayBuffer(2)),
])('a %s, which JSON shows without its contents, is refused', (value) => {
  expect(() => toExtensionResponse(value)).toThrow(/^a handler returned a .*, whose contents JSON leaves out; return text/);
});

test('an object with a toJSON of its own is JSON, whatever it extends', () => {
  class Failure extends Error {
    toJSON() {
      return { failed: this.message };
    }
  }
  expect(Buffer.from(toExtensionResponse(new Failure('x')).body).toString()).toBe('{"failed":"x"}');
});
