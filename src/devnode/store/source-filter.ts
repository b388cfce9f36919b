import type { FetchSourceContext } from '../../protocol/action/shared/fetch-source.ts';
import { isObject } from '../../protocol/rest/body.ts';
import { matchesPattern } from './index-names.ts';

type Source = Readonly<Record<string, unknown>>;

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
export function filterSource(source: Source, { includes, excludes }: FetchSourceContext): Source {
  return filtered(source, '', includes, excludes, includes.length === 0, 0);
}

function filtered(
  source: Source,
  prefix: string,
  includes: readonly string[],
  excludes: readonly string[],
  isIncluded: boolean,
  level: number,
): Source {
  const kept: [string, unknown][] = [];
  for (const [name, value] of Object.entries(source)) {
    const path = prefix + name;
    if (excludes.some((pattern) => matchesPattern(pattern, path))) continue;
    const isIn = isIncluded || includes.some((pattern) => matchesPattern(pattern, path));
    if (!isIn && !includes.some((pattern) => mayMatchBelow(pattern, path))) continue;
    const inner = level < MAX_LEVEL ? below(value, `${path}.`, includes, excludes, isIn, level + 1) : value;
    if (isIn || (inner !== undefined && !isEmpty(inner))) kept.push([name, inner]);
  }
  return Object.fromEntries(kept);
}

/** Returns a value without what is not wanted inside it; undefined for a value that only a longer path could have wanted. */
function below(
  value: unknown,
  prefix: string,
  includes: readonly string[],
  excludes: readonly string[],
  isIn: boolean,
  level: number,
): unknown {
  if (isObject(value)) return filtered(value, prefix, includes, excludes, isIn, level);
  if (!Array.isArray(value)) return isIn ? value : undefined;
  if (level > MAX_LEVEL) return isIn ? value : undefined;
  const items = value.map((item) => below(item, prefix, includes, excludes, isIn, level + 1));
  return isIn ? items : items.filter((item) => item !== undefined && !isEmpty(item));
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

function mayMatchBelow(pattern: string, path: string): boolean {
  const star = pattern.indexOf('*');
  const plain = star === -1 ? pattern : pattern.slice(0, star);
  return plain.startsWith(`${path}.`) || (star !== -1 && `${path}.`.startsWith(plain));
}
