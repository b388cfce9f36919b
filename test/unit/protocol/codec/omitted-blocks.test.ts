import { describe, expect, it } from 'vitest';
import { type Codec, encode } from '../../../../src/protocol/codec/codec.ts';
import {
  byteEnumeration,
  from,
  list,
  mapped,
  optional,
  since,
  deterministic,
  struct,
  until,
  withDefault,
} from '../../../../src/protocol/codec/combinators.ts';
import { anyLong, boolean, int, string, vInt } from '../../../../src/protocol/codec/primitives.ts';
import { V_2_19_0, V_3_0_0, V_3_9_0 } from '../../../../src/protocol/wire/version.ts';

const kind = byteEnumeration('kind', ['A', 'B', 'C']);
const fields = {
  wait: withDefault(int, -2),
  note: optional(string),
  index: string,
  routing: optional(string),
  newer: since(V_3_0_0, withDefault(list(vInt), [1, 2]), null),
  older: until(V_3_0_0, withDefault(boolean, true)),
  kind: withDefault(kind, 'B'),
  either: from(V_3_0_0, withDefault(vInt, 3), withDefault(int, 3)),
  last: withDefault(anyLong, -1),
};
const request = struct(fields, 'Request');
const given = { wait: 5, note: 'n', index: 'i', routing: 'r', newer: [7], older: false, kind: 'C', either: 9, last: 2n ** 60n } as const;
const omitted = { wait: -2, note: null, routing: null, newer: [1, 2], older: true, kind: 'B', either: 3, last: -1 } as const;
const optionalNames = Object.keys(omitted) as (keyof typeof omitted)[];

/** The fields one after the other, each by its own codec. */
const spelledOut = (value: Readonly<Record<string, unknown>>, version: number, peerVersion: number): string =>
  Object.entries(fields)
    .map(([name, codec]) => encode(codec as Codec<unknown, unknown>, value[name], { version, peerVersion }).toString('hex'))
    .join('');

describe('fields that are left out', () => {
  it.each([
    [V_2_19_0, V_2_19_0],
    [V_2_19_0, V_3_9_0],
    [V_3_0_0, V_3_0_0],
    [V_3_9_0, V_3_9_0],
  ])('are written as their defaults, whichever they are (version %i of %i)', (version, peerVersion) => {
    for (let mask = 0; mask < 1 << optionalNames.length; mask++) {
      const there = optionalNames.filter((_, i) => (mask >> i) & 1);
      const sparse = { index: 'i', ...Object.fromEntries(there.map((name) => [name, given[name]])) };
      const hex = encode(request, sparse, { version, peerVersion }).toString('hex');
      expect(hex).toBe(spelledOut({ ...omitted, ...sparse }, version, peerVersion));
    }
  });

  it('are written again for each version, in turn and of many', () => {
    const versions = Array.from({ length: 20 }, (_, i) => V_3_9_0 + i);
    for (const version of [...versions, V_2_19_0, V_3_9_0, V_2_19_0, ...versions]) {
      const hex = encode(request, { index: 'i' }, { version }).toString('hex');
      expect(hex).toBe(spelledOut({ ...omitted, index: 'i' }, version, version));
    }
  });

  it('are asked each time where the codec is not steady', () => {
    let clock = 0;
    const now = mapped(int, String, (text: string) => (text === 'now' ? ++clock : Number(text)));
    const stamped = struct({ a: optional(int), at: withDefault(now, 'now'), b: optional(int) });
    const nested = struct({ a: optional(int), inner: withDefault(struct({ at: now }), { at: 'now' }), b: optional(int) });
    expect([stamped, stamped, nested, nested].map((codec) => encode(codec, {}).toString('hex'))).toEqual(
      [1, 2, 3, 4].map((time) => `000000000${time}00`.padStart(12, '0')),
    );
  });

  it('are encoded once where the codec says that it is steady', () => {
    let asked = 0;
    const counted = deterministic(
      mapped(int, String, (text: string) => {
        asked++;
        return Number(text);
      }),
    );
    const twice = struct({ a: withDefault(counted, '1'), b: withDefault(counted, '2') });
    expect([encode(twice, {}), encode(twice, {})].map((bytes) => bytes.toString('hex'))).toEqual(Array(2).fill('0000000100000002'));
    expect(asked).toBe(2);
  });

  it('name the field whose default cannot be written, every time', () => {
    const broken = struct({ a: optional(int), b: withDefault(vInt, 1.5), c: optional(int) });
    for (let time = 0; time < 2; time++) expect(() => encode(broken, {})).toThrow(/^b: expected vInt \(an integer .*, got 1\.5$/);
    expect(encode(broken, { b: 1 }).toString('hex')).toBe('000100');
  });

  it('name the field that was given wrong among them', () => {
    expect(() => encode(request, { index: 'i', kind: 'D' as never })).toThrow(/^kind: expected a value of kind \(one of .*\), got /);
    expect(() => encode(request, { index: undefined as never })).toThrow(/^index: /);
  });
});
