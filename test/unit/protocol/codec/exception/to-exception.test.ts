import { describe, expect, test } from 'vitest';
import { decode, encode } from '../../../../../src/protocol/codec/codec.ts';
import { toErrorResponse } from '../../../../../src/protocol/codec/exception/error-response.ts';
import { exceptionStatus } from '../../../../../src/protocol/codec/exception/exception-status.ts';
import { exceptionType } from '../../../../../src/protocol/codec/exception/exception-type.ts';
import { exception } from '../../../../../src/protocol/codec/exception/exception.ts';
import type { ExceptionValue } from '../../../../../src/protocol/codec/exception/exception-value.ts';
import { toException } from '../../../../../src/protocol/codec/exception/to-exception.ts';
import type { ErrorCode } from '../../../../../src/protocol/error/codes.ts';
import { ERROR_CODES } from '../../../../../src/protocol/error/codes.ts';
import { type RemoteCause, RemoteError } from '../../../../../src/protocol/error/remote-error.ts';
import { StatusError } from '../../../../../src/protocol/error/status-error.ts';
import { TransportError, UsageError } from '../../../../../src/protocol/error/transport-error.ts';
import { V_2_0_0 } from '../../../../../src/protocol/wire/version.ts';

const shown = (value: ExceptionValue) => [value.id ?? value.class, exceptionType(value), exceptionStatus(value)];
const responder = { nodeName: 'n', local: { host: '127.0.0.1', port: 1 }, action: 'x:y' };

describe('a StatusError', () => {
  test('without a type is id 145 with its status', () => {
    const value = toException(new StatusError(404, null, 'gone'));
    expect(shown(value)).toEqual([145, 'status_exception', 404]);
    expect(value.message).toBe('gone');
  });

  test('with a type is id 62 with type and status', () => {
    const value = toException(
      new StatusError(409, 'note_conflict_exception', 'twice', { metadata: { 'opensearch.note': ['7'] }, cause: new Error('why') }),
    );
    expect(shown(value)).toEqual([62, 'note_conflict_exception', 409]);
    expect(value).toMatchObject({ message: 'twice', metadata: { 'opensearch.note': ['7'] }, cause: { id: 62, message: 'why' } });
  });

  test.each([
    [418, 400],
    [308, 500],
    [599, 500],
    [503, 503],
  ])('%i travels as %i', (status, sent) => expect(exceptionStatus(toException(new StatusError(status, null, '')))).toBe(sent));

  test('refuses what no node could show', () => {
    for (const status of [0, 99, 600, 404.5, Number.NaN]) expect(() => new StatusError(status, null, '')).toThrow(UsageError);
    expect(() => new StatusError(400, null, '', { metadata: { note: ['7'] } })).toThrow("metadata key 'note'");
  });

  test('is known across copies of the package', () => {
    expect(new StatusError(400, null, '')).toBeInstanceOf(StatusError);
    expect({ [Symbol.for('opensearch-transport.status-error')]: true }).toBeInstanceOf(StatusError);
    for (const other of [null, undefined, 'x', {}, new Error('x')]) expect(other).not.toBeInstanceOf(StatusError);
  });
});

describe('a TransportError', () => {
  test.each<[ErrorCode, unknown[]]>([
    ['ERR_UNKNOWN_ACTION', [101, 'action_not_found_transport_exception', 500]],
    ['ERR_OVERLOADED', ['org.opensearch.core.concurrency.OpenSearchRejectedExecutionException', 'rejected_execution_exception', 429]],
    ['ERR_PAYLOAD_LIMIT', [133, 'circuit_breaking_exception', 429]],
    ['ERR_DECODE', ['java.lang.IllegalStateException', 'illegal_state_exception', 500]],
    ['ERR_DEADLINE', [118, 'timeout_exception', 504]],
    ['ERR_CANCELLED', [146, 'task_cancelled_exception', 500]],
    ['ERR_CLOSED', [9, 'node_closed_exception', 500]],
    ['ERR_DIAL', [12, 'connect_transport_exception', 500]],
    ['ERR_CONNECTION_LOST', [84, 'node_disconnected_exception', 500]],
    ['ERR_USAGE', [62, 'transport_error', 500]],
  ])('%s has the nearest exception', (code, expected) => {
    expect(shown(toException(new TransportError(code, {}, 'text')))).toEqual(expected);
  });

  test('of every code can be sent', () => {
    for (const code of Object.keys(ERROR_CODES) as ErrorCode[]) {
      const value = toErrorResponse(new TransportError(code, { cause: new Error('why') }, 'text'), { ...responder, version: V_2_0_0 });
      expect(decode(exception, encode(exception, value, { version: V_2_0_0 }), { version: V_2_0_0 })).toMatchObject({
        cause: { message: 'text' },
      });
    }
  });
});

