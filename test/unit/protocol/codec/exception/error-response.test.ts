import { describe, expect, test } from 'vitest';
import { decode, encode } from '../../../../../src/protocol/codec/codec.ts';
import { readErrorResponse, toErrorResponse } from '../../../../../src/protocol/codec/exception/error-response.ts';
import { exception } from '../../../../../src/protocol/codec/exception/exception.ts';
import type { ExceptionValue } from '../../../../../src/protocol/codec/exception/exception-value.ts';
import { toRemoteCause } from '../../../../../src/protocol/codec/exception/remote-cause.ts';
import { toException } from '../../../../../src/protocol/codec/exception/to-exception.ts';
import { RemoteError } from '../../../../../src/protocol/error/remote-error.ts';
import { DecodeError, TransportError } from '../../../../../src/protocol/error/transport-error.ts';
import { StreamInput } from '../../../../../src/protocol/wire/stream-input.ts';
import { parseVersion, V_2_19_0, V_3_9_0 } from '../../../../../src/protocol/wire/version.ts';
import { capture, captures, framesOf, goldenVectors, releases } from '../../../../vectors/load.ts';

const local = { host: '127.0.0.1', port: 9300 };
const responder = { nodeName: 'node-1', local, action: 'x:y' };

/** A `RemoteTransportException` with a message, and `cause` in the place of its cause and everything behind. */
const responseWith = (cause: string) => Buffer.from(`01006701${'05'}${Buffer.from('outer').toString('hex')}${cause}`, 'hex');
const read = (bytes: Buffer) => readErrorResponse(new StreamInput(bytes, { version: V_2_19_0 }));

describe('an error response of ours', () => {
  test('for an unknown action has the bytes a node writes', () => {
    const golden = goldenVectors('2.19.6').find(({ id }) => id === 'frame.error.ActionNotFoundTransportException.2.19.6');
    const bodyHex = String(golden?.value?.['bodyHex']);
    const error = new TransportError('ERR_UNKNOWN_ACTION', {}, 'No handler for action [x:y]');
    const ours = toErrorResponse(error, responder);
    const theirs = decode(exception, Buffer.from(bodyHex, 'hex'), { version: V_2_19_0 }) as ExceptionValue;
    expect({ ...ours, cause: null }).toEqual({ ...theirs, cause: null });
    const withStack = { ...ours, cause: { ...(ours.cause as ExceptionValue), stack: theirs.cause?.stack ?? [] } };
    expect(encode(exception, withStack, { version: V_2_19_0 }).toString('hex')).toBe(bodyHex);
  });

  test('names an IPv6 address in brackets and sends its bytes', () => {
    const response = toErrorResponse(new Error('x'), { ...responder, local: { host: '::1', port: 9300 } });
    expect(response.message).toBe('[node-1][[::1]:9300][x:y]');
    expect(response.extra).toEqual({ address: { ip: `${'0'.repeat(31)}1`, host: '::1', port: 9300 }, action: 'x:y' });
  });

  test('passes on what another node answered', () => {
    const remote = toException(new TypeError('boom', { cause: new Error('why') }));
    const answered = decode(exception, encode(exception, toErrorResponse(remote, responder))) as ExceptionValue;
    const error = new RemoteError(toRemoteCause(answered));
    const again = decode(exception, encode(exception, toErrorResponse(error, responder))) as ExceptionValue;
    expect(again.cause).toEqual(answered);
  });
});

describe('captured error responses', () => {
  test.each(releases)('of %s decode and encode again', (release) => {
    const errors = captures(release)
      .flatMap(framesOf)
      .filter(({ decoded, bytes }) => !('_decodeError' in decoded) && isErrorFrame(bytes));
    expect(errors.length).toBeGreaterThan(20);
    for (const { bytes } of errors) {
      const body = bytes.subarray(23 + bytes.readInt32BE(19));
      const version = bytes.readInt32BE(15);
      if (body[0] === 0) continue;
      const value = decode(exception, body, { version }) as ExceptionValue;
      expect(readErrorResponse(new StreamInput(body, { version }))).toEqual(value);
      expect(encode(exception, value, { version }).toString('hex')).toBe(body.toString('hex'));
      expect(new RemoteError(toRemoteCause(value)).status).toBeGreaterThanOrEqual(400);
    }
  });

  test.each(releases)('of %s about an extension that is gone hold its longer node', (release) => {
    const causes = framesOf(capture(release, 'ext-transport-caller'))
      .filter(({ bytes }) => isErrorFrame(bytes))
      .map(({ bytes }) => read(bytes.subarray(23 + bytes.readInt32BE(19))).cause);
    const gone = causes.find((cause) => cause?.id === 134);
    const version = parseVersion('2.19.0');
    expect(gone?.extra['node']).toMatchObject({ versionId: version, minimumCompatibleVersionId: version, dependencies: [] });
  });
});

