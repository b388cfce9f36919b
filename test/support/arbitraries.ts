import fc from 'fast-check';
import { TIME_UNITS } from '../../src/protocol/codec/time-value.ts';
import { type FoldedCase, type SchemaAlgebra, schemaFold } from '../../src/protocol/codec/fold-schema.ts';
import type { BytesSchema, CustomSchema, ScalarSchema, Schema, UnionSchema } from '../../src/protocol/codec/schema.ts';

/** Deeper than this, lists and maps are empty and optional values are null, so that recursive schemas come to an end. */
const MAX_DEPTH = 4;

/** No value can be made up for a hand-written codec of this name. */
export class NoArbitrary extends Error {}

/** Makes values, at a depth of nesting. */
type Generator = (depth: number) => fc.Arbitrary<unknown>;

const algebra: SchemaAlgebra<Generator> = {
  scalar: (schema) => () => scalarOf(schema),
  bytes: bytesOf,
  enum:
    ({ values }) =>
    () =>
      fc.constantFrom(...values),
  enumSet:
    ({ values }) =>
    () =>
      fc.subarray([...values]),
  list: listOf,
  map: mapOf,
  mapOfLists: (of) => mapOf(listOf(of)),
  optional: (of) => (depth) => (depth >= MAX_DEPTH ? fc.constant(null) : fc.option(of(depth + 1))),
  struct: (fields) => (depth) => {
    const members = Object.fromEntries(fields.map(({ name, result }) => [name, result(depth + 1)]));
    const requiredKeys = fields.filter(({ canOmit }) => !canOmit).map(({ name }) => name);
    return fc.record(members, { requiredKeys, noNullPrototype: true });
  },
  gate: (of) => of,
  lazy: (of) => (depth) => of()(depth + 1),
  union: unionOf,
  custom: (schema) => () => customOf(schema),
};

const generatorOf = schemaFold(algebra);

/**
 * Values that a codec of this schema writes: fields that the writer may omit are there in part of the values, fields behind a gate whatever the
 * stream version.
 *
 * @throws NoArbitrary for a custom schema that is not listed here
 */
export function arbitraryOf(schema: Schema): fc.Arbitrary<unknown> {
  return generatorOf(schema)(0);
}

function bytesOf({ multipleOf: width = 1 }: BytesSchema): Generator {
  if (width === 1) return () => fc.uint8Array({ maxLength: 20 });
  return () => fc.nat(3).chain((count) => fc.uint8Array({ minLength: count * width, maxLength: count * width }));
}

function listOf(of: Generator): Generator {
  return (depth) => (depth >= MAX_DEPTH ? fc.constant([]) : fc.array(of(depth + 1), { maxLength: 3 }));
}

function mapOf(of: Generator): Generator {
  return (depth) => (depth >= MAX_DEPTH ? fc.constant({}) : fc.dictionary(anyString, of(depth + 1), { maxKeys: 3, noNullPrototype: true }));
}

/** Below the deepest level only the first case is made: put one there that does not nest. */
function unionOf(cases: readonly FoldedCase<Generator>[], { discriminator }: UnionSchema): Generator {
  return (depth) => {
    const shown = depth >= MAX_DEPTH ? cases.slice(0, 1) : cases;
    const made = shown.map(({ name, result }) =>
      result(depth + 1).map((value) => (discriminator === null ? { [name]: value } : { [discriminator]: name, ...(value as object) })),
    );
    return fc.oneof(...made);
  };
}

/** Every sequence of UTF-16 code units, lone surrogates too. */
const anyString: fc.Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 }).map((units) => String.fromCharCode(...units)),
);

const MIN_64 = -(2n ** 63n);
const MAX_64 = 2n ** 63n - 1n;

function scalarOf({ kind, as, min }: ScalarSchema): fc.Arbitrary<unknown> {
  switch (kind) {
    case 'boolean':
      return fc.boolean();
    case 'optionalBoolean':
      return fc.option(fc.boolean());
    case 'byte':
      return fc.integer({ min: -0x80, max: 0x7f });
    case 'ubyte':
      return fc.nat(0xff);
    case 'short':
      return fc.integer({ min: -0x8000, max: 0x7fff });
    case 'int':
    case 'vInt':
    case 'version':
      return fc.integer();
    case 'float':
      return min === undefined ? fc.float() : fc.float({ min });
    case 'double':
      return fc.double();
    case 'string':
      return anyString;
    case 'text':
    case 'secureString':
      return fc.string({ unit: 'grapheme', maxLength: 12 });
    default:
      return longOf(kind === 'vLong' ? 0 : Number.MIN_SAFE_INTEGER, kind === 'vLong' ? 0n : MIN_64, as);
  }
}

