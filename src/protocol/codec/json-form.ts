import { UsageError } from '../error/transport-error.ts';
import { parseVersion, V_3_9_0, type VersionId, versionText } from '../wire/version.ts';
import { underField } from './codec.ts';
import { setKey } from './combinators.ts';
import { narrow } from '../wire/stream-input.ts';
import type { GateSchema, ScalarSchema, Schema, StructSchema } from './schema.ts';

/**
 * The JSON form of a value: bytes as lower-case hex, 64-bit integers as decimal strings, NaN, infinities and −0 as strings, versions as text.
 *
 * @param version stream version the value was read with: decides between the two forms of a `from` gate
 * @see codec-port.md "Value forms"
 */
export function toForm(schema: Schema, value: unknown, version: VersionId = V_3_9_0): unknown {
  switch (schema.kind) {
    case 'bytes':
      return hexOf(value as Uint8Array);
    case 'list':
      return (value as readonly unknown[]).map((item) => toForm(schema.of, item, version));
    case 'map':
      return mapValues(value as object, (item) => toForm(schema.of, item, version));
    case 'mapOfLists':
      return mapValues(value as object, (items) => (items as readonly unknown[]).map((item) => toForm(schema.of, item, version)));
    case 'optional':
      return value === null || value === undefined ? null : toForm(schema.of, value, version);
    case 'struct':
      return structToForm(schema, value as Readonly<Record<string, unknown>>, version);
    case 'gate':
      return value === null || value === undefined ? null : toForm(inGate(schema, version) ?? schema.of, value, version);
    case 'lazy':
      return toForm(schema.of(), value, version);
    case 'custom':
      return schema.toForm === undefined ? value : schema.toForm(value as never);
    case 'enum':
    case 'enumSet':
      return value;
    default:
      return scalarToForm(schema, value);
  }
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

function mapValues(record: object, convert: (item: unknown, key: string) => unknown): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(record)) setKey(out, key, convert(item, key));
  return out;
}

function structToForm(schema: StructSchema, value: Readonly<Record<string, unknown>>, version: VersionId): unknown {
  const out: Record<string, unknown> = {};
  for (const field of schema.fields) setKey(out, field.name, toForm(field.schema, value[field.name], version));
  return out;
}

/** What stands in the stream of a version, undefined for nothing. */
function inGate(gate: GateSchema, version: VersionId): Schema | undefined {
  if (gate.since !== undefined && version < gate.since) return gate.older;
  if (gate.until !== undefined && version >= gate.until) return undefined;
  return gate.of;
}

function scalarToForm(schema: ScalarSchema, value: unknown): unknown {
  switch (schema.kind) {
    case 'long':
    case 'vLong':
    case 'zLong':
      return String(value);
    case 'float':
    case 'double':
      return Number.isFinite(value) && !Object.is(value, -0) ? value : Object.is(value, -0) ? '-0' : String(value);
    case 'version':
      return versionForm(value as VersionId);
    default:
      return value;
  }
}

/** A version as text where that reads back as the same id, else its id. */
export function versionForm(id: VersionId): string | number {
  const text = versionText(id);
  try {
    return parseVersion(text) === id ? text : id;
  } catch {
    return id;
  }
}

/**
 * The value of a JSON form, sparse: what the schema lets be left out may be missing.
 *
 * @param version stream version it will be written with: fields that are not in it may be missing
 * @throws ERR_USAGE for unknown keys, missing fields and forms of another kind, naming the path
 * @see codec-port.md "Value forms"
 */
export function fromForm(schema: Schema, form: unknown, version: VersionId = V_3_9_0): unknown {
  switch (schema.kind) {
    case 'bytes':
      return bytesOfForm(form);
    case 'list':
      return listFromForm(schema.of, form, version);
    case 'map':
      return mapValues(objectOf(form), (item, key) => under(key, () => fromForm(schema.of, item, version)));
    case 'mapOfLists':
      return mapValues(objectOf(form), (items, key) => under(key, () => listFromForm(schema.of, items, version)));
    case 'optional':
      return form === null || form === undefined ? null : fromForm(schema.of, form, version);
    case 'struct':
      return structFromForm(schema, form, version);
    case 'gate':
      return gateFromForm(schema, form, version);
    case 'lazy':
      return fromForm(schema.of(), form, version);
    case 'custom':
      return schema.fromForm === undefined ? form : schema.fromForm(form);
    case 'enum':
    case 'enumSet':
      return form;
    default:
      return scalarFromForm(schema, form);
  }
}

