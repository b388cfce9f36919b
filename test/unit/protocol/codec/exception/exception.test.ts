import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode, encode } from '../../../../../src/protocol/codec/codec.ts';
import { struct } from '../../../../../src/protocol/codec/combinators.ts';
import { atVersion } from '../../../../../src/protocol/codec/exception/at-version.ts';
import { exception, wholeException } from '../../../../../src/protocol/codec/exception/exception.ts';
import type { ExceptionInit, ExceptionValue } from '../../../../../src/protocol/codec/exception/exception-value.ts';
import { fromForm, toForm } from '../../../../../src/protocol/codec/json-form.ts';
import { string } from '../../../../../src/protocol/codec/primitives.ts';
import { DecodeError, UsageError } from '../../../../../src/protocol/error/transport-error.ts';
import { MAX_EXCEPTION_DEPTH } from '../../../../../src/protocol/wire/limits.ts';
import { parseVersion, V_2_19_0, V_3_0_0, V_3_9_0 } from '../../../../../src/protocol/wire/version.ts';
import { type GoldenVector, goldenVectors, releases } from '../../../../vectors/load.ts';

const hex = (text: string) => Buffer.from(text, 'hex');
const illegal = { class: 'java.lang.IllegalArgumentException', message: 'no' };

describe('what a caller leaves out', () => {
  test('is null or empty, and the class decides the id', () => {
    expect(encode(exception, { class: 'org.opensearch.index.IndexNotFoundException' }).toString('hex')).toBe('010010000000000000');
    expect(encode(exception, { id: 16, message: 'm' }).toString('hex')).toBe('01001001016d0000000000');
    expect(encode(exception, illegal).toString('hex')).toBe('010601026e6f000000');
  });

  test.each<[string, ExceptionInit, string]>([
    ['an unknown class', { class: 'com.example.Boom' }, "class 'com.example.Boom' is not registered in OpenSearch; send it as id 62"],
    ['neither class nor id', {}, "class 'undefined' is not registered"],
    ['an extra field that is missing', { id: 145 }, 'extra.status: '],
    ['an unknown id without the rest of the stream', { id: 300 }, 'extra.unread: '],
    [
      'extra.unread on an exception that is laid out',
      { id: 16, extra: { unread: Buffer.alloc(1) } },
      'unexpected extra.unread in exception 16: only the last exception of a stream',
    ],
    [
      'extra.unread in a cause that something follows',
      { id: 68, cause: { id: 300, extra: { unread: Buffer.alloc(1) } } },
      'unexpected extra.unread',
    ],
    ['a message that is none', { ...illegal, message: 7 as never }, 'message: expected a string, got 7'],
  ])('%s is refused', (_, init, text) => {
    expect(() => encode(exception, init)).toThrow(UsageError);
    expect(() => encode(exception, init)).toThrow(text);
  });
});

describe('an exception whose end is not known', () => {
  const unknown = '0100ac0201036162630000000000ffff';

  test('takes the stream to its end, and the exceptions around it with it', () => {
    for (const bytes of [unknown, `01004400${unknown}`, `010600${unknown}`, `01004400000001${unknown}`, `0101000103726573${unknown}`]) {
      const value = decode(exception, hex(bytes)) as ExceptionValue;
      expect(value.extra).toHaveProperty('unread');
      expect(encode(exception, value).toString('hex')).toBe(bytes);
      const form = JSON.parse(JSON.stringify(toForm(exception.schema, value))) as unknown;
      expect(encode(exception, fromForm(exception.schema, form) as ExceptionValue).toString('hex')).toBe(bytes);
    }
  });

  test('cannot stand before other fields', () => {
    const followed = struct({ cause: wholeException, reason: string });
    expect(() => decode(followed, hex(unknown))).toThrow('unknown exception for id: 300');
    expect(() => decode(followed, hex(`01004400${unknown}`))).toThrow('unknown exception for id: 300');
    const value = decode(exception, hex(unknown)) as ExceptionValue;
    expect(() => encode(followed, { cause: value, reason: '' })).toThrow(UsageError);
    expect(decode(followed, encode(followed, { cause: illegal, reason: 'r' }))).toMatchObject({ cause: illegal, reason: 'r' });
    expect(() => decode(followed, hex('0000'))).toThrow('got null');
  });
});

