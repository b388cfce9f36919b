import { UsageError } from '../../protocol/error/transport-error.ts';
import type { PathPart } from '../../protocol/rest/path-trie.ts';

/** A path of a route, taken apart. */
export interface PathPattern {
  /** As the node is told it. */
  readonly path: string;
  readonly segments: readonly PathPart[];
  /** Names of its parameters, in order. */
  readonly params: readonly string[];
}

const LITERAL = /^[\w\-.~!$&'()*+,;=:@%]+$/;
const PARAM = /^\{([\w.-]+)\}$/;

/**
 * Reads the path of a route, such as `/hello/{name}`. A node compares literals with the path as it was sent, percent signs and all, and ignores
 * slashes at the end.
 *
 * @throws ERR_USAGE for what a node would take and never match, or refuse
 * @see extensions.md §1.4
 */
export function parsePath(path: string): PathPattern {
  if (typeof path !== 'string') throw wrong(String(path), 'must be a string');
  if (path !== '' && !path.startsWith('/')) throw wrong(path, 'must start with a slash; the node would append it to the prefix as it is');
  const trimmed = path.replace(/\/+$/, '');
  const segments =
    trimmed === ''
      ? []
      : trimmed
          .slice(1)
          .split('/')
          .map((text) => parseSegment(path, text));
  const params = segments.flatMap((segment) => ('param' in segment ? [segment.param] : []));
  const twice = params.find((name, at) => params.indexOf(name) !== at);
  if (twice !== undefined) throw wrong(path, `has the parameter {${twice}} twice`);
  return { path: trimmed === '' ? '/' : trimmed, segments, params };
}

function parseSegment(path: string, text: string): PathPart {
  const param = PARAM.exec(text)?.[1];
  if (param !== undefined) return { param };
  if (text === '') throw wrong(path, 'has an empty segment');
  if (LITERAL.test(text)) return { literal: text };
  if (/\s/.test(text)) throw wrong(path, 'contains a space, which ends the path of a route');
  if (/[?#]/.test(text)) throw wrong(path, 'contains a query, which a node never matches');
  if (/[{}]/.test(text)) throw wrong(path, `has '${text}', but a parameter must be a whole segment such as {name}`);
  throw wrong(path, `has '${text}', which a node never matches; write ${encodeURI(text)}`);
}

function wrong(path: string, text: string): UsageError {
  return new UsageError('ERR_USAGE', {}, `path '${path}' ${text}`);
}