/** The bytes of a hex string. @throws ERR_USAGE */
export function bytesOfForm(form: unknown): Buffer {
  if (typeof form !== 'string' || form.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(form)) {
    throw new UsageError('ERR_USAGE', {}, 'expected bytes as a hex string');
  }
  return Buffer.from(form, 'hex');
}

function listFromForm(of: Schema, form: unknown, version: VersionId): unknown[] {
  if (!Array.isArray(form)) throw new UsageError('ERR_USAGE', {}, 'expected an array');
  return form.map((item, i) => under(`[${i}]`, () => fromForm(of, item, version)));
}

function objectOf(form: unknown): Readonly<Record<string, unknown>> {
  if (typeof form !== 'object' || form === null || Array.isArray(form)) throw new UsageError('ERR_USAGE', {}, 'expected an object');
  return form as Readonly<Record<string, unknown>>;
}

function structFromForm(schema: StructSchema, form: unknown, version: VersionId): Record<string, unknown> {
  const given = objectOf(form);
  const names = new Set(schema.fields.map(({ name }) => name));
  const unknown = Object.keys(given).find((key) => !names.has(key));
  if (unknown !== undefined) {
    throw new UsageError('ERR_USAGE', {}, `${unknown}: unknown field, expected ${names.size === 0 ? 'none' : [...names].join(', ')}`);
  }
  const out: Record<string, unknown> = {};
  for (const { name, schema: field, sparse } of schema.fields) {
    if (Object.hasOwn(given, name))
      setKey(
        out,
        name,
        under(name, () => fromForm(field, given[name], version)),
      );
    else if (!sparse && stands(field, version)) throw new UsageError('ERR_USAGE', {}, `${name}: missing`);
  }
  return out;
}

function stands(schema: Schema, version: VersionId): boolean {
  return schema.kind !== 'gate' || inGate(schema, version) !== undefined;
}

function gateFromForm(schema: GateSchema, form: unknown, version: VersionId): unknown {
  const there = inGate(schema, version);
  if (there !== undefined) return fromForm(there, form, version);
  return form === null || form === undefined ? form : fromForm(schema.of, form, version);
}

function under<T>(name: string, convert: () => T): T {
  try {
    return convert();
  } catch (error) {
    throw underField(error, name);
  }
}

const NUMBER_TEXTS: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['-0', -0],
]);

function scalarFromForm(schema: ScalarSchema, form: unknown): unknown {
  switch (schema.kind) {
    case 'long':
    case 'vLong':
    case 'zLong':
      return longOf(schema, form);
    case 'float':
    case 'double':
      return NUMBER_TEXTS.get(form) ?? form;
    case 'version':
      if (typeof form === 'string' || typeof form === 'number') return parseVersion(form);
      throw new UsageError('ERR_USAGE', {}, 'expected a version, for example "2.19.0", or its id');
    default:
      return form;
  }
}

const INTEGER = /^-?\d{1,19}$/;

function longOf(schema: ScalarSchema, form: unknown): number | bigint {
  if (!(typeof form === 'string' ? INTEGER.test(form) : Number.isSafeInteger(form))) {
    throw new UsageError('ERR_USAGE', {}, 'expected a 64-bit integer: a decimal string, or a number below 2^53');
  }
  const value = BigInt(form as string | number);
  if (schema.as === 'bigint') return value;
  const narrowed = narrow(value);
  if (schema.as === 'number' && typeof narrowed !== 'number') {
    throw new UsageError('ERR_USAGE', {}, `${value} is beyond 2^53, which this field does not hold`);
  }
  return narrowed;
}
