import { type SchemaAlgebra, schemaFold } from '../../protocol/codec/fold-schema.ts';
import { toForm } from '../../protocol/codec/json-form.ts';
import type { Schema } from '../../protocol/codec/schema.ts';
import { schemaAt } from '../../protocol/codec/schema-access.ts';
import type { VersionId } from '../../protocol/wire/version.ts';

/** Returns the value of another field beside the one that is looked up. */
export type Siblings = (name: string) => unknown;

/** Returns the schema of a field inside a value; undefined inside a hand-written codec. */
type FieldLookup = (name: string, version: VersionId, siblings: Siblings) => Schema | undefined;

const nothing: FieldLookup = () => undefined;

const algebra: SchemaAlgebra<FieldLookup> = {
  scalar: () => nothing,
  bytes: () => nothing,
  enum: () => nothing,
  enumSet: () => nothing,
  list: (_, { of }) => constant(of),
  map: (_, { of }) => constant(of),
  mapOfLists: (_, { of }) => constant({ kind: 'list', of }),
  optional: (of) => of,
  struct: (fields) => {
    const byName = new Map(fields.map((field) => [field.name, field.schema]));
    return (name) => byName.get(name);
  },
  gate: (of, older, schema) => (name, version, siblings) =>
    (schemaAt(schema, version) === schema.older ? (older ?? of) : of)(name, version, siblings),
  lazy: (of) => (name, version, siblings) => of()(name, version, siblings),
  union: (cases, { discriminator }) => {
    const byName = new Map<unknown, (typeof cases)[number]>(cases.map((each) => [each.name, each]));
    if (discriminator === null) return (name) => byName.get(name)?.schema;
    return (name, version, siblings) => byName.get(siblings(discriminator))?.result(name, version, siblings);
  },
  custom: () => nothing,
};

function constant(schema: Schema): FieldLookup {
  return () => schema;
}

const lookup = schemaFold(algebra);

/**
 * Returns the schema of a field inside another, undefined where a hand-written codec stands.
 *
 * @param siblings values of the fields around it: they tell which case of a union it belongs to
 */
export function schemaOfField(schema: Schema | undefined, name: string, version: VersionId, siblings: Siblings): Schema | undefined {
  return schema === undefined ? undefined : lookup(schema)(name, version, siblings);
}

/** Returns the siblings among a list of fields. */
export function siblingsOf(fields: readonly { readonly name: string; readonly value: unknown }[]): Siblings {
  return (name) => fields.find((field) => field.name === name)?.value;
}

/** Returns a value for people and for JSON: by its schema where it has one. */
export function formOf(schema: Schema | undefined, value: unknown, version: VersionId): unknown {
  if (schema === undefined) return value;
  try {
    return toForm(schema, value, version);
  } catch {
    return value;
  }
}

/** Returns JSON on one line; bytes become hex, big integers decimal strings. */
export function jsonText(value: unknown): string {
  // A replacer is slow, and few values need one.
  if (isPlainJson(value, 0)) return JSON.stringify(value);
  const text = JSON.stringify(value, (_, item: unknown) => {
    if (typeof item === 'bigint') return String(item);
    return isBufferJson(item) ? Buffer.from(item.data).toString('hex') : item;
  });
  return text ?? typeof value;
}

/** Deepest value that is searched. */
const MAX_DEPTH = 8;

/** Whether a value is made of texts, numbers, booleans, null, plain objects and arrays alone. */
function isPlainJson(value: unknown, depth: number): boolean {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null) return true;
  if (typeof value !== 'object' || depth === MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.every((item) => isPlainJson(item, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  for (const key in value) if (!isPlainJson((value as Readonly<Record<string, unknown>>)[key], depth + 1)) return false;
  return true;
}

/** What `Buffer.toJSON` has made of a Buffer before the replacer sees it. */
function isBufferJson(item: unknown): item is { readonly data: readonly number[] } {
  return (
    typeof item === 'object' && item !== null && 'type' in item && item.type === 'Buffer' && 'data' in item && Array.isArray(item.data)
  );
}
