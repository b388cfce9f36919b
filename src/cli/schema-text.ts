import { type FoldedField, type SchemaAlgebra, schemaFold } from '../protocol/codec/fold-schema.ts';
import type { GateSchema, Schema, StructSchema, UnionSchema } from '../protocol/codec/schema.ts';
import { versionText } from '../protocol/wire/version.ts';

/** Deepest nesting that is written out. */
const MAX_DEPTH = 6;

/** Returns the text at a depth of nesting. */
type TextAt = (depth: number) => string;

const quoted = (values: readonly string[]): string => values.map((value) => `'${value}'`).join(' | ');

const algebra: SchemaAlgebra<TextAt> = {
  scalar:
    ({ kind }) =>
    () =>
      kind,
  bytes:
    ({ name }) =>
    () =>
      name,
  enum:
    ({ values }) =>
    () =>
      quoted(values),
  enumSet:
    ({ values }) =>
    () =>
      `set of ${quoted(values)}`,
  list: (of) => (depth) => `list of ${of(depth)}`,
  map: (of) => (depth) => `map of ${of(depth)}`,
  mapOfLists: (of) => (depth) => `map of lists of ${of(depth)}`,
  optional: (of) => (depth) => `${of(depth)} or null`,
  struct: (fields, schema) => (depth) => structText(fields, schema, depth),
  gate: (of, older, schema) => (depth) => gateText(of(depth), older?.(depth), schema),
  lazy: (of) => (depth) => (depth >= MAX_DEPTH ? '…' : of()(depth + 1)),
  union: (cases, schema) => (depth) => {
    if (depth >= MAX_DEPTH) return schema.name;
    const indent = '  '.repeat(depth + 1);
    const lines = cases.map((each) => `${indent}${caseHead(schema, each.name)}${each.result(depth + 1)}${sinceText(each.since)}`);
    return `${schema.name}, one of\n${lines.join('\n')}`;
  },
  custom:
    ({ name }) =>
    () =>
      name,
};

/** Returns the shape of a codec's values as people write types: a field that the writer may omit has a question mark. */
export function schemaText(schema: Schema): string {
  return textOf(schema)(0);
}

const textOf = schemaFold(algebra);

function structText(fields: readonly FoldedField<TextAt>[], { name }: StructSchema, depth: number): string {
  if (fields.length === 0) return '{}';
  if (depth >= MAX_DEPTH) return name ?? '{ … }';
  const indent = '  '.repeat(depth + 1);
  const lines = fields.map((field) => `${indent}${field.name}${field.canOmit ? '?' : ''}: ${field.result(depth + 1)}`);
  return `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}`;
}

function gateText(inner: string, older: string | undefined, { since, until }: GateSchema): string {
  const before = older === undefined || older === inner ? '' : `, before it ${older}`;
  if (since !== undefined) return `${inner} (since ${versionText(since)}${before})`;
  return until === undefined ? inner : `${inner} (before ${versionText(until)})`;
}

/** `kind: 'index' with { … }`, or the one member of a keyed union. */
function caseHead({ discriminator }: UnionSchema, name: string): string {
  return discriminator === null ? `${name}: ` : `${discriminator}: '${name}' with `;
}

function sinceText(since: number | undefined): string {
  return since === undefined ? '' : ` (since ${versionText(since)})`;
}
