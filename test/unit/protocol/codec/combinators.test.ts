import { describe, expect, it } from 'vitest';
import { type Codec, decode, encode } from '../../../../src/protocol/codec/codec.ts';
import {
  byteEnumeration,
  enumeration,
  enumSet,
  from,
  lazy,
  list,
  map,
  optional,
  since,
  struct,
  until,
  withDefault,
} from '../../../../src/protocol/codec/combinators.ts';
import { optionalEnumSet } from '../../../../src/protocol/codec/optional-enum-set.ts';
import { boolean, bytes, int, rest, string, vInt } from '../../../../src/protocol/codec/primitives.ts';
import { DecodeError, UsageError } from '../../../../src/protocol/error/transport-error.ts';
import type { ReadTrace } from '../../../../src/protocol/wire/stream-input.ts';
import { V_2_17_0, V_2_19_0, V_3_0_0 } from '../../../../src/protocol/wire/version.ts';

const hexOf = <In>(codec: Codec<unknown, In>, value: In, version?: number): string =>
  encode(codec, value, version === undefined ? {} : { version }).toString('hex');
const valueOf = <Out>(codec: Codec<Out, never>, hex: string, version?: number): Out =>
  decode(codec, Buffer.from(hex, 'hex'), version === undefined ? {} : { version });

const person = struct({ name: string, age: withDefault(vInt, 7), tags: withDefault(list(string), []) });

describe('struct', () => {
  it('writes its fields in order, defaults where they are left out', () => {
    expect(hexOf(person, { name: 'a' })).toBe('01610700');
    expect(valueOf(person, '01610700')).toEqual({ name: 'a', age: 7, tags: [] });
  });

  it('takes __proto__ for a field as any other', () => {
    const odd = valueOf(struct({ ['__proto__']: int, 'a-b': int }), '0000000500000006');
    expect(Object.entries(odd)).toEqual([
      ['__proto__', 5],
      ['a-b', 6],
    ]);
  });

  it('names the field a value is wrong in', () => {
    expect(() => encode(struct({ who: person }), { who: { name: 1 as never } })).toThrow(/^who\.name: expected a string, got 1$/);
    expect(() => encode(person, { name: 'a', tags: ['b', 2 as never] })).toThrow(/^tags\[1\]: expected a string, got 2$/);
    expect(() => encode(person, null as never)).toThrow(UsageError);
  });

  it('names the path where bytes go wrong', () => {
    const error = thrownBy(() => valueOf(struct({ people: list(person) }), '02 0161 07 00 0162 07 01 05'.replaceAll(' ', '')));
    expect(error).toBeInstanceOf(DecodeError);
    expect(error).toMatchObject({ offset: 9, path: ['people', '[1]', 'tags', '[0]'] });
  });

  it('tells a trace every field with its extent', () => {
    const seen: string[] = [];
    const open: string[] = [];
    const trace: ReadTrace = {
      enter: (name, offset) => void open.push(`${name}@${offset}`),
      leave: (offset, value) => void seen.push(`${open.pop()}-${offset}=${JSON.stringify(value)}`),
    };
    decode(person, Buffer.from('0161ac020101 62'.replace(' ', ''), 'hex'), { trace });
    expect(seen).toEqual(['name@0-2="a"', 'age@2-4=300', '[0]@5-7="b"', 'tags@4-7=["b"]']);
  });
});

