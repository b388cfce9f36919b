import type { Json, JsonObject } from '../../protocol/rest/json.ts';
import { RawJson } from '../../protocol/rest/json.ts';

/** A pattern by its parts: names with `*`, or `**` for any number of names. */
type Pattern = readonly string[];

/** Most names that one parameter may have; a node bounds them by the length of its URLs. */
const MOST_PATTERNS = 2048;

/** Parses `filter_path`: patterns to keep, and with a minus sign patterns to leave out. */
export class FilterPath {
  readonly #includes: readonly Pattern[];
  readonly #excludes: readonly Pattern[];

  constructor(text: string) {
    const all = text
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '')
      .slice(0, MOST_PATTERNS);
    this.#includes = all.filter((each) => !each.startsWith('-')).map(partsOf);
    this.#excludes = all.filter((each) => each.startsWith('-')).map((each) => partsOf(each.slice(1)));
  }

  /** True if it leaves everything as it is. */
  get isEmpty(): boolean {
    return this.#includes.length === 0 && this.#excludes.length === 0;
  }

  /** Returns what is left of a value: of an object at least an empty one, of a list undefined where nothing is left. */
  apply(value: Json): Json | undefined {
    const without = this.#excludes.length === 0 ? value : exclude(value, this.#excludes);
    const left = without === undefined || this.#includes.length === 0 ? without : include(without, this.#includes);
    return left ?? (isList(value) ? undefined : {});
  }
}

/** Returns the parts of a pattern; `\.` is a dot within a name. */
function partsOf(text: string): Pattern {
  return text.split(/(?<!\\)\./).map((part) => part.replaceAll('\\.', '.'));
}

/** Returns what the patterns keep, undefined for nothing. */
function include(value: Json, patterns: readonly Pattern[]): Json | undefined {
  if (isList(value)) {
    const items = value.flatMap((item) => (isNested(item) ? (include(item, patterns) ?? []) : []));
    return items.length === 0 ? undefined : items;
  }
  if (!isObject(value)) return undefined;
  const members = Object.entries(value).flatMap(([name, item]): [string, Json][] => {
    if (item === undefined) return [];
    const next = after(patterns, name);
    if (next.some(isDone)) return [[name, item]];
    const kept = next.length === 0 ? undefined : include(item, next);
    return kept === undefined ? [] : [[name, kept]];
  });
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

/** Returns what the patterns leave, undefined for nothing. */
function exclude(value: Json, patterns: readonly Pattern[]): Json | undefined {
  if (isList(value)) {
    const items = value.flatMap((item) => (isNested(item) ? (exclude(item, patterns) ?? []) : [item]));
    return items.length === 0 && value.length > 0 ? undefined : items;
  }
  if (!isObject(value)) return value;
  const members = Object.entries(value).flatMap(([name, item]): [string, Json][] => {
    if (item === undefined) return [];
    const next = after(patterns, name);
    if (next.some(isDone)) return [];
    const left = next.length === 0 ? item : exclude(item, next);
    return left === undefined ? [] : [[name, left]];
  });
  return members.length === 0 && Object.keys(value).length > 0 ? undefined : Object.fromEntries(members);
}

/** Returns what is left of the patterns below a name. */
function after(patterns: readonly Pattern[], name: string): readonly Pattern[] {
  return patterns.flatMap((pattern) => {
    const [first = '', ...rest] = pattern;
    if (first === '**') return [pattern, ...after([rest], name)];
    return matchesName(first, name) ? [rest] : [];
  });
}

/** True where a pattern has ended: what is here belongs to it. `**` alone takes everything. */
function isDone(pattern: Pattern): boolean {
  return pattern.length === 0 || (pattern.length === 1 && pattern[0] === '**');
}

/** Returns whether a name matches a text with `*`, in linear time for each of its parts. */
function matchesName(pattern: string, name: string): boolean {
  if (!pattern.includes('*')) return pattern === name;
  const [head = '', ...others] = pattern.split('*');
  const tail = others.pop() ?? '';
  if (!name.startsWith(head) || name.length < head.length + tail.length || !name.endsWith(tail)) return false;
  let at = head.length;
  for (const part of others) {
    const found = name.indexOf(part, at);
    if (found === -1 || found + part.length > name.length - tail.length) return false;
    at = found + part.length;
  }
  return true;
}

function isNested(value: Json): boolean {
  return typeof value === 'object' && value !== null && !(value instanceof RawJson);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json): value is JsonObject {
  return isNested(value) && !isList(value);
}
