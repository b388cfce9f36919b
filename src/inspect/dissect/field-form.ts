import { toForm } from '../../protocol/codec/json-form.ts';
import type { Schema } from '../../protocol/codec/schema.ts';
import type { VersionId } from '../../protocol/wire/version.ts';

/** The schema of a field inside another, undefined where a hand-written codec stands. */
export function schemaOfField(schema: Schema | undefined, name: string, version: VersionId): Schema | undefined {
  switch (schema?.kind) {
    case 'struct':
      return schema.fields.find((field) => field.name === name)?.schema;
    case 'list':
    case 'map':
      return schema.of;
    case 'mapOfLists':
      return { kind: 'list', of: schema.of };
    case 'optional':
      return schemaOfField(schema.of, name, version);
    case 'lazy':
      return schemaOfField(schema.of(), name, version);
    case 'gate':
      return schemaOfField(schema.since !== undefined && version < schema.since ? (schema.older ?? schema.of) : schema.of, name, version);
    default:
      return undefined;
  }
}

/** A value for people and for JSON: by its schema where it has one. */
export function formOf(schema: Schema | undefined, value: unknown, version: VersionId): unknown {
  if (schema === undefined) return value;
  try {
    return toForm(schema, value, version);
  } catch {
    return value;
  }
}

/** JSON on one line; bytes as hex, big integers as decimal strings. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value, (_, item: unknown) => {
    if (typeof item === 'bigint') return String(item);
    return isBufferJson(item) ? Buffer.from(item.data).toString('hex') : item;
  });
  return text ?? String(value);
}

/** What `Buffer.toJSON` has made of a Buffer before the replacer sees it. */
function isBufferJson(item: unknown): item is { readonly data: readonly number[] } {
  return (
    typeof item === 'object' && item !== null && 'type' in item && item.type === 'Buffer' && 'data' in item && Array.isArray(item.data)
  );
}
