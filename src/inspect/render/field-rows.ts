import type { Schema } from '../../protocol/codec/schema.ts';
import type { VersionId } from '../../protocol/wire/version.ts';
import type { Paint } from './paint.ts';
import { oneLine, printable } from '../../protocol/error/printable.ts';
import { formOf, jsonText, schemaOfField, siblingsOf } from '../dissect/field-form.ts';
import type { DissectedField } from '../dissect/field-recorder.ts';
import { hexColumn, hexdump, offsetText } from './hexdump.ts';

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
 * Adds a row for every field: offset, bytes, name, value. Bytes between fields (counts, keys, flags) have rows without a name or stand in the row
 * of the field around them, so that none is left out.
 *
 * @param rows are added to
 * @param from where the fields begin
 * @param end where they end
 */
export function addFieldRows(
  rows: string[],
  source: RowSource,
  fields: readonly DissectedField[],
  schema: Schema | undefined,
  from: number,
  end: number,
  depth: number = 0,
): void {
  const siblings = siblingsOf(fields);
  let at = from;
  for (const field of fields) {
    if (field.offset > at) addGapRows(rows, source, at, field.offset);
    addFieldRow(rows, source, field, schema === undefined ? undefined : schemaOfField(schema, field.name, source.version, siblings), depth);
    at = field.end;
  }
  if (at < end) addGapRows(rows, source, at, end);
}

/** Bytes that belong to no field. */
function addGapRows(rows: string[], source: RowSource, from: number, end: number): void {
  if (end - from <= BYTES_SHOWN) rows.push(row(source, from, end, 0, ''));
  else addDumpRows(rows, source, from, end, '  ');
}

function addDumpRows(rows: string[], { bytes, base, paint, full }: RowSource, from: number, end: number, indent: string): void {
  const most = full ? Number.POSITIVE_INFINITY : DUMP_BYTES_SHOWN;
  for (const line of hexdump(bytes.subarray(from - base, end - base), from, indent, most)) rows.push(paint('dim', line));
}

function addFieldRow(rows: string[], source: RowSource, field: DissectedField, schema: Schema | undefined, depth: number): void {
  const { fields, offset, end, value } = field;
  const name = source.paint('cyan', oneLine(field.name));
  if (fields.length === 0) {
    addLeafRows(rows, source, field, schema, depth, name);
  } else if (field.name === 'stack' && Array.isArray(value) && !source.full) {
    rows.push(row(source, offset, end, depth, `${name} ${value.length} frames`));
  } else {
    const first = fields[0]?.offset ?? end;
    rows.push(row(source, offset, first, depth, name));
    addFieldRows(rows, source, fields, schema, first, end, depth + 1);
  }
}

function addLeafRows(
  rows: string[],
  source: RowSource,
  field: DissectedField,
  schema: Schema | undefined,
  depth: number,
  name: string,
): void {
  const { offset, end, value } = field;
  if (value === undefined) {
    rows.push(row(source, offset, end, depth, `${name} ${source.paint('red', '✗')}`));
  } else if (value instanceof Uint8Array && value.length > BYTES_SHOWN) {
    rows.push(row(source, offset, end, depth, `${name} ${value.length} bytes`));
    addDumpRows(rows, source, end - value.length, end, '        ');
  } else {
    rows.push(row(source, offset, end, depth, `${name} ${shortened(valueText(schema, value, source.version), source.full)}`));
  }
}

/** Returns the text of a value. Numbers of a header stay numbers, also as bigint. */
function valueText(schema: Schema | undefined, value: unknown, version: VersionId): string {
  return typeof value === 'bigint' && schema === undefined ? String(value) : jsonText(formOf(schema, value, version));
}

function shortened(text: string, full: boolean): string {
  const shown = full || text.length <= VALUE_CHARS_SHOWN ? text : `${text.slice(0, VALUE_CHARS_SHOWN)}… (${text.length} characters)`;
  return printable(shown);
}

function row({ bytes, base, paint }: RowSource, from: number, end: number, depth: number, text: string): string {
  const isCut = end - from > BYTES_SHOWN;
  const shown = hexColumn(bytes, from - base, (isCut ? from + BYTES_SHOWN : end) - base, BYTES_SHOWN);
  const hex = isCut ? `${shown.slice(0, -2)}… ` : shown;
  const line = `  ${paint('dim', offsetText(from))}  ${hex}  ${depth === 0 ? '' : '  '.repeat(depth)}${text}`;
  return text === '' ? line.trimEnd() : line;
}
