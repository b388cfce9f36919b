import type { Json, JsonObject } from '../../protocol/rest/json.ts';
import { toJson } from '../../protocol/rest/json.ts';
import { isObject } from '../../protocol/rest/body.ts';
import { illegalArgument } from '../../protocol/rest/refusals.ts';
import { ANALYZERS } from './analyzer.ts';
import { mapperParsing, unsupported } from './errors.ts';
import { type Field, kindOf, newField } from './field-types.ts';
import { javaText } from './java-text.ts';

/** Most fields and objects of one index. @see `index.mapping.total_fields.limit` of OpenSearch */
export const MAX_FIELDS = 1000;
/** Deepest nesting of objects. @see `index.mapping.depth.limit` of OpenSearch */
export const MAX_DEPTH = 20;

/** What becomes of a field that the mapping does not have: it is added, left alone, or refused. */
export type Dynamic = 'true' | 'false' | 'strict';

type Definition = Readonly<Record<string, unknown>>;

/** The fields of an index: those it was created with, and those that documents have brought. */
export class Mapping {
  /** Parameters of the mapping besides `properties`, as they were given. */
  readonly #root: Record<string, unknown>;
  readonly #objects = new Map<string, Definition>();
  readonly #leaves = new Map<string, Definition>();
  readonly #fields = new Map<string, Field>();
  readonly #groups = new Map<string, readonly Field[]>();

  /** @param definition with or without `_doc` around it. @throws StatusError 400 in a node's words; 501 for what only a node can */
  constructor(definition: Definition) {
    const inner = isObject(definition['_doc']) ? definition['_doc'] : definition;
    const { properties, ...root } = inner;
    this.#root = root;
    try {
      this.#addAll('', properties, 1);
    } catch (error) {
      const { type, message } = error as { readonly type?: string; readonly message: string };
      if (type !== 'mapper_parsing_exception') throw error;
      throw mapperParsing(`Failed to parse mapping [_doc]: ${message}`, error);
    }
  }

  /** Returns a field by its path; undefined if there is none. */
  field(path: string): Field | undefined {
    return this.#fields.get(path);
  }

  /** Returns a field and its multi-fields, which get the same values; undefined for a path that holds none. */
  fieldsAt(path: string): readonly Field[] | undefined {
    return this.#groups.get(path);
  }

  /** The paths of the fields that hold values. */
  get paths(): Iterable<string> {
    return this.#fields.keys();
  }

