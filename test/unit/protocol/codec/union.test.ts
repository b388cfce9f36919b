import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnyCodec, type Codec, decode, encode } from '../../../../src/protocol/codec/codec.ts';
import { enumeration, lazy, list, map, optional, struct, withDefault } from '../../../../src/protocol/codec/combinators.ts';
import { fromForm, toForm } from '../../../../src/protocol/codec/json-form.ts';
import { anyLong, boolean, bytes, double, int, string } from '../../../../src/protocol/codec/primitives.ts';
import { stream } from '../../../../src/protocol/codec/stream.ts';
import { keyedUnion, type UnionIn, type UnionOut, union } from '../../../../src/protocol/codec/union.ts';
import { DecodeError, type UsageError } from '../../../../src/protocol/error/transport-error.ts';
import { StreamInput } from '../../../../src/protocol/wire/stream-input.ts';
import { V_2_19_0, V_3_0_0 } from '../../../../src/protocol/wire/version.ts';
import { arbitraryOf } from '../../../support/arbitraries.ts';

const cases = {
  circle: { tag: 0, codec: struct({ radius: int }) },
  box: { tag: 3, codec: struct({ width: int, height: withDefault(int, 1) }) },
  label: { tag: -1, codec: struct({ text: string }), since: V_3_0_0 },
} as const;

const shape = union('shape', 'byte', cases, { aliases: { square: { of: 'box', set: { height: 7 } } } });

const hexOf = (value: Parameters<typeof shape.write>[1], version = V_3_0_0): string => encode(shape, value, { version }).toString('hex');
const read = (hex: string, version = V_3_0_0) => decode(shape, Buffer.from(hex, 'hex'), { version });

function thrownBy(run: () => unknown): DecodeError & UsageError {
  try {
    run();
  } catch (error) {
    return error as DecodeError & UsageError;
  }
  throw new Error('nothing was thrown');
}

