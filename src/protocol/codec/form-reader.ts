import { UsageError } from '../error/transport-error.ts';
import { narrow } from '../wire/stream-input.ts';
import { parseVersion, type VersionId } from '../wire/version.ts';
import { underField } from './codec.ts';
import { setKey } from './combinators.ts';
import { type FoldedCase, type FoldedField, type SchemaAlgebra, schemaFold } from './fold-schema.ts';
import { mapValues } from './form-writer.ts';
import type { ScalarSchema, Schema, UnionSchema } from './schema.ts';
import { schemaAt } from './schema-access.ts';
import { nameOfCase, tagged } from './union-case.ts';

/** Converts a JSON form to its value. */
interface FormReader {
  /** @throws ERR_USAGE */
  readonly read: (form: unknown, version: VersionId) => unknown;
  /** Returns whether the value is in streams of a version. */
  readonly isIn: (version: VersionId) => boolean;
}

type Members = Readonly<Record<string, unknown>>;

const always = (): boolean => true;
const reader = (read: FormReader['read']): FormReader => ({ read, isIn: always });
const asIs = reader((form) => form);

const algebra: SchemaAlgebra<FormReader> = {
  scalar: scalarReader,
  bytes: () => reader(bytesOfForm),
  enum: () => asIs,
  enumSet: () => asIs,
  list: (of) => reader((form, version) => readList(of, form, version)),
  map: (of) => reader((form, version) => mapValues(objectOf(form), (item, key) => readUnder(key, of, item, version))),
  mapOfLists: (of) => {
    const lists = reader((form, version) => readList(of, form, version));
    return reader((form, version) => mapValues(objectOf(form), (items, key) => readUnder(key, lists, items, version)));
  },
  optional: (of) => reader((form, version) => (form === null || form === undefined ? null : of.read(form, version))),
  struct: structReader,
  gate: (of, older, schema) => ({
    read: (form, version) => {
      const present = schemaAt(schema, version);
      if (present === undefined && (form === null || form === undefined)) return form;
      return (present !== undefined && present === schema.older ? (older ?? of) : of).read(form, version);
    },
    isIn: (version) => schemaAt(schema, version) !== undefined,
  }),
  lazy: (of) => reader((form, version) => of().read(form, version)),
  union: unionReader,
  custom: ({ fromForm }) => (fromForm === undefined ? asIs : reader((form) => fromForm(form))),
};

/** Returns the function that converts JSON forms to values of a schema. */
export const formReaderOf: (schema: Schema) => FormReader = schemaFold(algebra);

function readUnder(name: string, { read }: FormReader, form: unknown, version: VersionId): unknown {
  try {
    return read(form, version);
  } catch (error) {
    throw underField(error, name);
  }
}

function readList(of: FormReader, form: unknown, version: VersionId): unknown[] {
  if (!Array.isArray(form)) throw new UsageError('ERR_USAGE', {}, 'expected an array');
  return form.map((item, i) => readUnder(`[${i}]`, of, item, version));
}

function objectOf(form: unknown): Members {
  if (typeof form !== 'object' || form === null || Array.isArray(form)) throw new UsageError('ERR_USAGE', {}, 'expected an object');
  return form as Members;
}

function structReader(fields: readonly FoldedField<FormReader>[]): FormReader {
  const names = new Set(fields.map(({ name }) => name));
  const expected = names.size === 0 ? 'none' : [...names].join(', ');
  return reader((form, version) => {
    const given = objectOf(form);
    const unknown = Object.keys(given).find((key) => !names.has(key));
    if (unknown !== undefined) throw new UsageError('ERR_USAGE', {}, `${unknown}: unknown field, expected ${expected}`);
    const out: Record<string, unknown> = {};
    for (const { name, result, canOmit } of fields) {
      if (Object.hasOwn(given, name)) setKey(out, name, readUnder(name, result, given[name], version));
      else if (!canOmit && result.isIn(version)) throw new UsageError('ERR_USAGE', {}, `${name}: missing`);
    }
    return out;
  });
}

function unionReader(cases: readonly FoldedCase<FormReader>[], schema: UnionSchema): FormReader {
  const byName = new Map(cases.map((each) => [each.name, each.result]));
  const { discriminator } = schema;
  return reader((form, version) => {
    const given = objectOf(form);
    const name = nameOfCase(schema, given);
    const found = byName.get(name) as FormReader;
    if (discriminator !== null) {
      const { [discriminator]: _, ...members } = given;
      return tagged(name, found.read(members, version), discriminator);
    }
    const unknown = Object.keys(given).find((key) => key !== name);
    if (unknown !== undefined) throw new UsageError('ERR_USAGE', {}, `${unknown}: unknown field, expected ${name} alone`);
    return { [name]: readUnder(name, found, given[name], version) };
  });
}

/** Returns the bytes of a hex string. @throws ERR_USAGE */
export function bytesOfForm(form: unknown): Buffer {
  if (typeof form !== 'string' || form.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(form)) {
    throw new UsageError('ERR_USAGE', {}, 'expected bytes as a hex string');
  }
  return Buffer.from(form, 'hex');
}

const NUMBER_TEXTS: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['-0', -0],
]);

function scalarReader({ kind, as }: ScalarSchema): FormReader {
  switch (kind) {
    case 'long':
    case 'vLong':
    case 'zLong':
      return reader((form) => longOf(as, form));
    case 'float':
    case 'double':
      return reader((form) => NUMBER_TEXTS.get(form) ?? form);
    case 'version':
      return reader(versionOf);
    default:
      return asIs;
  }
}

function versionOf(form: unknown): VersionId {
  if (typeof form === 'string' || typeof form === 'number') return parseVersion(form);
  throw new UsageError('ERR_USAGE', {}, 'expected a version, for example "2.19.0", or its id');
}

const INTEGER = /^-?\d{1,19}$/;

function longOf(as: ScalarSchema['as'], form: unknown): number | bigint {
  if (!(typeof form === 'string' ? INTEGER.test(form) : Number.isSafeInteger(form))) {
    throw new UsageError('ERR_USAGE', {}, 'expected a 64-bit integer: a decimal string, or a number below 2^53');
  }
  const value = BigInt(form as string | number);
  if (as === 'bigint') return value;
  const narrowed = narrow(value);
  if (as === 'number' && typeof narrowed !== 'number') {
    throw new UsageError('ERR_USAGE', {}, `expected an integer up to 2^53, got ${value}`);
  }
  return narrowed;
}
