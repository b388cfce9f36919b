import type { Schema } from '../protocol/codec/schema.ts';
import { versionText } from '../protocol/wire/version.ts';

/** Deepest nesting that is written out. */
const MAX_DEPTH = 6;

/** What a codec reads and writes, as people write types: a field that may be left out has a question mark. */
export function schemaText(schema: Schema, depth: number = 0): string {
  switch (schema.kind) {
    case 'struct':
      return structText(schema, depth);
    case 'enum':
      return schema.values.map((value) => `'${value}'`).join(' | ');
    case 'enumSet':
      return `set of ${schema.values.map((value) => `'${value}'`).join(' | ')}`;
    case 'list':
      return `list of ${schemaText(schema.of, depth)}`;
    case 'map':
      return `map of ${schemaText(schema.of, depth)}`;
    case 'mapOfLists':
      return `map of lists of ${schemaText(schema.of, depth)}`;
    case 'optional':
      return `${schemaText(schema.of, depth)} or null`;
    case 'gate':
      return gateText(schema, depth);
    case 'lazy':
      return depth >= MAX_DEPTH ? '…' : schemaText(schema.of(), depth + 1);
    case 'custom':
    case 'bytes':
      return schema.name;
    default:
      return schema.kind;
  }
}

function structText({ name, fields }: Extract<Schema, { kind: 'struct' }>, depth: number): string {
  if (fields.length === 0) return '{}';
  if (depth >= MAX_DEPTH) return name ?? '{ … }';
  const indent = '  '.repeat(depth + 1);
  const lines = fields.map((field) => `${indent}${field.name}${field.sparse ? '?' : ''}: ${schemaText(field.schema, depth + 1)}`);
  return `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}`;
}

function gateText({ since, until, of, older }: Extract<Schema, { kind: 'gate' }>, depth: number): string {
  const inner = schemaText(of, depth);
  const before = older === undefined || schemaText(older, depth) === inner ? '' : `, before it ${schemaText(older, depth)}`;
  if (since !== undefined) return `${inner} (since ${versionText(since)}${before})`;
  return until === undefined ? inner : `${inner} (before ${versionText(until)})`;
}