describe('a union', () => {
  it.each([
    [{ kind: 'circle', radius: 2 }, '0000000002'],
    [{ kind: 'box', width: 1, height: 2 }, '030000000100000002'],
    [{ kind: 'label', text: 'a' }, 'ff0161'],
  ] as const)('writes and reads %j', (value, hex) => {
    expect(hexOf(value)).toBe(hex);
    expect(read(hex)).toStrictEqual(value);
  });

  it('puts the discriminator first', () => {
    expect(Object.keys(read('0000000002'))).toEqual(['kind', 'radius']);
  });

  it('fills in the defaults of a case', () => {
    expect(hexOf({ kind: 'box', width: 1 })).toBe('030000000100000001');
  });

  it('writes an alias as the case it stands for', () => {
    expect(hexOf({ kind: 'square', width: 1 })).toBe('030000000100000007');
  });

  it('does not change an alias that it is given', () => {
    const given = Object.freeze({ kind: 'square', width: 1 } as const);
    hexOf(given);
    expect(given).toEqual({ kind: 'square', width: 1 });
  });

  it('writes the fields an alias sets whatever is given, without a copy of the value', () => {
    const given = new Proxy({ kind: 'square', width: 1, height: 9 } as const, {
      ownKeys: () => {
        throw new Error('the value was copied');
      },
    });
    expect(hexOf(given)).toBe('030000000100000007');
  });

  it('refuses an alias that sets a field its case does not have', () => {
    const make = (): unknown => union('shape', 'byte', cases, { aliases: { square: { of: 'box', set: { depth: 7 } } } });
    expect(thrownBy(make)).toMatchObject({
      code: 'ERR_USAGE',
      message: 'square, an alias of box: cannot set depth, box has no such field',
    });
  });

  it('refuses an unknown tag at its offset, with the tags it knows', () => {
    const error = thrownBy(() => decode(list(shape), Buffer.from('02000000000209', 'hex')));
    expect(error).toBeInstanceOf(DecodeError);
    expect(error.message).toContain('Unknown shape [9], expected one of 0 (circle), 3 (box), -1 (label)');
    expect(error.offset).toBe(6);
    expect(error.path).toEqual(['[1]']);
  });

  it.each([
    [{ kind: 'oval' }, "kind: expected one of circle, box, label, square, got 'oval'"],
    [{}, 'kind: expected one of circle, box, label, square, got undefined'],
    [{ kind: 'toString' }, "kind: expected one of circle, box, label, square, got 'toString'"],
    [null, 'expected an object with kind, got null'],
    ['circle', 'expected an object with kind, got string'],
  ])('refuses to write %j', (value, message) => {
    const error = thrownBy(() => hexOf(value as never));
    expect(error).toMatchObject({ code: 'ERR_USAGE', message });
  });

  it('names the path to what is wrong in a case', () => {
    expect(thrownBy(() => encode(list(shape), [{ kind: 'circle', radius: 'x' as never }])).message).toMatch(/^\[0\]\.radius: /);
    expect(thrownBy(() => decode(list(shape), Buffer.from('01000000', 'hex'))).path).toEqual(['[0]', 'radius']);
  });

  it('refuses a case that came later than the stream version, both ways', () => {
    expect(thrownBy(() => hexOf({ kind: 'label', text: 'a' }, V_2_19_0))).toMatchObject({
      code: 'ERR_USAGE',
      message: 'shape label needs stream version 3.0.0 or later, got 2.19.0',
    });
    expect(thrownBy(() => read('ff0161', V_2_19_0))).toMatchObject({ code: 'ERR_DECODE', offset: 0 });
  });

  it.each(['byte', 'vInt', 'string'] as const)('has tags of kind %s', (tag) => {
    const [one, two] = tag === 'string' ? ['one', 'two'] : [1, 2];
    const codec = union('number', tag, { a: { tag: one, codec: struct({}) }, b: { tag: two, codec: struct({}) } });
    const encoded = encode(codec, { kind: 'b' });
    expect(encoded.toString('hex')).toBe(tag === 'string' ? '0374776f' : '02');
    expect(decode(codec, encoded)).toEqual({ kind: 'b' });
  });

  it('shows an unknown string tag, cut', () => {
    const codec = union('thing', 'string', { a: { tag: 'a', codec: struct({}) } });
    expect(thrownBy(() => decode(codec, encode(string, 'x'.repeat(200)))).message).toContain(
      `Unknown thing [${'x'.repeat(80)}], expected a`,
    );
  });

  it.each([
    [() => union('u', 'byte', { a: { tag: 0, codec: struct({}) }, b: { tag: 0, codec: struct({}) } }), 'u: two cases have the same tag'],
    [() => union('u', 'byte', { a: { tag: 200, codec: struct({}) } }), 'u: the tag of a must be a byte, got 200'],
    [() => union('u', 'string', { a: { tag: 1, codec: struct({}) } }), 'u: the tag of a must be a string, got 1'],
    [() => union('u', 'byte', {}), 'u: a union needs at least one case'],
    [
      () => union('u', 'byte', { a: { tag: 0, codec: struct({ kind: int }) } }),
      'a: the field kind has the name of the discriminator, use another discriminator',
    ],
  ])('is refused when it is made wrong', (make, message) => {
    expect(thrownBy(make)).toMatchObject({ code: 'ERR_USAGE', message });
  });

  describe('of a case with any members', () => {
    const open = union('u', 'byte', { a: { tag: 0, codec: map(string) }, b: { tag: 1, codec: struct({}) } });

    it('lets no peer choose the name of the case', () => {
      const forged = Buffer.from(`0001${encode(string, 'kind').toString('hex')}${encode(string, 'b').toString('hex')}`, 'hex');
      expect(decode(open, forged)).toEqual({ kind: 'a' });
      const custom: Codec<object> = {
        schema: { kind: 'custom', name: 'odd', toForm: () => ({ kind: 'b' }), fromForm: () => ({ kind: 'b' }) },
        read: () => ({ kind: 'b' }),
        write: () => {},
      };
      const odd = union('u', 'byte', { a: { tag: 0, codec: custom }, b: { tag: 1, codec: struct({}) } });
      expect(decode(odd, Buffer.from('00', 'hex'))).toEqual({ kind: 'a' });
      expect(toForm(odd.schema, { kind: 'a' })).toEqual({ kind: 'a' });
      expect(fromForm(odd.schema, { kind: 'a' })).toEqual({ kind: 'a' });
    });

    it('charges the copy for its own members, not for what they hold', () => {
      const nested: AnyCodec = lazy('u', () => open);
      const open: AnyCodec = union('u', 'byte', { a: { tag: 0, codec: map(nested) } });
      const costOf = (depth: number): number => {
        const input = new StreamInput(Buffer.from('00010178'.repeat(depth) + '0000', 'hex'));
        open.read(input);
        return input.spent;
      };
      expect(costOf(1) - costOf(0)).toBeGreaterThanOrEqual(2 * 256);
      expect(costOf(14) - costOf(13)).toBe(costOf(1) - costOf(0));
    });

    it('does not write the name of the case as a member', () => {
      const value = { kind: 'a', x: 'y' } as never;
      const encoded = encode(open, value);
      expect(encoded.toString('hex')).toBe('000101780179');
      expect(decode(open, encoded)).toEqual(value);
      expect(toForm(open.schema, value)).toEqual({ kind: 'a', x: 'y' });
    });
  });

  it.each<[string, AnyCodec]>([
    ['an integer', int],
    ['a list', list(int)],
    ['bytes', bytes],
    ['an enumeration', enumeration('letter', ['a'])],
    ['null or an object', optional(struct({}))],
  ])('is refused when the value of a case is %s', (_, codec) => {
    expect(thrownBy(() => union('u', 'byte', { a: { tag: 0, codec } }))).toMatchObject({
      code: 'ERR_USAGE',
      message: 'a: the value of a case must be an object, or use keyedUnion',
    });
  });

  it('takes another discriminator', () => {
    const codec = union('u', 'byte', { a: { tag: 5, codec: struct({ kind: int }) } }, { discriminator: 'type' });
    expect(decode(codec, encode(codec, { type: 'a', kind: 1 }))).toEqual({ type: 'a', kind: 1 });
  });

  it('tells a trace where its tag and its fields stand', () => {
    const seen: [string, number][] = [];
    const trace = { enter: (name: string, offset: number) => void seen.push([name, offset]), leave: () => {} };
    list(shape).read(new StreamInput(Buffer.from('0200000000020300000001000000aa', 'hex'), { trace }));
    expect(seen).toEqual([
      ['[0]', 1],
      ['kind', 1],
      ['radius', 2],
      ['[1]', 6],
      ['kind', 6],
      ['width', 7],
      ['height', 11],
    ]);
  });

  it('has a JSON form with the discriminator, from and to', () => {
    const codec = union('u', 'byte', { a: { tag: 0, codec: struct({ id: anyLong, raw: optional(bytes) }) } });
    const value = { kind: 'a', id: 5, raw: Buffer.from([0xab]) } as const;
    expect(toForm(codec.schema, value)).toEqual({ kind: 'a', id: '5', raw: 'ab' });
    expect(fromForm(codec.schema, { kind: 'a', id: '5', raw: 'ab' })).toEqual(value);
    expect(thrownBy(() => fromForm(codec.schema, { kind: 'b' }))).toMatchObject({
      code: 'ERR_USAGE',
      message: "kind: expected a, got 'b'",
    });
    expect(thrownBy(() => fromForm(codec.schema, { kind: 'a', id: '5', other: 1 })).message).toBe('other: unknown field, expected id, raw');
  });

  it('takes the JSON form of an alias', () => {
    expect(encode(shape, fromForm(shape.schema, { kind: 'square', width: 1 }) as never).toString('hex')).toBe('030000000100000007');
  });

  it('gives back what was written, whatever it was', () => {
    fc.assert(
      fc.property(arbitraryOf(shape.schema), (value) => {
        const encoded = encode(shape, value as never, { version: V_3_0_0 });
        expect(encode(shape, decode(shape, encoded, { version: V_3_0_0 }), { version: V_3_0_0 }).equals(encoded)).toBe(true);
      }),
    );
  });

  it('may hold itself, to a bounded depth', () => {
    interface Node {
      readonly kind: 'node';
      readonly children: readonly (Node | { readonly kind: 'leaf' })[];
    }
    const tree: Codec<Node | { readonly kind: 'leaf' }> = union('tree', 'byte', {
      leaf: { tag: 0, codec: struct({}) },
      node: { tag: 1, codec: struct({ children: list(lazy('tree', () => tree)) }) },
    }) as never;
    const value: Node = { kind: 'node', children: [{ kind: 'leaf' }, { kind: 'node', children: [] }] };
    expect(decode(tree, encode(tree, value))).toEqual(value);
    const deep = Buffer.from('0101'.repeat(100_000), 'hex');
    expect(thrownBy(() => decode(tree, deep)).message).toContain('tree nested deeper than');
  });

  it('ends with a stream when one of its cases does', () => {
    expect(shape.hasStream).toBe(false);
    expect(union('u', 'byte', { a: { tag: 0, codec: struct({ content: stream() }) } }).hasStream).toBe(true);
  });

  it('is deterministic when all of its cases are', () => {
    expect(shape.isDeterministic).toBe(true);
    expect(union('u', 'byte', { a: { tag: 0, codec: map(double) } }).isDeterministic).toBe(true);
    expect(union('u', 'byte', { a: { tag: 0, codec: { ...map(double), isDeterministic: false } } }).isDeterministic).toBe(false);
  });

  it('has the types of its cases', () => {
    const out: UnionOut<'kind', typeof cases> = read('0000000002');
    const into: UnionIn<'kind', typeof cases, Record<never, never>> = { kind: 'box', width: 1 };
    expect(out.kind === 'circle' ? out.radius : 0).toBe(2);
    expect(hexOf(into)).toBe('030000000100000001');
    // @ts-expect-error a case has no members of another
    expect(() => hexOf({ kind: 'circle', width: 1 })).toThrow();
  });
});

