import { UsageError } from '../protocol/error/transport-error.ts';

/** One piece of a path between slashes. */
export type Segment = { readonly literal: string } | { readonly param: string };

/** A path of a route, taken apart. */
export interface PathPattern {
  /** As the node is told it. */
  readonly path: string;
  readonly segments: readonly Segment[];
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
  if (typeof path !== 'string') throw wrong(String(path), 'is no text');
  if (path !== '' && !path.startsWith('/')) throw wrong(path, 'has no slash at its beginning; the node would glue it to the prefix');
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
  if (twice !== undefined) throw wrong(path, `has two parameters {${twice}}`);
  return { path: trimmed === '' ? '/' : trimmed, segments, params };
}

function parseSegment(path: string, text: string): Segment {
  const param = PARAM.exec(text)?.[1];
  if (param !== undefined) return { param };
  if (text === '') throw wrong(path, 'has an empty segment');
  if (LITERAL.test(text)) return { literal: text };
  if (/\s/.test(text)) throw wrong(path, 'holds a space, which ends the path in a route');
  if (/[?#]/.test(text)) throw wrong(path, 'holds a query, which a node never matches');
  if (/[{}]/.test(text)) throw wrong(path, `has '${text}', but a parameter is a whole segment such as {name}`);
  throw wrong(path, `has '${text}', which a node never matches; write ${encodeURI(text)}`);
}

function wrong(path: string, text: string): UsageError {
  return new UsageError('ERR_USAGE', {}, `path '${path}' ${text}`);
}