/** Not compressed, no handshake: response and error, with a header that has a length of its own. */
function isErrorFrame(bytes: Buffer): boolean {
  return bytes.length > 23 && bytes.toString('latin1', 0, 2) === 'ES' && bytes[14] === 3;
}

describe('an error response that cannot be read to its end', () => {
  test('with an unknown id keeps the message, and the cause as far as it is known', () => {
    // Key 0, id 300, a message, no cause, nothing in the lists, then who knows what.
    const value = read(responseWith('0100ac0201036162630000000000ffff'));
    expect(value).toMatchObject({ message: 'outer', extra: { unread: Buffer.alloc(0) } });
    expect(value.cause).toMatchObject({
      class: 'UnknownException',
      id: 300,
      message: 'abc',
      extra: { unread: Buffer.from('ffff', 'hex') },
    });
    const error = new RemoteError(toRemoteCause(value));
    expect([error.remoteType, error.reason, error.status]).toEqual(['unknown_exception', 'abc', 500]);
  });

  test.each([
    ['an unknown key', '0163', 'no such exception for id: 99 (at byte 11)', 'remote_transport_exception'],
    ['no more bytes', '', 'expected 1 more byte, got 0 (at byte 10)', 'remote_transport_exception'],
    [
      'a cause cut short',
      '01060105ab',
      'a count of 5 needs at least 5 more bytes, but only 1 is left (at byte 13)',
      'illegal_argument_exception',
    ],
    ['a boolean that is none', '07', 'unexpected byte [0x07], expected a boolean (at byte 10)', 'remote_transport_exception'],
    [
      'a stack that cannot fit',
      '00ffffffff07',
      'a count of 2147483647 needs at least 2147483647 more bytes, but only 0 are left (at byte 11)',
      'remote_transport_exception',
    ],
  ])('with %s keeps the message and says what is wrong', (_, rest, problem, type) => {
    const value = read(responseWith(rest));
    expect(value.message).toBe('outer');
    expect(value.extra).toEqual({ problem });
    expect(new RemoteError(toRemoteCause(value)).remoteType).toBe(type);
    expect(() => encode(exception, value)).toThrow('was read only in part');
  });

  test('keeps a cause that was read in part', () => {
    // An IllegalArgumentException with its message, then a cause of an unknown key.
    const value = read(responseWith('010601036162630163'));
    expect(value.cause).toMatchObject({ class: 'java.lang.IllegalArgumentException', message: 'abc', cause: null });
    expect(new RemoteError(toRemoteCause(value)).reason).toBe('abc');
  });

  test('can be passed on', () => {
    for (const rest of ['0100ac0201036162630000000000ffff', '010601036162630163', '0163']) {
      const error = new RemoteError(toRemoteCause(read(responseWith(rest))));
      for (const version of [V_2_19_0, V_3_9_0]) {
        const passed = decode(exception, encode(exception, toErrorResponse(error, { ...responder, version }), { version }), { version });
        expect(passed?.cause).toMatchObject({ class: 'org.opensearch.transport.RemoteTransportException', message: 'outer' });
        expect(new RemoteError(toRemoteCause(passed as ExceptionValue))).toMatchObject({ remoteType: error.remoteType });
      }
    }
  });

  test.each([
    ['null', '00'],
    ['nothing', ''],
    ['an unknown key', '0163'],
    ['a message cut short', '01006701'],
  ])('is refused when it holds %s', (_, hex) => {
    expect(() => read(Buffer.from(hex, 'hex'))).toThrow(DecodeError);
  });
});
