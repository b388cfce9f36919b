import { V_3_9_0, type VersionId } from '../wire/version.ts';
import { formReaderOf } from './form-reader.ts';
import { formWriterOf } from './form-writer.ts';
import type { Schema } from './schema.ts';

/**
 * Converts a value to its JSON form: bytes as lower-case hex, 64-bit integers as decimal strings, NaN, infinities and −0 as strings, versions as
 * text.
 *
 * @param version stream version the value was read with; it selects the side of a `from` gate
 * @see codec-port.md "Value forms"
 */
export function toForm(schema: Schema, value: unknown, version: VersionId = V_3_9_0): unknown {
  return formWriterOf(schema)(value, version);
}

/**
 * Converts a JSON form to a value to write. Fields that the writer may omit may be missing.
 *
 * @param version stream version the value will be written with; fields that are not in it may be missing
 * @throws ERR_USAGE for unknown keys, missing fields and forms of another kind, naming the path
 * @see codec-port.md "Value forms"
 */
export function fromForm(schema: Schema, form: unknown, version: VersionId = V_3_9_0): unknown {
  return formReaderOf(schema).read(form, version);
}