describe('bad bytes', () => {
  test.each([
    ['an unknown key', '0113', 'no such exception for id: 19'],
    ['a negative key', '01ffffffff0f', 'no such exception for id: -1'],
    ['an unknown kind of file system exception', '010d08', 'unknown FileSystemException with id 8'],
    ['a null among the suppressed', '010601026e6f00000100', 'expected an exception, got null'],
    ['a stack that cannot fit', '010601026e6f00ffffff7f', 'bytes, but only 0 are left'],
    ['a number of a shard state that is not used', `01006100000000000004`, 'Unknown index shard state [4]'],
  ])('%s', (_, bytes, text) => {
    expect(() => decode(exception, hex(bytes))).toThrow(DecodeError);
    expect(() => decode(exception, hex(bytes))).toThrow(text);
  });

  test.each(releases)('a golden exception of %s cut anywhere', (release) => {
    const vectors = goldenVectors(release).filter(({ kind, hex: bytes }) => kind === 'exception' && bytes.length < 900 && bytes !== '00');
    expect(vectors.length).toBeGreaterThan(100);
    for (const [i, vector] of vectors.entries()) {
      if (i % 4 !== 0 || vector.value?.['id'] === 17) continue;
      const bytes = hex(vector.hex);
      const options = { version: parseVersion(vector.streamVersion as string) };
      for (let end = 0; end < bytes.length; end++) expect(() => decode(exception, bytes.subarray(0, end), options)).toThrow(DecodeError);
    }
  });

  test('any bytes give a value or ERR_DECODE', () => {
    const tail = fc.uint8Array({ maxLength: 40 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 18 }), fc.integer({ min: 0, max: 127 }), tail, (key, id, bytes) => {
        const start = key === 0 ? [1, 0, id] : [1, key];
        try {
          decode(exception, Buffer.from([...start, ...bytes]));
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }),
    );
  });
});

describe('nesting', () => {
  const nested = (levels: number): ExceptionInit => {
    let value: ExceptionInit = illegal;
    for (let i = 1; i < levels; i++) value = { ...illegal, cause: value };
    return value;
  };

  test('is read and written up to the limit', () => {
    const bytes = encode(exception, nested(MAX_EXCEPTION_DEPTH));
    expect(encode(exception, decode(exception, bytes))).toEqual(bytes);
    expect(() => encode(exception, nested(MAX_EXCEPTION_DEPTH + 1))).toThrow(UsageError);
    expect(() => encode(exception, nested(20_000))).toThrow(UsageError);
  });

  test.each([
    ['causes', '010600'],
    ['suppressed', '0104000001'],
  ])('of a million %s is refused without overflowing', (_, level) => {
    const bytes = Buffer.from(level.repeat(1_000_000), 'hex');
    expect(() => decode(exception, bytes)).toThrow(`exceptions nested deeper than ${MAX_EXCEPTION_DEPTH}`);
  });

  test('that turns in a circle is refused', () => {
    const circle: { class: string; cause?: ExceptionInit } = { class: illegal.class };
    circle.cause = circle;
    expect(() => encode(exception, circle)).toThrow(UsageError);
  });
});

describe('at an older stream version', () => {
  const gates = releases.flatMap((release) => {
    const line = release === '3.9.0' ? (version: number) => version >= V_3_0_0 : (version: number) => version < V_3_0_0;
    return goldenVectors(release)
      .filter(({ id, streamVersion }) => id.startsWith('exc.gate.') && line(parseVersion(streamVersion as string)))
      .map((vector) => [vector.id, vector, originalOf(release, vector)] as const);
  });

  test('there are gates to compare with', () => expect(gates.length).toBeGreaterThan(30));

  test.each(gates)('%s has the bytes a node writes', (_, vector, original) => {
    const version = parseVersion(vector.streamVersion as string);
    expect(encode(exception, atVersion(original, version), { version }).toString('hex')).toBe(vector.hex);
  });

  test('what 2.19.6 does not know goes out as id 62, though 3.9.0 gates it lower', () => {
    const view: ExceptionInit = { class: 'org.opensearch.action.admin.indices.view.ViewNotFoundException', message: 'v' };
    const value = decode(exception, encode(exception, view)) as ExceptionValue;
    expect(atVersion(value, V_3_9_0)).toEqual(value);
    expect(atVersion(value, V_2_19_0)).toMatchObject({
      id: 62,
      message: 'view_not_found_exception: v',
      extra: { name: 'view_not_found_exception', status: 'NOT_FOUND' },
    });
  });

  test('a hundred causes are enough', () => {
    let value = decode(exception, encode(exception, illegal)) as ExceptionValue;
    for (let i = 0; i < 5_000; i++) value = { ...value, cause: value };
    const bytes = encode(exception, atVersion(value, V_3_9_0));
    expect(bytes.toString('latin1')).toContain('too many nested exceptions');
  });
});

