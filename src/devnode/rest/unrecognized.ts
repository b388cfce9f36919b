import { closeNames } from '../../protocol/error/closest-name.ts';
import type { StatusError } from '../../protocol/error/status-error.ts';
import { illegalArgument } from '../../protocol/rest/refusals.ts';

/**
 * Returns a node's refusal of parameters that its handler did not read.
 *
 * @param unread their names, in order
 * @param candidates the names that it would have read
 * @see `BaseRestHandler.unrecognized` of OpenSearch
 */
export function unrecognizedParameters(path: string, unread: readonly string[], candidates: Iterable<string>): StatusError {
  const known = [...candidates];
  const each = unread.map((name) => {
    const near = closeNames(name, known);
    if (near.length === 0) return `[${name}]`;
    return `[${name}] -> did you mean ${near.length === 1 ? `[${near[0]}]` : `any of [${near.join(', ')}]`}?`;
  });
  return illegalArgument(`request [${path}] contains unrecognized parameter${unread.length > 1 ? 's' : ''}: ${each.join(', ')}`);
}
