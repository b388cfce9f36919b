/** One part of a path pattern, between two slashes. */
export type PathPart = { readonly literal: string } | { readonly param: string };

/** A place in the tree of paths. */
interface Place<T> {
  readonly literals: Map<string, Place<T>>;
  parameter: { readonly name: string; readonly place: Place<T> } | null;
  value: T | undefined;
}

/** A value found for a path. */
export interface PathMatch<T> {
  readonly value: T;
  /** The text in the place of each parameter, in the order of the pattern, as it was in the path. */
  readonly texts: readonly string[];
}

/** The passes in which a node looks for a path, named by the parts of the path that a parameter may take. */
const PASSES = ['no parameter', 'first part', 'last part', 'every part'] as const;

type Pass = (typeof PASSES)[number];

/** OpenSearch files parameters under this name, so that a part of this name always leads to the parameter. */
const WILDCARD = '*';

const newPlace = <T>(): Place<T> => ({ literals: new Map(), parameter: null, value: undefined });

/**
 * Values by path pattern, found as OpenSearch's `PathTrie` finds them: `/_bulk` before `/{index}`, and of patterns with parameters those with a
 * parameter in the first part only, then in the last part only, then in any part; a literal wins over a parameter from the left.
 */
export class PathTrie<T> {
  readonly #root: Place<T> = newPlace();
  readonly #passes: readonly Pass[];

  /** @param isBelowPrefix true for paths below a prefix of literals, as those of extensions: the first part of the whole path is no parameter then */
  constructor(isBelowPrefix: boolean = false) {
    this.#passes = isBelowPrefix ? PASSES.filter((pass) => pass !== 'first part') : PASSES;
  }

  /**
   * Returns the value of a pattern, made where the pattern is new.
   *
   * @param onConflict makes the error for a parameter whose place has another name already: OpenSearch refuses two names for one place
   */
  at(parts: readonly PathPart[], make: () => T, onConflict: (name: string, present: string) => Error): T {
    let place = this.#root;
    for (const part of parts) {
      if ('literal' in part) {
        const child = place.literals.get(part.literal) ?? newPlace<T>();
        place.literals.set(part.literal, child);
        place = child;
      } else {
        place.parameter ??= { name: part.param, place: newPlace() };
        if (place.parameter.name !== part.param) throw onConflict(part.param, place.parameter.name);
        place = place.parameter.place;
      }
    }
    place.value ??= make();
    return place.value;
  }

  /** Returns every value that a node would look at for a path, best first. */
  matches(path: readonly string[]): readonly PathMatch<T>[] {
    const found = new Map<T, PathMatch<T>>();
    for (const pass of this.#passes) {
      const match = find(this.#root, path, pass, []);
      if (match !== null && !found.has(match.value)) found.set(match.value, match);
    }
    return [...found.values()];
  }
}

function find<T>(place: Place<T>, path: readonly string[], pass: Pass, texts: readonly string[], at: number = 0): PathMatch<T> | null {
  const part = path[at];
  if (part === undefined) return place.value === undefined ? null : { value: place.value, texts };
  const parameter = place.parameter?.place;
  const literal = part === WILDCARD ? undefined : place.literals.get(part);
  const isLast = at + 1 === path.length;
  const goes = (next: Place<T>, isParameter: boolean) => find(next, path, pass, isParameter ? [...texts, part] : texts, at + 1);
  if (parameter !== undefined && (part === WILDCARD || prefersParameter(pass, literal, at, isLast))) return goes(parameter, true);
  if (literal === undefined) return null;
  const found = goes(literal, false);
  if (found !== null || isLast || parameter === undefined || pass === 'no parameter') return found;
  return goes(parameter, true);
}

function prefersParameter(pass: Pass, literal: Place<unknown> | undefined, at: number, isLast: boolean): boolean {
  if (literal?.value !== undefined) return false;
  if (pass === 'first part') return at === 0;
  if (pass === 'last part') return isLast;
  return pass === 'every part' && (isLast || literal === undefined);
}

/** Returns the parts of a path: a slash at the beginning and slashes at the end do not count, empty parts in the middle do. */
export function partsOf(path: string): string[] {
  const parts = path.split('/');
  if (parts[0] === '') parts.shift();
  while (parts.at(-1) === '') parts.pop();
  return parts;
}
