import { isObject } from '../../protocol/rest/body.ts';
import { illegalArgument } from '../../protocol/rest/refusals.ts';
import { StatusError } from '../../protocol/error/status-error.ts';
import { looksLikeDate } from './dates.ts';
import { mapperParsing } from './errors.ts';
import { type Field, type FieldValue, newField, toFieldValue } from './field-types.ts';
import { type Json, type JsonObject, RawJson } from '../../protocol/rest/json.ts';
import { javaText } from './java-text.ts';
import { isJsonObject } from './merge.ts';
import { type Mapping, MAX_DEPTH, MAX_FIELDS } from './mapping.ts';

/** The values of a document by the path of their field. */
export type DocumentFields = ReadonlyMap<string, readonly FieldValue[]>;

/** Deepest nesting of lists in a document. @see `StreamReadConstraints` of Jackson, as OpenSearch sets it */
const MAX_NESTING = 1000;
/** Most characters of a value that an error shows. */
const MAX_PREVIEW = 100;

type Definition = Readonly<Record<string, unknown>>;

/**
 * Returns the values of a document's fields, and adds fields that the mapping does not have yet. A document that is refused adds none.
 *
 * @param exact parses the document with the text of its numbers: a new field of `20.0` is a float. @default every whole number is a long
 * @throws StatusError 400 in a node's words for a value that does not fit its field
 */
export function fieldsOf(mapping: Mapping, id: string, source: Definition, exact?: () => JsonObject): DocumentFields {
  const walk = new Walk(mapping, id, exact);
  walk.object('', source, 1);
  walk.commit();
  return walk.values;
}

class Walk {
  readonly values = new Map<string, FieldValue[]>();
  readonly #mapping: Mapping;
  readonly #id: string;
  readonly #parseExact: (() => JsonObject) | undefined;
  #exact: JsonObject | undefined;
  /** Fields and objects to add, by path. */
  readonly #added = new Map<string, Definition | null>();
  readonly #addedFields = new Map<string, readonly Field[]>();

  constructor(mapping: Mapping, id: string, exact: (() => JsonObject) | undefined) {
    this.#mapping = mapping;
    this.#id = id;
    this.#parseExact = exact;
  }

  commit(): void {
    if (this.#added.size === 0) return;
    this.#mapping.checkRoom(this.#added.size);
    for (const [path, definition] of this.#added) {
      if (definition === null) this.#mapping.addObject(path);
      else this.#mapping.add(path, definition);
    }
  }

  object(path: string, value: Definition, depth: number): void {
    if (depth > MAX_DEPTH) throw illegalArgument(`Limit of mapping depth [${MAX_DEPTH}] has been exceeded due to object field [${path}]`);
    if (!this.#mapping.isEnabled(path) || this.#mapping.isNested(path)) return;
    for (const name in value) {
      if (!Object.hasOwn(value, name)) continue;
      if (name.trim() === '') throw mapperParsing('failed to parse', illegalArgument('field name cannot be an empty string'));
      if (/^\.|\.\.(?!\.*$)/.test(name)) throw ambiguous(name);
      const own = name.replace(/\.+$/, '');
      this.#member(path === '' ? own : `${path}.${own}`, value[name], depth, 1);
    }
  }

  #member(path: string, value: unknown, depth: number, nesting: number): void {
    if (nesting > MAX_NESTING) {
      const why = `Nesting depth (${nesting}) exceeds the maximum allowed (${MAX_NESTING})`;
      throw mapperParsing('failed to parse', new StatusError(400, 'stream_constraints_exception', why));
    }
    const fields = this.#fieldsAt(path);
    if (fields !== undefined && !Array.isArray(value)) return this.#value(fields, value);
    if (Array.isArray(value)) for (const item of value) this.#member(path, item, depth, nesting + 1);
    else if (isObject(value)) this.#innerObject(path, value, depth);
    else if (value !== null && value !== undefined) this.#newValue(path, value);
  }

  #innerObject(path: string, value: Definition, depth: number): void {
    if (!this.#mapping.isObject(path) && !this.#added.has(path)) {
      if (!this.#mayAdd(path)) return;
      this.#added.set(path, null);
    }
    this.object(path, value, depth + 1);
  }

  #newValue(path: string, value: unknown): void {
    if (this.#mapping.isObject(path) || this.#added.get(path) === null) {
      const name = path.slice(path.lastIndexOf('.') + 1);
      throw mapperParsing(`object mapping for [${path}] tried to parse field [${name}] as object, but found a concrete value`);
    }
    if (!this.#mayAdd(path)) return;
    const definition = this.#isFraction(path, value) ? FLOAT : definitionFor(value);
    this.#added.set(path, definition);
    this.#addedFields.set(path, fieldsFor(path, definition));
    this.#value(this.#addedFields.get(path) as readonly Field[], value);
  }

  /** A whole number that is written as a fraction makes a field of fractions. */
  #isFraction(path: string, value: unknown): boolean {
    // With so many fields to add the document is refused: how they are mapped no longer matters.
    if (typeof value !== 'number' || this.#added.size >= MAX_FIELDS) return false;
    this.#exact ??= this.#parseExact?.();
    const first = firstAt(this.#exact, path);
    return first instanceof RawJson && /[.eE]/.test(first.text);
  }

  /** @throws StatusError 400 for a strict mapping */
  #mayAdd(path: string): boolean {
    const dot = path.lastIndexOf('.');
    const parent = path.slice(0, Math.max(0, dot));
    const dynamic = this.#mapping.dynamicOf(parent);
    if (dynamic !== 'strict') return dynamic === 'true';
    const reason = `mapping set to strict, dynamic introduction of [${path.slice(dot + 1)}] within [${parent === '' ? '_doc' : parent}] is not allowed`;
    throw new StatusError(400, 'strict_dynamic_mapping_exception', reason);
  }

  /** The field of a path and its multi-fields; undefined for a path that holds no values. */
  #fieldsAt(path: string): readonly Field[] | undefined {
    const known = this.#mapping.fieldsAt(path);
    return known ?? this.#addedFields.get(path);
  }

