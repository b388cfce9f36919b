import { debuglog } from 'node:util';

/**
 * Writes a line to stderr if the environment variable `NODE_DEBUG` names `opensearch-transport`. For cold paths only; ask `debug.enabled` before
 * building what it is given.
 *
 * @see diagnostics.md
 */
export const debug = debuglog('opensearch-transport');
