import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { activeShardCount } from '../../../../src/protocol/action/shared/active-shard-count.ts';
import * as docs from '../../../../src/protocol/action/docs/docs.ts';
import { documentSource } from '../../../../src/protocol/action/shared/document-source.ts';
import { parseTime, showTime } from '../../../../src/protocol/action/shared/time-text.ts';
import { timeout } from '../../../../src/protocol/action/shared/timeout.ts';
import { decode, encode } from '../../../../src/protocol/codec/codec.ts';
import type { TimeUnit } from '../../../../src/protocol/codec/time-value.ts';

const usage = (text: string) => expect.objectContaining({ code: 'ERR_USAGE', message: expect.stringContaining(text) });

describe('times as text', () => {
  test.each<[string, number, TimeUnit]>([
    ['30s', 30, 'SECONDS'],
    ['1m', 1, 'MINUTES'],
    ['500ms', 500, 'MILLISECONDS'],
    ['2h', 2, 'HOURS'],
    ['1d', 1, 'DAYS'],
    ['10micros', 10, 'MICROSECONDS'],
    ['7NANOS', 7, 'NANOSECONDS'],
    ['-1', -1, 'MILLISECONDS'],
    ['00', 0, 'MILLISECONDS'],
  ])('%s', (text, duration, unit) => {
    expect(parseTime(text)).toEqual({ duration, unit });
  });

  test.each(['30', '1.5s', '', 's', '-2s', '5 s', '5w', '99999999999999999999s'])('%j is none', (text) => {
    expect(() => parseTime(text)).toThrow(usage('expected a time such as 30s, 500ms or 1m'));
  });

  test.each<[number, TimeUnit, string]>([
    [0, 'MILLISECONDS', '0s'],
    [1500, 'MILLISECONDS', '1.5s'],
    [90, 'SECONDS', '1.5m'],
    [30, 'SECONDS', '30s'],
    [36, 'HOURS', '1.5d'],
    [5, 'NANOSECONDS', '5nanos'],
    [-1, 'MILLISECONDS', '-1'],
  ])('%d %s shows as %s', (duration, unit, text) => {
    expect(showTime({ duration, unit })).toBe(text);
  });

  test('a timeout is written from text as from a value', () => {
    expect(encode(timeout, '30s')).toEqual(encode(timeout, { duration: 30, unit: 'SECONDS' }));
    expect(decode(timeout, encode(timeout, '30s'))).toEqual({ duration: 30, unit: 'SECONDS' });
    expect(() => encode(timeout, 'soon')).toThrow(usage("got 'soon'"));
  });
});

describe('active shards', () => {
  test.each([
    ['ALL', 'ffffffff'],
    ['DEFAULT', 'fffffffe'],
    [3, '00000003'],
    [0, '00000000'],
  ] as const)('%s is %s', (value, hex) => {
    expect(encode(activeShardCount, value).toString('hex')).toBe(hex);
    expect(decode(activeShardCount, Buffer.from(hex, 'hex'))).toBe(value);
  });

  test('numbers below are refused both ways', () => {
    expect(() => encode(activeShardCount, -3)).toThrow(usage("expected an integer >= 0, 'ALL' or 'DEFAULT', got -3"));
    expect(() => decode(activeShardCount, Buffer.from('fffffffd', 'hex'))).toThrow(expect.objectContaining({ code: 'ERR_DECODE' }));
  });
});

describe('documents', () => {
  const long = 'é'.repeat(20_000);

  test.each([
    [{ ä: 1 }, '{"ä":1}'],
    ['{"ä":1}', '{"ä":1}'],
    [{ toJSON: () => ({ a: 1 }) }, '{"a":1}'],
    [{}, '{}'],
    ['', ''],
    [{ long }, `{"long":"${long}"}`],
  ])('objects become JSON, and text UTF-8 (%#)', (given, text) => {
    const bytes = Buffer.from(text);
    const encoded = encode(documentSource, given);
    expect(encoded.equals(encode(documentSource, bytes))).toBe(true);
    expect(decode(documentSource, encoded)).toEqual(bytes);
  });

  class Note {
    #text = 'hi';
    get text(): string {
      return this.#text;
    }
  }

  test.each([
    [[1], 'Array'],
    [null, 'null'],
    [7, 'a number'],
    [undefined, 'undefined'],
    [{ toJSON: () => undefined }, 'an object whose toJSON returns another value'],
    [{ toJSON: () => 5 }, 'an object whose toJSON returns another value'],
    [{ toJSON: () => ['a'] }, 'an object whose toJSON returns another value'],
    [{ toJSON: () => null }, 'an object whose toJSON returns another value'],
    [new Map([['text', 'hi']]), 'Map'],
    [new Set(['hi']), 'Set'],
    [new Note(), 'Note'],
    [new Date(0), 'Date'],
    [new Uint16Array(2), 'Uint16Array'],
    [new (class {})(), 'an object of a class'],
  ])('%o is refused by name', (value, name) => {
    expect(() => encode(documentSource, value as never)).toThrow(
      usage(`a document must be a plain object, bytes or a JSON string, got ${name}`),
    );
  });

  test('objects of another realm and without a prototype are plain', () => {
    const nothing = Object.assign(Object.create(null) as object, { a: 1 });
    for (const given of [nothing, runInNewContext('({ a: 1 })') as object]) {
      expect(decode(documentSource, encode(documentSource, given)).toString()).toBe('{"a":1}');
    }
  });

  test('a Map as the source of an index request is refused with its field', () => {
    expect(() => encode(docs.index.request, { index: 'i', source: new Map() })).toThrow(usage('source: a document must be'));
  });
});
