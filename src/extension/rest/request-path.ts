import { shortened } from '../../protocol/error/shortened.ts';
import { StatusError } from '../../protocol/error/status-error.ts';

/** Segments of a path that are looked at. Nodes take addresses of up to 4 KiB, so a genuine path has fewer. */
const MAX_SEGMENTS = 4096;

/** Returns the prefix that a node puts before the paths of an extension. */
function pathPrefix(uniqueId: string): string {
  return `/_extensions/_${uniqueId}`;
}

/**
 * Returns the unique id by which an extension was asked. Several nodes may know it by different ids, and only the URI tells which.
 *
 * @param uniqueIds every id a node gave
 * @returns the longest that fits, or an empty text
 */
export function ownerOf(uri: string, uniqueIds: Iterable<string>): string {
  let owner = '';
  for (const id of uniqueIds) {
    if (id.length > owner.length && /^[/?]|^$/.test(uri.slice(pathPrefix(id).length)) && uri.startsWith(pathPrefix(id))) owner = id;
  }
  return owner;
}

/**
 * Returns the segments of the path a client asked for, still encoded, without the prefix and without slashes at the end. They come from the address as it was
 * received: the path a node hands over beside it is decoded already, and `/a/b%2Fc` cannot be told from `/a/b/c` in it. A path of a stranger may have
 * millions: those behind the first thousands are left out.
 *
 * @param uri as received, query and prefix included
 * @param path what the node makes of it, for an address that does not begin with the prefix
 * @see extensions.md §1.5
 */
export function pathSegments(uri: string, path: string, uniqueId: string): string[] {
  const prefix = pathPrefix(uniqueId);
  const [raw = ''] = uri.split('?', 1);
  const below = raw === prefix || raw.startsWith(`${prefix}/`) ? raw.slice(prefix.length) : path;
  const segments = below.split('/', MAX_SEGMENTS).slice(1);
  while (segments.at(-1) === '') segments.pop();
  return segments;
}

/**
 * Decodes a segment of a path.
 *
 * @throws StatusError 400 for percent signs that encode no UTF-8
 */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (cause) {
    throw new StatusError(400, 'illegal_argument_exception', `'${shortened(segment)}' in the path is not percent-encoded UTF-8`, { cause });
  }
}