function longOf(min: number, min64: bigint, as: ScalarSchema['as']): fc.Arbitrary<number | bigint> {
  const numbers = fc.integer({ min, max: Number.MAX_SAFE_INTEGER });
  const bigints = fc.bigInt({ min: min64, max: MAX_64 });
  if (as === 'bigint') return bigints;
  return as === 'number' ? numbers : fc.oneof(numbers, bigints);
}

const leaf: fc.Arbitrary<object> = fc.oneof(
  fc.constant({ t: 'null', v: null }),
  valued(['string', 'semverRange'], anyString),
  valued(['text'], fc.string({ unit: 'grapheme', maxLength: 8 })),
  valued(['byte'], fc.integer({ min: -0x80, max: 0x7f })),
  valued(['short'], fc.integer({ min: -0x8000, max: 0x7fff })),
  valued(['int'], fc.integer()),
  valued(['float'], fc.float()),
  valued(['double'], fc.double()),
  valued(['long', 'date'], longOf(Number.MIN_SAFE_INTEGER, MIN_64, 'either')),
  valued(['bigInteger'], fc.bigInt()),
  valued(['boolean'], fc.boolean()),
  valued(['bytes', 'bytesReference', 'bytesRef'], fc.uint8Array({ maxLength: 9 })),
  valued(['ints'], fc.array(fc.integer(), { maxLength: 3 })),
  valued(['longs'], fc.array(fc.bigInt({ min: MIN_64, max: MAX_64 }), { maxLength: 3 })),
  valued(['floats'], fc.array(fc.float(), { maxLength: 3 })),
  valued(['doubles'], fc.array(fc.double(), { maxLength: 3 })),
  fc.record({ t: fc.constant('geoPoint'), lat: fc.double(), lon: fc.double() }, { noNullPrototype: true }),
  fc.record({ t: fc.constantFrom('zonedDateTime', 'jodaDateTime'), zone: anyString, epochMillis: fc.integer() }, { noNullPrototype: true }),
  fc.record({ t: fc.constant('scriptedAvg'), sum: fc.double(), count: fc.bigInt({ min: MIN_64, max: MAX_64 }) }, { noNullPrototype: true }),
);

const { generic } = fc.letrec<{ generic: object }>((tie) => ({
  generic: fc.oneof({ maxDepth: 3, withCrossShrink: true }, leaf, sequence(tie('generic')), map(tie('generic'))),
}));

function valued(kinds: readonly string[], v: fc.Arbitrary<unknown>): fc.Arbitrary<object> {
  return fc.record({ t: fc.constantFrom(...kinds), v }, { noNullPrototype: true });
}

function sequence(item: fc.Arbitrary<unknown>): fc.Arbitrary<object> {
  return valued(['list', 'array', 'set', 'orderedSet'], fc.array(item, { maxLength: 3 }));
}

function map(item: fc.Arbitrary<unknown>): fc.Arbitrary<object> {
  return valued(['map', 'orderedMap'], fc.array(fc.tuple(anyString, item), { maxLength: 3 }));
}

const hexOf = (length: number): fc.Arbitrary<string> =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => Buffer.from(bytes).toString('hex'));

const ip = fc.oneof(hexOf(4), hexOf(16));

const role = fc.oneof(
  fc.constantFrom('cluster_manager', 'data', 'search', 'warm', 'ml'),
  fc.record({ name: anyString, abbreviation: anyString, canContainData: fc.boolean() }, { requiredKeys: ['name'], noNullPrototype: true }),
);

const setting = fc.oneof(anyString, fc.constant(null), fc.array(anyString, { maxLength: 3 }));

/** Exceptions without extra fields: those that have some have tests of their own. */
const exception = fc.record(
  {
    class: fc.constantFrom('org.opensearch.index.IndexNotFoundException', 'java.lang.IllegalStateException', 'java.io.IOException'),
    message: fc.option(anyString),
    cause: fc.constantFrom(null, { class: 'java.lang.NullPointerException', message: 'inner' }),
  },
  { requiredKeys: ['class'], noNullPrototype: true },
);

/** Values of hand-written codecs, by the names in their schemas. */
const CUSTOM: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  null: fc.constant(null),
  genericValue: generic,
  genericMap: fc.option(map(generic)),
  settings: fc.dictionary(anyString, setting, { maxKeys: 4, noNullPrototype: true }),
  bigInteger: fc.bigInt(),
  ip,
  nodeRoles: fc.uniqueArray(role, { maxLength: 4, selector: (init) => (typeof init === 'string' ? init : init.name) }),
  timeUnit: fc.constantFrom(...TIME_UNITS),
  timeUnits: fc.subarray([...TIME_UNITS]),
  activeShardCount: fc.oneof(fc.nat(0x7fff_ffff), fc.constantFrom('ALL', 'DEFAULT')),
  exception,
};

function customOf({ name }: CustomSchema): fc.Arbitrary<unknown> {
  const arbitrary = CUSTOM[name];
  if (arbitrary === undefined) throw new NoArbitrary(name);
  return arbitrary;
}
