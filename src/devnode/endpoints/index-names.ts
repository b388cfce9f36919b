import { StatusError } from '../../protocol/error/status-error.ts';
import type { IndexFacts } from '../node-facts.ts';

/** The indices that names and patterns mean. */
export interface MatchingIndices {
  readonly found: readonly IndexFacts[];
  /** Names without `*` that no index has. */
  readonly missing: readonly string[];
}

/** Returns the indices of names and patterns with `*`; all of them for none and for `_all`. */
export function matchingIndices(all: readonly IndexFacts[], names: readonly string[]): MatchingIndices {
  if (names.length === 0 || names.includes('_all')) return { found: all, missing: [] };
  const tests = names.map(patternOf);
  return {
    found: all.filter(({ name }) => tests.some((test) => test.test(name))),
    missing: names.filter((name) => !name.includes('*') && !all.some((index) => index.name === name)),
  };
}

function patternOf(name: string): RegExp {
  const parts = name.split(/\*+/).map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

/** Returns a node's refusal of an index that it does not have. */
export function indexNotFound(name: string): StatusError {
  const metadata = {
    'opensearch.index': [name],
    'opensearch.resource.id': [name],
    'opensearch.resource.type': ['index_or_alias'],
    'opensearch.index_uuid': ['_na_'],
  };
  return new StatusError(404, 'index_not_found_exception', `no such index [${name}]`, { metadata });
}
