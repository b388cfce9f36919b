import type { Schema } from '../../protocol/codec/schema.ts';
import type { VersionId } from '../../protocol/wire/version.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';
import { formOf, jsonText, schemaOfField } from '../dissect/field-form.ts';
import type { Field } from '../dissect/field-recorder.ts';
import { hexdump, offsetText, spaced } from './hexdump.ts';

/** How much of long values is shown unless everything is asked for. */
const BYTES_SHOWN = 8;
const VALUE_CHARS_SHOWN = 160;
const DUMP_BYTES_SHOWN = 512;

/** What the rows of fields are drawn from. */
export interface RowSource {
  /** What offsets count in. */
  readonly bytes: Buffer;
  /** Offset of the first of them. */
  readonly base: number;
  readonly version: VersionId;
  readonly paint: Paint;
  /** Shows everything. */
  readonly full: boolean;
}

/**
 * A row for every field: offset, bytes, name, value. Bytes between fields (counts, keys, flags) have rows without a name or stand in the row of
 * the field around them, so that none is left out.
 *
 * @param from where the fields begin
 * @param end where they end
 */
export function fieldRows(source: RowSource, fields: readonly Field[], schema: Schema | undefined, from: number, end: number): string[] {
  return children(source, fields, schema, from, end, 0);
}

function children(
  source: RowSource,
  fields: readonly Field[],
  schema: Schema | undefined,
  from: number,
  end: number,
  depth: number,
): string[] {
  const rows: string[] = [];
  const siblings = (name: string): unknown => fields.find((field) => field.name === name)?.value;
  let at = from;
  for (const field of fields) {
    if (field.offset > at) rows.push(...gapRows(source, at, field.offset));
    rows.push(...fieldRow(source, field, schemaOfField(schema, field.name, source.version, siblings), depth));
    at = field.end;
  }
  if (at < end) rows.push(...gapRows(source, at, end));
  return rows;
}

/** Bytes that belong to no field. */
function gapRows(source: RowSource, from: number, end: number): string[] {
  if (end - from <= BYTES_SHOWN) return [row(source, from, end, 0, '')];
  return dumpRows(source, from, end, '  ');
}

function dumpRows({ bytes, base, paint, full }: RowSource, from: number, end: number, indent: string): string[] {
  const dump = hexdump(bytes.subarray(from - base, end - base), from, indent, full ? Number.POSITIVE_INFINITY : DUMP_BYTES_SHOWN);
  return dump.map((line) => paint('dim', line));
}

function fieldRow(source: RowSource, field: Field, schema: Schema | undefined, depth: number): string[] {
  const { paint } = source;
  const name = paint('cyan', printable(field.name));
  const { fields, offset, end, value } = field;
  if (fields.length === 0) return leafRows(source, field, schema, depth, name);
  if (field.name === 'stack' && Array.isArray(value) && !source.full)
    return [row(source, offset, end, depth, `${name} ${value.length} frames`)];
  const first = fields[0]?.offset ?? end;
  return [row(source, offset, first, depth, name), ...children(source, fields, schema, first, end, depth + 1)];
}

function leafRows(source: RowSource, { offset, end, value }: Field, schema: Schema | undefined, depth: number, name: string): string[] {
  const { paint, full, version } = source;
  if (value === undefined) return [row(source, offset, end, depth, `${name} ${paint('red', '✗')}`)];
  if (value instanceof Uint8Array && value.length > BYTES_SHOWN) {
    return [row(source, offset, end, depth, `${name} ${value.length} bytes`), ...dumpRows(source, end - value.length, end, '        ')];
  }
  return [row(source, offset, end, depth, `${name} ${shortened(valueText(schema, value, version), full)}`)];
}

/** The numbers of a header are no strings, whatever JSON makes of them. */
function valueText(schema: Schema | undefined, value: unknown, version: VersionId): string {
  return typeof value === 'bigint' && schema === undefined ? String(value) : jsonText(formOf(schema, value, version));
}

function shortened(text: string, full: boolean): string {
  const shown = full || text.length <= VALUE_CHARS_SHOWN ? text : `${text.slice(0, VALUE_CHARS_SHOWN)}… (${text.length} characters)`;
  return printable(shown);
}

function row({ bytes, base, paint }: RowSource, from: number, end: number, depth: number, text: string): string {
  const size = end - from;
  const shown = spaced(bytes.subarray(from - base, Math.min(end, from + BYTES_SHOWN) - base));
  const hex = size > BYTES_SHOWN ? `${shown.slice(0, -2)}… ` : shown;
  return `  ${paint('dim', offsetText(from))}  ${hex.padEnd(BYTES_SHOWN * 3 - 1)}  ${'  '.repeat(depth)}${text}`.trimEnd();
}
