import type { IndicesOptions } from '../../protocol/codec/indices-options.ts';
import { illegalArgument } from '../../protocol/rest/refusals.ts';
import { indexNotFound } from '../endpoints/index-names.ts';
import { matchesPattern } from '../wildcard.ts';
import type { IndexStore } from './index-store.ts';

/** An index that a request means, and the alias by which it came if that has a filter. */
export interface Target {
  readonly index: IndexStore;
  /** JSON text of the alias's query; null for none. */
  readonly filter: string | null;
}

type Indices = ReadonlyMap<string, IndexStore>;

/**
 * Returns the indices that names, aliases and patterns mean, in the order of their names.
 *
 * @throws StatusError 404 for a name that means nothing, unless the options let it pass
 */
export function resolveIndices(indices: Indices, names: readonly string[], { options, wildcards }: IndicesOptions): Target[] {
  const found = new Map<IndexStore, string | null>();
  const add = ({ index, filter }: Target): void => {
    // An index that is named itself is searched whole.
    found.set(index, found.has(index) && found.get(index) === null ? null : filter);
  };
  const useAliases = !options.includes('IGNORE_ALIASES');
  const isAll = names.length === 0 || (names.length === 1 && (names[0] === '_all' || names[0] === '*'));
  for (const name of isAll ? ['*'] : names) {
    if (name.startsWith('-') && found.size > 0)
      for (const { index } of matching(indices, name.slice(1), useAliases, wildcards)) found.delete(index);
    else if (name.includes('*')) {
      const targets = matching(indices, name, useAliases, wildcards);
      if (targets.length === 0 && !options.includes('ALLOW_NO_INDICES')) throw indexNotFound(name, 'index_or_alias');
      targets.forEach(add);
    } else named(indices, name, useAliases, options.includes('IGNORE_UNAVAILABLE')).forEach(add);
  }
  if (isAll && found.size === 0 && !options.includes('ALLOW_NO_INDICES')) throw indexNotFound('_all', 'index_or_alias');
  return [...found].map(([index, filter]) => ({ index, filter })).sort((a, b) => (a.index.name < b.index.name ? -1 : 1));
}

/** Returns the index a request for one document reads. @throws StatusError 404; 400 for an alias of several */
export function readIndex(indices: Indices, name: string): IndexStore {
  const [first, ...others] = direct(indices, name);
  if (first === undefined) throw indexNotFound(name, 'index_expression');
  if (others.length === 0) return first.index;
  const all = [first, ...others].map(({ index }) => index.name);
  throw illegalArgument(`alias [${name}] has more than one index associated with it [${all.join(', ')}], can't execute a single index op`);
}

/** Returns the index that a write goes to; undefined if there is none. @throws StatusError 400 for an alias without a write index */
export function writeIndex(indices: Indices, name: string): IndexStore | undefined {
  const targets = direct(indices, name);
  if (targets.length <= 1) return targets[0]?.index;
  const writable = targets.filter(({ index }) => index.aliases.get(name)?.writeIndex === true);
  if (writable[0] !== undefined) return writable[0].index;
  throw illegalArgument(
    `no write index is defined for alias [${name}]. The write index may be explicitly disabled using is_write_index=false or the alias points to multiple indices without one being designated as a write index`,
  );
}

/** Returns whether a name is an alias. */
export function isAlias(indices: Indices, name: string): boolean {
  return [...indices.values()].some(({ aliases }) => aliases.has(name));
}

function direct(indices: Indices, name: string): Target[] {
  const index = indices.get(name);
  if (index !== undefined) return [{ index, filter: null }];
  return [...indices.values()].flatMap((each) => {
    const alias = each.aliases.get(name);
    return alias === undefined ? [] : [{ index: each, filter: alias.filter }];
  });
}

function named(indices: Indices, name: string, useAliases: boolean, ignoreMissing: boolean): Target[] {
  const targets = direct(indices, name);
  if (!useAliases && targets.length > 0 && !indices.has(name)) {
    if (ignoreMissing) return [];
    throw illegalArgument(`The provided expression [${name}] matches an alias, specify the corresponding concrete indices instead.`);
  }
  if (targets.length === 0 && !ignoreMissing) throw indexNotFound(name, 'index_or_alias');
  return targets;
}

function matching(indices: Indices, pattern: string, useAliases: boolean, wildcards: IndicesOptions['wildcards']): Target[] {
  if (!wildcards.includes('OPEN')) return [];
  const isShown = (index: IndexStore): boolean =>
    wildcards.includes('HIDDEN') || String(index.settings['index.hidden']) !== 'true' || pattern.startsWith('.');
  return [...indices.values()].flatMap((index) => {
    if (matchesPattern(pattern, index.name)) return isShown(index) ? [{ index, filter: null }] : [];
    const alias = useAliases ? [...index.aliases.values()].find(({ name }) => matchesPattern(pattern, name)) : undefined;
    return alias === undefined ? [] : [{ index, filter: alias.filter }];
  });
}