  /** @throws StatusError 400 if so many new fields and objects are too many */
  checkRoom(added: number): void {
    if (this.#objects.size + this.#leaves.size + added > MAX_FIELDS)
      throw illegalArgument(`Limit of total fields [${MAX_FIELDS}] has been exceeded`);
  }

  isObject(path: string): boolean {
    return this.#objects.has(path);
  }

  /** True for an object whose contents only nested queries find. */
  isNested(path: string): boolean {
    return this.#objects.get(path)?.['type'] === 'nested';
  }

  /** False for an object that is kept in the source only. */
  isEnabled(path: string): boolean {
    const definition = path === '' ? this.#root : this.#objects.get(path);
    return definition?.['enabled'] !== false;
  }

  /** What becomes of a new field of an object; the objects above it decide if it does not say. */
  dynamicOf(path: string): Dynamic {
    for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
      const own = (at === '' ? this.#root : this.#objects.get(at))?.['dynamic'];
      if (own !== undefined) return javaText(own) as Dynamic;
      if (at === '') return 'true';
    }
  }

  /**
   * Adds the fields of another mapping. Fields that are there keep their type.
   *
   * @throws StatusError 400 in a node's words for a field of another type; then nothing is added
   */
  merge(other: Mapping): void {
    for (const [path, definition] of other.#leaves) this.#checkType(path, definition);
    for (const path of other.#objects.keys()) {
      if (this.#leaves.has(path)) throw illegalArgument(`can't merge a non object mapping [${path}] with an object mapping`);
    }
    const added = [...other.#objects.keys(), ...other.#leaves.keys()].filter((path) => !this.#objects.has(path) && !this.#leaves.has(path));
    this.checkRoom(added.length);
    Object.assign(this.#root, other.#root);
    for (const [path, definition] of other.#objects) this.#objects.set(path, { ...this.#objects.get(path), ...definition });
    for (const [path, definition] of other.#leaves) this.#addOne(path, { ...this.#leaves.get(path), ...definition }, 1);
  }

  /** Adds a field that a document has brought, with the objects above it. @throws StatusError 400 beyond the limit of fields */
  add(path: string, definition: Definition): void {
    this.#addParents(path);
    this.#addOne(path, definition, path.split('.').length);
  }

  /** Adds an object that a document has brought. */
  addObject(path: string): void {
    this.#addParents(path);
    this.#put(this.#objects, path, {});
  }

  /** Returns the mapping as `GET /{index}/_mapping` shows it: `{"properties":{…}}`. */
  toJson(): JsonObject {
    const properties = this.#propertiesJson('');
    return { ...(toJson(this.#root) as JsonObject), ...(properties === undefined ? {} : { properties }) };
  }

  #checkType(path: string, { type }: Definition): void {
    if (this.#objects.has(path)) throw illegalArgument(`can't merge a non object mapping [${path}] with an object mapping`);
    const present = this.#leaves.get(path)?.['type'];
    if (present === undefined || present === type) return;
    throw illegalArgument(`mapper [${path}] cannot be changed from type [${javaText(present)}] to [${javaText(type)}]`);
  }

  #addParents(path: string): void {
    for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
      const parent = path.slice(0, dot);
      if (!this.#objects.has(parent)) this.#put(this.#objects, parent, {});
    }
  }

  #addAll(prefix: string, properties: unknown, depth: number): void {
    if (properties === undefined) return;
    if (!isObject(properties)) throw mapperParsing('Expected map for property [properties]');
    for (const [name, definition] of Object.entries(properties)) {
      if (name === '') throw mapperParsing('field name cannot be an empty string');
      if (!isObject(definition))
        throw mapperParsing(`Expected map for property [fields] on field [${name}] but got a class java.lang.String`);
      const path = prefix + name;
      this.#addParents(path);
      this.#addOne(path, definition, depth);
    }
  }

  #addOne(path: string, definition: Definition, depth: number): void {
    if (depth > MAX_DEPTH) throw illegalArgument(`Limit of mapping depth [${MAX_DEPTH}] has been exceeded due to object field [${path}]`);
    const { properties, type = 'object', ...rest } = definition;
    if (type === 'object' || type === 'nested') {
      this.#put(this.#objects, path, type === 'nested' ? { type, ...rest } : rest);
      this.#addAll(`${path}.`, properties, depth + 1);
      return;
    }
    const field = checkedField(path, String(type), rest);
    this.#put(this.#leaves, path, definition);
    const group = [field];
    for (const [name, sub] of Object.entries(isObject(rest['fields']) ? rest['fields'] : {})) {
      if (isObject(sub)) group.push(checkedField(`${path}.${name}`, String(sub['type']), sub));
    }
    this.#groups.set(path, group);
    for (const each of group) this.#fields.set(each.path, each);
  }

  #put(into: Map<string, Definition>, path: string, definition: Definition): void {
    if (!into.has(path)) this.checkRoom(1);
    into.set(path, definition);
  }

  #propertiesJson(prefix: string): JsonObject | undefined {
    const members: [string, Json][] = [];
    for (const [path, definition] of this.#leaves) {
      if (isChild(path, prefix)) members.push([path.slice(prefix.length), toJson(definition)]);
    }
    for (const [path, definition] of this.#objects) {
      if (!isChild(path, prefix)) continue;
      const properties = this.#propertiesJson(`${path}.`);
      const own = toJson(definition) as JsonObject;
      members.push([path.slice(prefix.length), properties === undefined ? { type: 'object', ...own } : { ...own, properties }]);
    }
    members.sort(([a], [b]) => (a < b ? -1 : 1));
    return members.length === 0 ? undefined : Object.fromEntries(members);
  }
}

const isChild = (path: string, prefix: string): boolean => path.startsWith(prefix) && !path.includes('.', prefix.length);

function checkedField(path: string, type: string, parameters: Definition): Field {
  const name = path.slice(path.lastIndexOf('.') + 1);
  if (kindOf(type) === undefined) throw mapperParsing(`No handler for type [${type}] declared on field [${name}]`);
  const field = newField(path, type, parameters);
  if (!ANALYZERS.has(field.analyzer)) throw unsupported(`the analyzer [${field.analyzer}]`);
  return field;
}
