import { parseVersion, type VersionId, versionText } from '../wire/version.ts';
import { setKey } from './combinators.ts';
import { type FoldedCase, type SchemaAlgebra, schemaFold } from './fold-schema.ts';
import type { ScalarSchema, Schema, UnionSchema } from './schema.ts';
import { schemaAt } from './schema-access.ts';
import { nameOfCase, tagged } from './union-case.ts';

/** Converts a value to its JSON form. */
type FormWriter = (value: unknown, version: VersionId) => unknown;

type Members = Readonly<Record<string, unknown>>;

const asIs: FormWriter = (value) => value;

const algebra: SchemaAlgebra<FormWriter> = {
  scalar: scalarWriter,
  bytes: () => (value) => hexOf(value as Uint8Array),
  enum: () => asIs,
  enumSet: () => asIs,
  list: (of) => (value, version) => (value as readonly unknown[]).map((item) => of(item, version)),
  map: (of) => (value, version) => mapValues(value as object, (item) => of(item, version)),
  mapOfLists: (of) => (value, version) =>
    mapValues(value as object, (items) => (items as readonly unknown[]).map((item) => of(item, version))),
  optional: (of) => (value, version) => (value === null || value === undefined ? null : of(value, version)),
  struct: (fields) => (value, version) => {
    const out: Record<string, unknown> = {};
    for (const { name, result } of fields) setKey(out, name, result((value as Members)[name], version));
    return out;
  },
  gate: (of, older, schema) => (value, version) => {
    if (value === null || value === undefined) return null;
    return (schemaAt(schema, version) === schema.older ? (older ?? of) : of)(value, version);
  },
  lazy: (of) => (value, version) => of()(value, version),
  union: unionWriter,
  custom: ({ toForm }) => (toForm === undefined ? asIs : (value) => toForm(value as never)),
};

/** Returns the function that converts values of a schema to their JSON forms. */
export const formWriterOf: (schema: Schema) => FormWriter = schemaFold(algebra);

function unionWriter(cases: readonly FoldedCase<FormWriter>[], schema: UnionSchema): FormWriter {
  const byName = new Map(cases.map((each) => [each.name, each.result]));
  const { discriminator } = schema;
  return (value, version) => {
    const name = nameOfCase(schema, value);
    const write = byName.get(name) as FormWriter;
    if (discriminator === null) return { [name]: write((value as Members)[name], version) };
    const { [discriminator]: _, ...members } = value as Members;
    return tagged(name, write(members, version), discriminator);
  };
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

/** Returns an object with the same keys and converted values. */
export function mapValues(record: object, convert: (item: unknown, key: string) => unknown): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(record)) setKey(out, key, convert(item, key));
  return out;
}

function scalarWriter({ kind }: ScalarSchema): FormWriter {
  switch (kind) {
    case 'long':
    case 'vLong':
    case 'zLong':
      return String;
    case 'float':
    case 'double':
      return numberForm;
    case 'version':
      return (value) => versionForm(value as VersionId);
    default:
      return asIs;
  }
}

function numberForm(value: unknown): unknown {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : String(value);
}

/** Returns a version as text if the text parses to the same id, else its id. */
export function versionForm(id: VersionId): string | number {
  const text = versionText(id);
  try {
    return parseVersion(text) === id ? text : id;
  } catch {
    return id;
  }
}
