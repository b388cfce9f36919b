import type { Codec } from './codec.ts';
import { doubleArray, floatArray, intArray, longArray } from './arrays.ts';
import { bigInteger } from './big-integer.ts';
import { struct } from './combinators.ts';
import { type GeoPoint, geoPoint } from './geo-point.ts';
import { zoneId } from './instant.ts';
import { anyLong, boolean, byte, bytes, double, float, int, short, string, text } from './primitives.ts';
import { semverRange } from './semver-range.ts';

/** A point in time of a generic value, in the zone it was written with. */
export interface ZonedTime {
  /** Id of the zone, for example `Europe/Paris`. */
  readonly zone: string;
  readonly epochMillis: number | bigint;
}

/** Sum and count of a scripted average. */
export interface ScriptedAvg {
  readonly sum: number;
  readonly count: number | bigint;
}

/** Entries of a map in the order of the stream. */
export type GenericEntries = readonly (readonly [string, GenericValue])[];

/**
 * A value of any kind together with its kind: `{ t: 'int', v: 1 }`. `toGeneric` and `fromGeneric` convert from and to plain JavaScript values.
 *
 * @see wire-format.md §8.6
 */
export type GenericValue =
  | { readonly t: 'null'; readonly v: null }
  | { readonly t: 'string' | 'text' | 'semverRange'; readonly v: string }
  | { readonly t: 'byte' | 'short' | 'int' | 'float' | 'double'; readonly v: number }
  | { readonly t: 'long' | 'date'; readonly v: number | bigint }
  | { readonly t: 'bigInteger'; readonly v: bigint }
  | { readonly t: 'boolean'; readonly v: boolean }
  | { readonly t: 'bytes' | 'bytesReference' | 'bytesRef'; readonly v: Uint8Array }
  | { readonly t: 'list' | 'array' | 'orderedSet' | 'set'; readonly v: readonly GenericValue[] }
  | { readonly t: 'orderedMap' | 'map'; readonly v: GenericEntries }
  | { readonly t: 'ints' | 'floats' | 'doubles'; readonly v: readonly number[] }
  | { readonly t: 'longs'; readonly v: readonly (number | bigint)[] }
  | ({ readonly t: 'geoPoint' } & GeoPoint)
  | ({ readonly t: 'zonedDateTime' | 'jodaDateTime' } & ZonedTime)
  | ({ readonly t: 'scriptedAvg' } & ScriptedAvg);

/** Name of a kind. */
export type GenericKind = GenericValue['t'];

/** A generic value that is a map. */
export type GenericMap = Extract<GenericValue, { readonly t: 'map' | 'orderedMap' }>;

/** What follows the tag of a kind without generic values inside. */
export interface LeafKind {
  readonly tag: number;
  readonly codec: Codec<unknown, never>;
  /** True when the codec's fields stand beside `t`, false when its value stands under `v`. */
  readonly flat: boolean;
}

const nothing: Codec<null> = { schema: { kind: 'custom', name: 'null' }, read: () => null, write: () => {} };

const zonedTime: Codec<ZonedTime> = struct({ zone: zoneId, epochMillis: anyLong });

const scriptedAvg: Codec<ScriptedAvg> = struct({ sum: double, count: anyLong });

const under = (tag: number, codec: Codec<unknown, never>): LeafKind => ({ tag, codec, flat: false });
const beside = (tag: number, codec: Codec<unknown, never>): LeafKind => ({ tag, codec, flat: true });

/** Kinds without generic values inside, by name. @see wire-format.md §8.6 */
export const LEAF_KINDS = {
  null: under(-1, nothing),
  string: under(0, string),
  int: under(1, int),
  long: under(2, anyLong),
  float: under(3, float),
  double: under(4, double),
  boolean: under(5, boolean),
  bytes: under(6, bytes),
  byte: under(11, byte),
  date: under(12, anyLong),
  jodaDateTime: beside(13, zonedTime),
  bytesReference: under(14, bytes),
  text: under(15, text),
  short: under(16, short),
  ints: under(17, intArray),
  longs: under(18, longArray),
  floats: under(19, floatArray),
  doubles: under(20, doubleArray),
  bytesRef: under(21, bytes),
  geoPoint: beside(22, geoPoint),
  zonedDateTime: beside(23, zonedTime),
  bigInteger: under(26, bigInteger),
  semverRange: under(27, semverRange),
  scriptedAvg: beside(28, scriptedAvg),
} as const satisfies Partial<Record<GenericKind, LeafKind>>;

/** Kinds that are a count and that many generic values, by name. */
export const SEQUENCE_TAGS = { list: 7, array: 8, orderedSet: 24, set: 25 } as const satisfies Partial<Record<GenericKind, number>>;

/** Kinds that are a count and that many pairs of `str` and generic value, by name. */
export const MAP_TAGS = { orderedMap: 9, map: 10 } as const satisfies Partial<Record<GenericKind, number>>;
