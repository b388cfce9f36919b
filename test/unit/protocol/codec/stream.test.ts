import { describe, expect, it } from 'vitest';
import type { AnyCodec } from '../../../../src/protocol/codec/codec.ts';
import { from, lazy, list, map, mapped, optional, since, struct, until, withDefault } from '../../../../src/protocol/codec/combinators.ts';
import { joined } from '../../../../src/protocol/codec/joined.ts';
import { int, string } from '../../../../src/protocol/codec/primitives.ts';
import { stream, type StreamSource } from '../../../../src/protocol/codec/stream.ts';
import { keyedUnion, union } from '../../../../src/protocol/codec/union.ts';
import { StreamInput } from '../../../../src/protocol/wire/stream-input.ts';
import { StreamOutput } from '../../../../src/protocol/wire/stream-output.ts';
import { V_3_0_0 } from '../../../../src/protocol/wire/version.ts';

const content = struct({ content: stream() });
const source: StreamSource = { size: 0, chunks: [] };

/** Every codec that holds another, around a stream, and a value of it. */
const wrapped: readonly [string, AnyCodec, unknown][] = [
  ['optional', optional(stream()), source],
  ['since', since(V_3_0_0, stream(), null), source],
  ['until', until(V_3_0_0, stream()), source],
  ['from', from(V_3_0_0, stream(), stream()), source],
  [
    'mapped',
    mapped(
      stream(),
      (value) => value,
      ({ it }: { it: StreamSource }) => it,
    ),
    { it: source },
  ],
  ['withDefault', withDefault(optional(stream()), null), source],
  ['struct', content, { content: source }],
  ['joined', joined(struct({ a: int }), content, 'both'), { a: 1, content: source }],
  [
    'union',
    union('u', 'byte', { plain: { tag: 0, codec: struct({}) }, full: { tag: 1, codec: content } }),
    { kind: 'full', content: source },
  ],
  ['keyedUnion', keyedUnion('u', 'byte', { full: { tag: 1, codec: stream() } }), { full: source }],
];

describe.each(wrapped)('a stream inside of %s', (_, codec, value) => {
  it('marks the codec, which finds the source in a value', () => {
    expect(codec.hasStream).toBe(true);
    expect(codec.sourceIn?.(value)).toBe(source);
  });

  it('may be the last field only', () => {
    expect(struct({ a: int, b: codec }).hasStream).toBe(true);
    expect(() => struct({ first: codec, second: string })).toThrow(
      expect.objectContaining({
        code: 'ERR_USAGE',
        message: "field 'first' is a stream, so it must be the last field, but field 'second' follows it",
      }),
    );
  });

  it.each([
    ['an element of a list', () => list(codec)],
    ['a value of a map', () => map(codec)],
    ['the first part of both', () => joined(codec, struct({}), 'both')],
  ])('cannot be %s', (place, make) => {
    const message = `a stream must be the last field of a message, it cannot be ${place}`;
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_USAGE', message }));
  });

  it('cannot be inside of a codec that is defined later', () => {
    const later = lazy('later', () => codec) as AnyCodec;
    const refused = expect.objectContaining({ code: 'ERR_USAGE', message: expect.stringContaining('it cannot be inside of later') });
    expect(() => later.read(new StreamInput(Buffer.from('0000', 'hex')))).toThrow(refused);
    expect(() => later.write(new StreamOutput(), value as never)).toThrow(refused);
  });
});

describe('a codec without a stream', () => {
  it.each([optional(int), since(V_3_0_0, int, 0), until(V_3_0_0, int), from(V_3_0_0, int, int), withDefault(int, 0), struct({ int })])(
    'is not marked, whatever holds it',
    (codec) => {
      expect(codec.hasStream).toBe(false);
      expect(codec.sourceIn).toBeUndefined();
    },
  );
});

it('a source cannot be a default', () => {
  expect(() => withDefault(stream(), source)).toThrow(expect.objectContaining({ code: 'ERR_USAGE' }));
});

it('a value that is left out or null has no source', () => {
  expect(optional(stream()).sourceIn?.(null)).toBeUndefined();
  expect(withDefault(optional(stream()), null).sourceIn?.(undefined)).toBeUndefined();
});

it('an output knows whether its tail is last', () => {
  const output = new StreamOutput();
  expect(output.isTailLast).toBe(true);
  output.allowReferences();
  output.writeByte(1);
  output.continueWith({ size: 5, chunks: [] });
  expect(output.isTailLast).toBe(true);
  output.writeByte(2);
  expect(output.isTailLast).toBe(false);
});
