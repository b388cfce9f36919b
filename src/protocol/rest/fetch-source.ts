import type { FetchSourceContext } from '../action/shared/fetch-source.ts';
import { isObject } from './body.ts';
import { optional, together } from './parameters.ts';
import { commaList } from './parameter-types.ts';
import { parseFailure } from './refusals.ts';
import type { RestRequest } from './rest-message.ts';

/** Which part of the source is wanted. */
export const fetchSourceParameters = together('fetchSource', fetchSourceFrom, {
  _source: [commaList, '`true`, `false`, or the fields of the source to return', 'true'],
  _source_includes: [commaList, 'Fields of the source to return; patterns with `*` are allowed'],
  _source_excludes: [commaList, 'Fields of the source to leave out; patterns with `*` are allowed'],
});

function fetchSourceFrom(request: RestRequest): FetchSourceContext | undefined {
  const source = request.query.get('_source');
  const isFlag = source === 'true' || source === 'false';
  const patterns = source === undefined || isFlag ? undefined : commaList.read(source, '_source');
  const includes = optional(request, commaList, '_source_includes') ?? patterns;
  const excludes = optional(request, commaList, '_source_excludes');
  if (source === undefined && includes === undefined && excludes === undefined) return undefined;
  return { fetch: source !== 'false', includes: includes ?? [], excludes: excludes ?? [] };
}

/** Reads `_source` of a body: a switch, one pattern, patterns, or includes and excludes. @throws StatusError 400 */
export function fetchSourceOf(value: unknown): FetchSourceContext {
  if (typeof value === 'boolean') return { fetch: value, includes: [], excludes: [] };
  if (typeof value === 'string' || Array.isArray(value)) return { fetch: true, includes: patternsOf(value), excludes: [] };
  if (!isObject(value)) throw parseFailure('Expected one of [VALUE_BOOLEAN, VALUE_STRING, START_ARRAY, START_OBJECT] for [_source]');
  const { includes, include = [], excludes, exclude = [] } = value;
  return { fetch: true, includes: patternsOf(includes ?? include), excludes: patternsOf(excludes ?? exclude) };
}

function patternsOf(value: unknown): string[] {
  const patterns: readonly unknown[] = Array.isArray(value) ? value : [value];
  return patterns.map((pattern) => {
    if (typeof pattern !== 'string') throw parseFailure('Unknown key for a VALUE in [_source]: a pattern must be a string');
    return pattern;
  });
}
