import type { Json, JsonObject } from '../../protocol/rest/json.ts';
import { RawJson } from '../../protocol/rest/json.ts';

/** What is left of a pattern: a name with `*`, or `**` for any number of names, and what follows it; null where the pattern has ended. */
type Pattern = { readonly part: string; readonly rest: Pattern } | null;

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
    this.#includes = all.filter((each) => !each.startsWith('-')).map(patternOf);
    this.#excludes = all.filter((each) => each.startsWith('-')).map((each) => patternOf(each.slice(1)));
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

/** Returns the pattern that a text is; `\.` is a dot within a name. */
function patternOf(text: string): Pattern {
  return text.split(/(?<!\\)\./).reduceRight<Pattern>((rest, part) => ({ part: part.replaceAll('\\.', '.'), rest }), null);
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

/** Returns what is left of the patterns below a name: each once, or several `**` would multiply with every level. */
function after(patterns: readonly Pattern[], name: string): readonly Pattern[] {
  const left = new Set<Pattern>();
  for (const pattern of patterns) {
    for (let at = pattern; at !== null; at = at.rest) {
      if (at.part === '**') {
        // It takes the name, or is over before it.
        left.add(at);
        continue;
      }
      if (matchesName(at.part, name)) left.add(at.rest);
      break;
    }
  }
  return [...left];
}

/** True where a pattern has ended: what is here belongs to it. `**` alone takes everything. */
function isDone(pattern: Pattern): boolean {
  return pattern === null || (pattern.rest === null && pattern.part === '**');
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
