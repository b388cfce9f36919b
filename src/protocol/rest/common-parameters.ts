import type { ActiveShardCount } from '../action/shared/active-shard-count.ts';
import type { FetchSourceContext } from '../action/shared/fetch-source.ts';
import type { RefreshPolicy } from '../action/shared/refresh-policy.ts';
import { VERSION_TYPES, type VersionType } from '../action/shared/version-type.ts';
import type { TimeValue } from '../codec/time-value.ts';
import type { QueryParameters } from './query-parameters.ts';
import { illegalArgument, parseFailure } from './refusals.ts';

const REFRESH: Readonly<Record<string, RefreshPolicy>> = { '': 'IMMEDIATE', true: 'IMMEDIATE', false: 'NONE', wait_for: 'WAIT_UNTIL' };

/** `refresh`: `true`, `false` or `wait_for`; the bare name is true. */
export function refreshFrom(query: QueryParameters): RefreshPolicy | undefined {
  const text = query.text('refresh');
  if (text === undefined) return undefined;
  const policy = Object.hasOwn(REFRESH, text) ? REFRESH[text] : undefined;
  if (policy === undefined) throw illegalArgument(`Unknown value for refresh: [${text}].`);
  return policy;
}

/** `wait_for_active_shards`: a number or `all`. */
export function activeShardsFrom(query: QueryParameters): ActiveShardCount | undefined {
  const text = query.text('wait_for_active_shards');
  if (text === undefined) return undefined;
  if (text === 'all') return 'ALL';
  const count = /^[+-]?\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if ((count | 0) !== count) throw illegalArgument(`cannot parse ActiveShardCount[${text}]`);
  if (count < 0) throw illegalArgument('shard count cannot be a negative value');
  return count;
}

/** `version_type`: `internal`, `external` or `external_gte`. */
export function versionTypeFrom(query: QueryParameters): VersionType | undefined {
  const text = query.text('version_type');
  return text === undefined ? undefined : versionTypeOf(text);
}

/** A version type by its REST name. @throws StatusError 400 */
export function versionTypeOf(text: string): VersionType {
  const found = VERSION_TYPES.find((type) => type.toLowerCase() === text);
  if (found === undefined) throw illegalArgument(`No version type match [${text}]`);
  return found;
}

/** `cluster_manager_timeout`, or by its old name `master_timeout`; not both. */
export function clusterManagerTimeoutFrom(query: QueryParameters): TimeValue | undefined {
  const present = query.time('cluster_manager_timeout');
  const former = query.time('master_timeout');
  if (present !== undefined && former !== undefined) {
    throw parseFailure('Please only use one of the request parameters [master_timeout, cluster_manager_timeout].');
  }
  return present ?? former;
}

/** `_source` (`true`, `false` or patterns), `_source_includes`, `_source_excludes`. */
export function fetchSourceFrom(query: QueryParameters): FetchSourceContext | undefined {
  const source = query.text('_source');
  const isFlag = source === 'true' || source === 'false';
  const patterns = source === undefined || isFlag ? undefined : query.list('_source');
  const includes = query.list('_source_includes') ?? patterns;
  const excludes = query.list('_source_excludes');
  if (source === undefined && includes === undefined && excludes === undefined) return undefined;
  return { fetch: source !== 'false', includes: includes ?? [], excludes: excludes ?? [] };
}