describe('a keyed union', () => {
  const values = keyedUnion('values', 'byte', { plain: { tag: 0, codec: list(int) }, flag: { tag: 1, codec: boolean } });

  it('holds one member, named as its case', () => {
    const encoded = encode(values, { plain: [1] });
    expect(encoded.toString('hex')).toBe('000100000001');
    expect(decode(values, encoded)).toEqual({ plain: [1] });
    expect(toForm(values.schema, { flag: true })).toEqual({ flag: true });
    expect(fromForm(values.schema, { flag: true })).toEqual({ flag: true });
  });

  it.each([
    [{}, 'expected an object with one of plain, flag, got no such member'],
    [{ plain: [], flag: true }, 'expected an object with one of plain, flag, got plain and flag'],
  ])('refuses %j', (value, message) => {
    expect(thrownBy(() => encode(values, value as never))).toMatchObject({ code: 'ERR_USAGE', message });
  });

  it('names the member in errors', () => {
    expect(thrownBy(() => encode(values, { plain: ['x' as never] })).message).toMatch(/^plain\[0\]: |^plain\.\[0\]: /);
    expect(thrownBy(() => decode(values, Buffer.from('0001', 'hex'))).path).toEqual(['plain']);
    expect(thrownBy(() => fromForm(values.schema, { flag: true, more: 1 })).message).toBe('more: unknown field, expected flag alone');
  });
});