describe('collections', () => {
  it('a map keeps the last value of a repeated key, and takes __proto__ for a key', () => {
    const value = valueOf(map(int), '020161 00000001 0161 00000002'.replaceAll(' ', ''));
    expect(value).toEqual({ a: 2 });
    const odd = valueOf(map(int), `0109${Buffer.from('__proto__').toString('hex')}00000005`);
    expect(Object.keys(odd)).toEqual(['__proto__']);
    expect(hexOf(map(int), odd)).toBe(`0109${Buffer.from('__proto__').toString('hex')}00000005`);
    expect(({} as Record<string, unknown>)['a']).toBeUndefined();
  });

  it.each([
    [list(int), 'ffffffff07'],
    [map(int), '8080808001 00'],
    [bytes, '7f00'],
  ] as [Codec<unknown, never>, string][])('a count beyond the bytes allocates nothing (%#)', (codec, hex) => {
    expect(() => valueOf(codec, hex.replaceAll(' ', ''))).toThrow(/needs at least \d+ more bytes?, but only \d+ (?:is|are) left/);
  });

  it('an optional value is a bool and the value', () => {
    expect(hexOf(optional(int), null)).toBe('00');
    expect(hexOf(optional(int), undefined)).toBe('00');
    expect(valueOf(optional(int), '0100000001')).toBe(1);
  });

  it('the rest of a stream has no length', () => {
    expect(valueOf(struct({ a: boolean, body: rest }), '010203')).toEqual({ a: true, body: Buffer.from([2, 3]) });
  });

  it('bytes that are handed out do not change with the read buffer', () => {
    const buffer = Buffer.from('020102', 'hex');
    const value = decode(bytes, buffer);
    buffer.fill(0);
    expect(value.toString('hex')).toBe('0102');
  });
});

describe('enumerations', () => {
  const level = enumeration('level', ['CLUSTER', 'INDICES']);
  const type = byteEnumeration('type', ['A', null, 'C']);
  const flags = enumSet('flag', ['X', 'Y', 'Z']);

  it('are ordinals', () => {
    expect(hexOf(level, 'INDICES')).toBe('01');
    expect(hexOf(type, 'C')).toBe('02');
    expect(hexOf(flags, ['Z', 'X', 'Z'])).toBe('020002');
    expect(valueOf(flags, '0302 00 02'.replaceAll(' ', ''))).toEqual(['Z', 'X']);
    expect(hexOf(optionalEnumSet(flags), [])).toBe('00');
    expect(valueOf(optionalEnumSet(flags), '010101')).toEqual(['Y']);
  });

  it('refuse numbers and names they do not have', () => {
    expect(() => valueOf(level, '02')).toThrow('Unknown level ordinal [2] (at byte 0)');
    expect(() => valueOf(level, 'ffffffff0f')).toThrow(DecodeError);
    expect(() => valueOf(type, '01')).toThrow('Unknown type [1]');
    expect(() => encode(level, 'SHARDS' as never)).toThrow("expected a value of level (one of CLUSTER, INDICES), got 'SHARDS'");
    expect(() => encode(level, 'toString' as never)).toThrow(UsageError);
  });
});

describe('gates', () => {
  const gated = struct({
    newer: since(V_3_0_0, string, null),
    older: until(V_2_17_0, vInt),
    either: from(V_3_0_0, vInt, int),
  });

  it('follow the stream version', () => {
    const value = { newer: 'a', older: 1, either: 2 };
    expect(hexOf(gated, value, V_3_0_0)).toBe('016102');
    expect(hexOf(gated, value, V_2_19_0)).toBe('00000002');
    expect(valueOf(gated, '016102', V_3_0_0)).toEqual({ newer: 'a', older: null, either: 2 });
    expect(valueOf(gated, '00000002', V_2_19_0)).toEqual({ newer: null, older: null, either: 2 });
    expect(valueOf(gated, '0100000002', V_2_17_0 - 100)).toEqual({ newer: null, older: 1, either: 2 });
  });
});

describe('lazy', () => {
  interface Tree {
    readonly left: Tree | null;
  }
  const tree: Codec<Tree> = struct({ left: optional(lazy<Tree, Tree>('tree', () => tree)) });
  const nested = (depth: number): Tree => (depth === 0 ? { left: null } : { left: nested(depth - 1) });

  it('reads and writes 200 levels, and refuses more', () => {
    const bytes200 = encode(tree, nested(200));
    expect(encode(tree, decode(tree, bytes200)).equals(bytes200)).toBe(true);
    expect(() => encode(tree, nested(201))).toThrow(/nested deeper than 200/);
    expect(() => decode(tree, Buffer.concat([Buffer.from([1]), bytes200]))).toThrow(/nested deeper than 200/);
  });
});

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
