import type { FetchSourceContext } from '../../protocol/action/shared/fetch-source.ts';
import type { Json, JsonObject } from '../../protocol/rest/json.ts';
import { matchesPattern } from '../wildcard.ts';
import { isJsonObject } from './merge.ts';

/** Deepest level that is filtered; what is below is kept or left out as a whole. */
const MAX_LEVEL = 100;

/** Returns whether a request wants the source as it is. */
export function wantsAll(context: FetchSourceContext | null): boolean {
  return context === null || (context.fetch && context.includes.length === 0 && context.excludes.length === 0);
}

/**
 * Returns the part of a source that is wanted. A pattern names a field with everything below it.
 *
 * @see `XContentMapValues.filter` of OpenSearch
 */
export function filterSource(source: JsonObject, { includes, excludes }: FetchSourceContext): JsonObject {
  return filtered(source, '', includes, excludes, includes.length === 0, 0);
}

function filtered(
  source: JsonObject,
  prefix: string,
  includes: readonly string[],
  excludes: readonly string[],
  isIncluded: boolean,
  level: number,
): JsonObject {
  const kept: [string, Json][] = [];
  for (const [name, value = null] of Object.entries(source)) {
    const path = prefix + name;
    if (excludes.some((pattern) => matchesPattern(pattern, path))) continue;
    const isIn = isIncluded || includes.some((pattern) => matchesPattern(pattern, path));
    if (!isIn && !includes.some((pattern) => mayMatchBelow(pattern, path))) continue;
    const inner = level < MAX_LEVEL ? below(value, `${path}.`, includes, excludes, isIn, level + 1) : value;
    if (inner !== undefined && (isIn || !isEmpty(inner))) kept.push([name, inner]);
  }
  return Object.fromEntries(kept);
}

/** Returns a value without what is not wanted inside it; undefined for a value that only a longer path could have wanted. */
function below(
  value: Json,
  prefix: string,
  includes: readonly string[],
  excludes: readonly string[],
  isIn: boolean,
  level: number,
): Json | undefined {
  if (isJsonObject(value)) return filtered(value, prefix, includes, excludes, isIn, level);
  if (!isList(value) || level > MAX_LEVEL) return isIn ? value : undefined;
  return value.flatMap((item) => {
    const inner = below(item, prefix, includes, excludes, isIn, level + 1);
    return inner !== undefined && (isIn || !isEmpty(inner)) ? [inner] : [];
  });
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isEmpty(value: Json): boolean {
  return isList(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0;
}

function mayMatchBelow(pattern: string, path: string): boolean {
  const star = pattern.indexOf('*');
  const plain = star === -1 ? pattern : pattern.slice(0, star);
  return plain.startsWith(`${path}.`) || (star !== -1 && `${path}.`.startsWith(plain));
}
