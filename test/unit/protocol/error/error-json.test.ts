import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type RemoteCause, RemoteError } from '../../../../src/protocol/error/remote-error.ts';
import { StatusError } from '../../../../src/protocol/error/status-error.ts';
import { DeadlineError, DecodeError, DialError, TransportError } from '../../../../src/protocol/error/transport-error.ts';

const json = (error: unknown): unknown => JSON.parse(JSON.stringify(error));

function remote(type: string, message: string, cause: RemoteCause | null = null): RemoteCause {
  return {
    class: `org.opensearch.${type}`,
    type,
    message,
    cause,
    stack: [{ class: 'Secret', file: 'Secret.java', method: 'run', line: 1 }],
    suppressed: [],
    headers: {},
    metadata: { 'opensearch.index': ['books'] },
    status: 404,
  };
}

describe('JSON.stringify', () => {
  test('has message, code and the members of the class, and no stack', () => {
    expect(json(new DeadlineError('handshake', { delivery: 'not-sent' }, 'too late'))).toEqual({
      name: 'DeadlineError',
      message: 'too late',
      code: 'ERR_DEADLINE',
      scope: 'call',
      fault: 'network',
      delivery: 'not-sent',
      phase: 'handshake',
    });
    expect(json(new DecodeError('ERR_DECODE', { path: ['a', 'b'], offset: 7 }, 'bad'))).toMatchObject({
      message: 'bad',
      path: ['a', 'b'],
      offset: 7,
    });
    expect(json(new StatusError(409, 'conflict_exception', 'no'))).toMatchObject({
      message: 'no',
      status: 409,
      type: 'conflict_exception',
    });
  });

  test('has the causes, of foreign classes too', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED', { cause: 'a text' }), { code: 'ECONNREFUSED', port: 9300 });
    expect(json(new DialError('ERR_DIAL', { cause }, 'cannot connect'))).toMatchObject({
      message: 'cannot connect',
      cause: { name: 'Error', message: 'connect ECONNREFUSED', code: 'ECONNREFUSED', port: 9300, cause: 'a text' },
    });
    const all = new AggregateError([new TransportError('ERR_DIAL', {}, 'one'), new TypeError('two')], 'both');
    expect(json(new DialError('ERR_DIAL', { cause: all }, 'x'))).toMatchObject({
      cause: { errors: [{ code: 'ERR_DIAL' }, { message: 'two' }] },
    });
  });

  test('ends, though an error is its own cause', () => {
    const error = new Error('round');
    error.cause = error;
    expect(JSON.stringify(new DialError('ERR_DIAL', { cause: error }, 'x')).length).toBeLessThan(1000);
  });
});

describe('the cause of a remote error', () => {
  const chain = remote(
    'remote_transport_exception',
    'n1',
    remote('index_not_found_exception', 'no such index', remote('io_exception', 'disk')),
  );

  test('is a remote error, as far as the chain goes', () => {
    const error = new RemoteError(chain);
    expect(error).toMatchObject({ remoteType: 'index_not_found_exception', reason: 'no such index' });
    expect(error.cause).toBeInstanceOf(RemoteError);
    expect(error.cause).toMatchObject({ remoteType: 'io_exception', reason: 'disk', delivery: 'answered' });
    expect((error.cause as RemoteError).cause).toBeUndefined();
    expect('cause' in (error.cause as RemoteError)).toBe(false);
  });

  test('is shown by console.log and in JSON, the remote stack in neither', () => {
    const error = new RemoteError(chain);
    expect(inspect(error)).toContain('[cause]: [RemoteError: io_exception: disk]');
    expect(inspect(error)).not.toContain('Secret');
    expect(json(error)).toMatchObject({ message: 'index_not_found_exception: no such index', cause: { reason: 'disk', status: 404 } });
    expect(JSON.stringify(error)).not.toContain('Secret');
  });

  test('costs no stack of this process, and leaves the limit of stacks as it was', () => {
    const { stackTraceLimit } = Error;
    const error = new RemoteError(chain);
    expect((error.cause as Error).stack).not.toContain('\n');
    expect(error.stack).toContain('\n');
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  });

  test('is the one that was given, if one was', () => {
    const cause = new Error('mine');
    expect(new RemoteError(chain, { cause }).cause).toBe(cause);
  });
});