describe('a RemoteError made by hand', () => {
  const remote: RemoteCause = {
    class: 'com.example.Odd',
    message: 'odd',
    cause: null,
    stack: [],
    suppressed: [],
    headers: { a: ['b'] },
    metadata: {},
    status: 404,
    type: 'odd_exception',
  };

  test('keeps type, status and cause', () => {
    const value = toException(new RemoteError({ ...remote, type: 'outer', cause: remote }));
    expect(shown(value)).toEqual([62, 'outer', 404]);
    expect(shown(value.cause as ExceptionValue)).toEqual([62, 'odd_exception', 404]);
    expect(value.headers).toEqual({ a: ['b'] });
  });
});

describe('any other thrown value', () => {
  test.each<[string, unknown, string, string]>([
    ['an error', new Error('m'), 'error', 'm'],
    ['a subclass', new RangeError('m'), 'range_error', 'm'],
    ['a string', 'text', 'error', 'text'],
    ['undefined', undefined, 'error', 'undefined'],
    ['null', null, 'error', 'null'],
    ['a symbol', Symbol('s'), 'error', 'Symbol(s)'],
    ['an object without text', Object.create(null), 'error', 'the thrown value cannot be described'],
    ['an error whose message is none', Object.assign(new Error('x'), { message: 7 }), 'error', ''],
    [
      'an error whose message throws',
      Object.defineProperty(new Error('x'), 'message', {
        get: () => {
          throw new Error('y');
        },
      }),
      'error',
      'the thrown value cannot be described',
    ],
    [
      'a proxy that throws',
      new Proxy(
        {},
        {
          getPrototypeOf: () => {
            throw new Error('y');
          },
        },
      ),
      'error',
      'the thrown value cannot be described',
    ],
    ['an error with an endless name', Object.assign(new Error('m'), { name: 'n'.repeat(10_000) }), 'n'.repeat(200), 'm'],
  ])('%s is id 62 with status 500', (_, error, type, message) => {
    const value = toException(error);
    expect(shown(value)).toEqual([62, type, 500]);
    expect(value.message).toBe(message);
    expect(() => encode(exception, value)).not.toThrow();
  });

  test('brings its causes and the errors it gathered, each once', () => {
    const why = new Error('why');
    const value = toException(new AggregateError([new Error('a'), why, 'b'], 'all', { cause: why }));
    expect(value.cause?.message).toBe('why');
    expect(value.suppressed.map(({ message }) => message)).toEqual(['a', 'b']);
  });

  test('ends where causes turn in a circle or go on for ever', () => {
    const circle = new Error('circle');
    circle.cause = circle;
    expect(toException(circle).cause).toBeNull();
    let long = new Error('end');
    for (let i = 0; i < 100_000; i++) long = new Error('step', { cause: long });
    expect(() => encode(exception, toErrorResponse(long, responder))).not.toThrow();
  });

  test('shows no stack unless asked, and then no folders', () => {
    const error = new Error('m');
    error.stack = [
      'Error: m',
      '    at Notes.find (file:///home/me/app/notes.ts:12:5)',
      '    at async file:///home/me/app/main.ts:3:1',
      '    at new Thing (C:\\app\\thing.js:1:2)',
      '    at <anonymous>',
    ].join('\n');
    expect(toException(error).stack).toEqual([]);
    expect(toException(error, { stack: true }).stack).toEqual([
      { class: 'Notes', file: 'notes.ts', method: 'find', line: 12 },
      { class: 'javascript', file: 'main.ts', method: '<anonymous>', line: 3 },
      { class: 'javascript', file: 'thing.js', method: 'new Thing', line: 1 },
    ]);
    expect(toException(new Error('real'), { stack: true }).stack[0]).toMatchObject({ file: 'to-exception.test.ts' });
  });
});