/** The same exception, read from a version that has its id. */
function originalOf(release: (typeof releases)[number], { id, value }: GoldenVector): ExceptionValue {
  const same = goldenVectors(release).find(
    (vector) =>
      vector.id.startsWith(id.split('@')[0] as string) && vector.value?.['wrapped'] !== true && vector.value?.['id'] === value?.['id'],
  );
  return same === undefined
    ? unwrapped(value)
    : (decode(exception, hex(same.hex), { version: parseVersion(same.streamVersion as string) }) as ExceptionValue);
}

function unwrapped(value: GoldenVector['value']): ExceptionValue {
  return { ...(value as unknown as ExceptionValue), extra: {} };
}

describe('random exceptions', () => {
  const lists = fc.dictionary(
    fc.string({ minLength: 1 }).map((key) => `k${key}`),
    fc.array(fc.string(), { maxLength: 3 }),
    { maxKeys: 3 },
  );
  const frame = fc.record({ class: fc.string(), file: fc.option(fc.string()), method: fc.string(), line: fc.integer() });
  const stack = fc.array(frame, { maxLength: 2 });
  const message = fc.option(fc.string());
  const { exceptions } = fc.letrec<{ exceptions: ExceptionValue; optional: ExceptionValue | null }>((tie) => ({
    optional: fc.option(tie('exceptions'), { depthSize: 'small' }),
    exceptions: fc.oneof(
      { maxDepth: 4 },
      fc.record({
        class: fc.constantFrom('java.lang.NullPointerException', 'java.io.EOFException'),
        id: fc.constant(null),
        message,
        cause: fc.constant(null),
        stack,
        suppressed: fc.constant([]),
        headers: fc.constant({}),
        metadata: fc.constant({}),
        extra: fc.constant({}),
      }),
      fc.record({
        class: fc.constant('java.lang.IllegalStateException'),
        id: fc.constant(null),
        message,
        cause: tie('optional'),
        stack,
        suppressed: fc.array(tie('exceptions'), { maxLength: 2 }),
        headers: fc.constant({}),
        metadata: fc.constant({}),
        extra: fc.constant({}),
      }),
      fc.record({
        class: fc.constant('org.opensearch.core.common.ParsingException'),
        id: fc.constant(40),
        message,
        cause: tie('optional'),
        stack,
        suppressed: fc.array(tie('exceptions'), { maxLength: 2 }),
        headers: lists,
        metadata: lists,
        extra: fc.record({ lineNumber: fc.integer(), columnNumber: fc.integer() }),
      }),
      fc.record({
        class: fc.constant('org.opensearch.action.search.SearchPhaseExecutionException'),
        id: fc.constant(100),
        message,
        cause: tie('optional'),
        stack,
        suppressed: fc.constant([]),
        headers: lists,
        metadata: lists,
        extra: fc.record({
          phaseName: fc.option(fc.string()),
          shardFailures: fc.array(
            fc.record({ shardTarget: fc.constant(null), reason: fc.string(), status: fc.constant('OK'), cause: tie('exceptions') }),
            { maxLength: 2 },
          ),
        }),
      }),
    ) as fc.Arbitrary<ExceptionValue>,
  }));

  test('come back as they were', () => {
    fc.assert(
      fc.property(exceptions, (value) => {
        const bytes = encode(exception, value);
        const back = decode(exception, bytes);
        expect(back).toEqual(value);
        expect(encode(exception, back)).toEqual(bytes);
        const form = JSON.parse(JSON.stringify(toForm(exception.schema, back))) as unknown;
        expect(encode(exception, fromForm(exception.schema, form) as ExceptionValue)).toEqual(bytes);
      }),
    );
  });
});
