import { StatusError } from '../../protocol/error/status-error.ts';
import type { IndexFacts } from '../node-facts.ts';
import { matchesPattern } from '../wildcard.ts';

/** The indices that names and patterns mean. */
export interface MatchingIndices {
  readonly found: readonly IndexFacts[];
  /** Names without `*` that no index has. */
  readonly missing: readonly string[];
}

/** Returns the indices of names and patterns with `*`; all of them for none and for `_all`. */
export function matchingIndices(all: readonly IndexFacts[], names: readonly string[]): MatchingIndices {
  if (names.length === 0 || names.includes('_all')) return { found: all, missing: [] };
  return {
    found: all.filter(({ name }) => names.some((pattern) => matchesPattern(pattern, name))),
    missing: names.filter((name) => !name.includes('*') && !all.some((index) => index.name === name)),
  };
}

/** Whether a name could have been an alias, or only the name in a request for one document. */
export type ResourceType = 'index_or_alias' | 'index_expression';

/** The uuid of an index that a node does not have. */
export const NO_UUID = '_na_';

/** Returns the error for an index that does not exist: status 404. */
export function indexNotFound(name: string, resourceType: ResourceType): StatusError {
  return new StatusError(404, 'index_not_found_exception', `no such index [${name}]`, {
    metadata: {
      'opensearch.index': [name],
      'opensearch.resource.id': [name],
      'opensearch.resource.type': [resourceType],
      'opensearch.index_uuid': [NO_UUID],
    },
  });
}
