import type { VersionId } from '../wire/version.ts';
import type { FieldSchema, GateSchema, Schema } from './schema.ts';

/** The fields of a struct; empty for every other schema. */
export function fieldsOf(schema: Schema | undefined): readonly FieldSchema[] {
  return schema !== undefined && 'fields' in schema ? schema.fields : [];
}

/** The schema inside a gate at a version; undefined when nothing is in the stream. */
export function schemaAt(gate: GateSchema, version: VersionId): Schema | undefined {
  if (gate.since !== undefined && version < gate.since) return gate.older;
  if (gate.until !== undefined && version >= gate.until) return undefined;
  return gate.of;
}
