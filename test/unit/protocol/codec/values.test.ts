import { describe, expect, it } from 'vitest';
import { bigInteger } from '../../../../src/protocol/codec/big-integer.ts';
import { byteSizeValue, toByteCount } from '../../../../src/protocol/codec/byte-size-value.ts';
import { type Codec, decode, encode } from '../../../../src/protocol/codec/codec.ts';
import {
  indicesOptions,
  lenientExpandHidden,
  strictExpandOpenAndForbidClosedIgnoreThrottled,
} from '../../../../src/protocol/codec/indices-options.ts';
import { string } from '../../../../src/protocol/codec/primitives.ts';
import { mediaType } from '../../../../src/protocol/codec/media-type.ts';
import { optionalText } from '../../../../src/protocol/codec/optional-text.ts';
import { httpCodeOf, REST_STATUSES, restStatus, restStatusOf } from '../../../../src/protocol/codec/rest-status.ts';
import { optionalSecureString, secureString } from '../../../../src/protocol/codec/secure-string.ts';
import { settings } from '../../../../src/protocol/codec/settings.ts';
import { NO_TASK, taskId } from '../../../../src/protocol/codec/task-id.ts';
import { milliseconds, minutes, seconds, timeValue, toMilliseconds } from '../../../../src/protocol/codec/time-value.ts';
import { boundTransportAddress, transportAddress } from '../../../../src/protocol/codec/transport-address.ts';
import { DecodeError, UsageError } from '../../../../src/protocol/error/transport-error.ts';
import { goldenVectors } from '../../../vectors/load.ts';

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

describe('malformed bytes', () => {
  it.each<[string, Codec<unknown, never>, string, string]>([
    ['a time unit that does not exist', timeValue, '3c 07', 'Unknown time unit [7]'],
    ['a negative time unit', timeValue, '3c ff', 'Unknown time unit [-1]'],
    ['a size unit that does not exist', byteSizeValue, '00 06', 'Unknown byte size unit ordinal [6]'],
    ['an address of five bytes', transportAddress, '05 0000000000 00 00000000', 'illegal length 5'],
    ['a negative count of addresses', boundTransportAddress, 'ffffffff', 'must be positive'],
    ['more addresses than bytes', boundTransportAddress, '00000002 04 7f000001 00 00000001', 'needs at least '],
    ['a status nobody knows', restStatus, '02 4f58', 'No REST status [OX]'],
    ['a status with a name of Object', restStatus, `08${Buffer.from('toString').toString('hex')}`, 'No REST status'],
    ['an option beyond the last', indicesOptions, '01 06 00', 'Unknown indices option ordinal [6]'],
    ['a negative text', optionalText, 'fffffffe', 'length -2'],
    ['a negative secure string', optionalSecureString, 'ffffffff0f', 'length -1'],
    ['a secure string beyond the end', secureString, '05 61', 'needs at least '],
    ['a setting that is a map', settings, '01 0161 0a 00', 'expected the value of a setting, got a generic map'],
    ['a setting that is a list of numbers', settings, '01 0161 07 01 01 00000001', 'expected the value of a setting, got a generic list'],
    ['an integer with letters', bigInteger, '02 3161', 'expected a decimal integer'],
  ])('%s', (_, codec, hex, text) => {
    expect(() => decode(codec, bytes(hex))).toThrow(DecodeError);
    expect(() => decode(codec, bytes(hex))).toThrow(text);
  });
});

describe('values that are refused', () => {
  it.each<[string, Codec<unknown, never>, unknown]>([
    ['a task id without a node', taskId, { id: 1 }],
    ['no task id', taskId, undefined],
    ['a task number that is not exact', taskId, { nodeId: 'a', id: 2 ** 60 }],
    ['a unit by another name', timeValue, { duration: 1, unit: 'seconds' }],
    ['an address that is text', transportAddress, { ip: '127.0.0.1', host: '', port: 1 }],
    ['a status by number', restStatus, 200],
    ['a setting that is a number', settings, { a: 1 }],
    ['a setting with a number in its list', settings, { a: ['b', 1] }],
    ['settings that are none', settings, null],
    ['a secure string that is a number', secureString, 5],
    ['an integer that is a number', bigInteger, 5],
  ])('%s', (_, codec, value) => {
    expect(() => encode(codec as Codec<unknown, unknown>, value)).toThrow(UsageError);
  });
});

describe('values', () => {
  it('no task is one byte', () => {
    expect(encode(taskId, NO_TASK).toString('hex')).toBe('00');
    expect(decode(taskId, bytes('00'))).toEqual(NO_TASK);
  });

  it('spans of time and sizes', () => {
    expect([seconds(2), milliseconds(5), minutes(1), { duration: 5n, unit: 'MICROSECONDS' } as const].map(toMilliseconds)).toEqual([
      2000, 5, 60_000, 0.005,
    ]);
    expect(toByteCount({ size: 2, unit: 'KB' })).toBe(2048);
  });

  it.each([1250, 1251, 2500, 2501, 5000, 5001, 7777, 9_999])('integers of %i digits', (digits) => {
    const text = Array.from({ length: digits }, (_, i) => String((i * 7 + 1) % 10)).join('');
    const written = (sign: string) => encode(string, sign + text);
    const value = BigInt(text);
    expect([decode(bigInteger, written('')), decode(bigInteger, written('+')), decode(bigInteger, written('-'))]).toEqual([
      value,
      value,
      -value,
    ]);
    expect(decode(bigInteger, encode(string, '0'.repeat(digits)))).toBe(0n);
  });

  it('the default of cluster health and of searches', () => {
    expect(encode(indicesOptions, lenientExpandHidden).toString('hex')).toBe('02000203000102');
    expect(encode(indicesOptions, strictExpandOpenAndForbidClosedIgnoreThrottled).toString('hex')).toBe('030204050100');
  });

  it('REST statuses have the codes and ordinals of OpenSearch', () => {
    const vectors = goldenVectors('3.9.0').filter(({ value }) => value?.['type'] === 'restStatus');
    expect(vectors.map(({ value }) => value?.['value'])).toEqual(REST_STATUSES);
    for (const { value } of vectors) {
      const { value: name, ordinal, http } = value as { value: (typeof REST_STATUSES)[number]; ordinal: number; http: number };
      expect(REST_STATUSES.indexOf(name)).toBe(ordinal);
      expect(httpCodeOf(name)).toBe(http);
      expect(restStatusOf(http)).toBe(name);
    }
    expect(restStatusOf(599)).toBeUndefined();
  });

  it('settings take other scalars by their text, as OpenSearch does', () => {
    expect(decode(settings, bytes('02 0161 01 00000005 0162 05 01'))).toEqual({ a: '5', b: 'true' });
  });

  it('settings are written in ascending order of keys', () => {
    expect(encode(settings, { b: '', a: null, B: [] }).toString('hex')).toBe('0301420700' + '0161ff' + '01620000');
  });

  it('a media type keeps parameters it does not know', () => {
    const sent = 'application/json; charset=utf-16';
    expect(decode(mediaType, encode(mediaType, sent))).toBe(sent);
  });
});
