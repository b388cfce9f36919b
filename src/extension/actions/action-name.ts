import { UsageError } from '../../protocol/error/transport-error.ts';
import { describe } from '../../transport/util/check-options.ts';

/** Name under which {@link ActionTable} keeps the handler of every action that has no handler of its own. */
export const ANY_ACTION = '*';

/** Longest name of an action, in characters. */
const MAX_CHARACTERS = 256;

/** Actions of nodes among themselves, and of nodes and extensions. */
const RESERVED_PREFIX = 'internal:';

const PRINTABLE = /^[\x21-\x7e]+$/;

/**
 * Checks the name of a transport action. A node acknowledges any name, even an empty one and those of its own actions.
 *
 * @throws ERR_USAGE
 * @see extensions.md §1.3 no. 5
 */
export function checkActionName(name: unknown): asserts name is string {
  if (typeof name !== 'string' || name === '' || name.length > MAX_CHARACTERS || !PRINTABLE.test(name)) {
    const got = typeof name === 'string' && name.length > MAX_CHARACTERS ? `${name.length} characters` : describe(name);
    throw new UsageError(
      'ERR_USAGE',
      {},
      `the name of an action must be 1 to ${MAX_CHARACTERS} printable ASCII characters without spaces, got ${got}`,
    );
  }
  if (!name.startsWith(RESERVED_PREFIX)) return;
  throw new UsageError(
    'ERR_USAGE',
    {},
    `the name of an action must not start with '${RESERVED_PREFIX}', which nodes use themselves, got '${name}'`,
  );
}