  #value(fields: readonly Field[], given: unknown): void {
    for (const field of fields) {
      const value = given ?? field.nullValue;
      if (value === null || value === undefined || field.kind === 'stored') continue;
      // An empty text is no number, and no mistake.
      if (value === '' && (field.kind === 'long' || field.kind === 'double')) continue;
      if (field.kind === 'keyword' && typeof value === 'string' && value.length > field.ignoreAbove) continue;
      this.#put(field, this.#converted(field, value));
    }
  }

  #put(field: Field, value: FieldValue): void {
    const values = this.values.get(field.path);
    if (values === undefined) this.values.set(field.path, [value]);
    else values.push(value);
  }

  #converted(field: Field, value: unknown): FieldValue {
    try {
      if (typeof value === 'object') throw objectInValue(field);
      return toFieldValue(field, value);
    } catch (cause) {
      const shown = javaText(value);
      const preview = shown.length > MAX_PREVIEW ? `${shown.slice(0, MAX_PREVIEW)}...` : shown;
      const where = `failed to parse field [${field.path}] of type [${field.type}] in document with id '${this.#id}'`;
      throw mapperParsing(`${where}. Preview of field's value: '${preview}'`, cause);
    }
  }
}

function ambiguous(name: string): StatusError {
  const why = `object field starting or ending with a [.] makes object resolution ambiguous: [${name}]`;
  return mapperParsing('failed to parse', illegalArgument(why));
}

function objectInValue({ kind }: Field): StatusError {
  if (kind === 'text' || kind === 'keyword') return new StatusError(500, 'illegal_state_exception', "Can't get text on a START_OBJECT");
  if (kind !== 'long' && kind !== 'double') return illegalArgument("Can't get text on a START_OBJECT");
  const why = 'Current token (START_OBJECT) not numeric, cannot use numeric value accessors';
  return new StatusError(500, 'input_coercion_exception', why, { cause: new StatusError(500, 'input_coercion_exception', why) });
}

const FLOAT: Definition = { type: 'float' };
const DYNAMIC_TEXT: Definition = { type: 'text', fields: { keyword: { type: 'keyword', ignore_above: 256 } } };

function definitionFor(value: unknown): Definition {
  if (typeof value === 'boolean') return { type: 'boolean' };
  if (typeof value === 'bigint') return { type: 'long' };
  if (typeof value === 'number') return { type: Number.isInteger(value) ? 'long' : 'float' };
  return typeof value === 'string' && looksLikeDate(value) ? { type: 'date' } : DYNAMIC_TEXT;
}

/** Returns the first value at a path. */
function firstAt(json: Json | undefined, path: string): Json | undefined {
  if (Array.isArray(json)) return firstOf((json as readonly Json[]).map((item) => firstAt(item, path)));
  if (path === '') return json;
  if (!isJsonObject(json)) return undefined;
  const parts = path.split('.');
  return firstOf(
    parts.map((_, at) => {
      const name = parts.slice(0, at + 1).join('.');
      return Object.hasOwn(json, name) ? firstAt(json[name], parts.slice(at + 1).join('.')) : undefined;
    }),
  );
}

const firstOf = (found: readonly (Json | undefined)[]): Json | undefined => found.find((each) => each !== undefined && each !== null);

function fieldsFor(path: string, definition: Definition): readonly Field[] {
  const field = newField(path, String(definition['type']));
  return definition === DYNAMIC_TEXT ? [field, newField(`${path}.keyword`, 'keyword', { ignore_above: 256 })] : [field];
}
