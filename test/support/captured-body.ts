import { HEALTH_LEVELS, HEALTH_STATUSES } from '../../src/protocol/action/cluster/health-request.ts';
import { OP_TYPES } from '../../src/protocol/action/shared/doc-write.ts';
import { REFRESH_POLICIES } from '../../src/protocol/action/shared/refresh-policy.ts';
import { parseTime } from '../../src/protocol/action/shared/time-text.ts';
import { type TimeValue, toMilliseconds } from '../../src/protocol/codec/time-value.ts';
import { VERSION_TYPES } from '../../src/protocol/action/shared/version-type.ts';
import { parseVersion } from '../../src/protocol/wire/version.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Our names for those of the captures' reading aid. */
const NAMES: Readonly<Record<string, string>> = {
  shardHealth: 'shards',
  relocating: 'relocatingShards',
  initializing: 'initializingShards',
  unassigned: 'unassignedShards',
  active: 'activeShards',
  activePrimary: 'activePrimaryShards',
  replicas: 'numberOfReplicas',
  dataNodes: 'numberOfDataNodes',
  discoveredClusterManager: 'hasDiscoveredClusterManager',
  pendingTasks: 'numberOfPendingTasks',
  inFlightFetch: 'numberOfInFlightFetch',
  delayedUnassigned: 'delayedUnassignedShards',
  maxTaskWait: 'taskMaxWaitingTime',
  awareness: 'awarenessHealth',
  metaFields: 'metadataFields',
  total: 'totalShards',
  successful: 'successfulShards',
  failed: 'failedShards',
  failures: 'shardFailures',
  took: 'tookInMillis',
  ingestTook: 'ingestTookInMillis',
  abbr: 'abbreviation',
  data: 'canContainData',
  hidden: 'isHidden',
};

/** The same where one name stands for different things. */
const NAMES_OF: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'request cluster:monitor/health': { timeout: 'clusterManagerTimeout', waitTimeout: 'timeout' },
  'response cluster:monitor/health': { nodes: 'numberOfNodes' },
  'response internal:transport/handshake': { node: 'discoveryNode' },
  indices: { shards: 'numberOfShards' },
  shardHealth: { shard: 'shardId' },
  shardInfo: { total: 'total', successful: 'successful', failures: 'failures' },
  response: { total: 'total' },
  build: { version: 'qualifiedVersion' },
  node: { version: 'versionId' },
  failure: { source: 'source' },
};

const FAILURE_SOURCES = ['UNKNOWN', 'PIPELINE', 'VALIDATION', 'WRITE_PROCESSING'];

/** Numbers of the reading aid that we name. */
const ENUMS: Readonly<Record<string, readonly string[]>> = {
  refresh: REFRESH_POLICIES,
  opType: OP_TYPES,
  versionType: VERSION_TYPES,
  level: HEALTH_LEVELS,
  source: FAILURE_SOURCES,
  status: HEALTH_STATUSES,
  stateStatus: HEALTH_STATUSES,
};

/** Kinds of bulk items and of their responses. Captured items are of kinds 0 and 1. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  request: ['index', 'delete', 'update'],
  response: ['INDEX', 'DELETE', 'NONE', 'UPDATE'],
};

/**
 * What the reading aid of a capture says of a body and our value does not, one line each.
 *
 * @param where `request` or `response` and the name of the action, then the names of the fields
 */
export function differences(aid: unknown, ours: unknown, where: readonly string[]): string[] {
  const name = where.at(-1) as string;
  if (Array.isArray(aid) && Array.isArray(ours)) {
    const length = aid.length === ours.length ? [] : [`${where.join('.')}: ${aid.length} items, ours ${ours.length}`];
    const [theirs, mine] = SETS.includes(name) ? [aid.toSorted(byName), ours.toSorted(byName)] : [aid, ours];
    return [...length, ...theirs.flatMap((item, i) => differences(item, mine[i], where))];
  }
  if (
    typeof aid === 'object' &&
    aid !== null &&
    typeof ours === 'object' &&
    ours !== null &&
    !Buffer.isBuffer(ours) &&
    !Array.isArray(aid)
  ) {
    return Object.entries(aid).flatMap(([key, item]) => field(key, item, ours as Fields, where));
  }
  if (Array.isArray(aid) && aid.length === 0 && Object.keys(ours ?? {}).length === 0) return [];
  return same(aid, ours, name) ? [] : [`${where.join('.')}: ${JSON.stringify(aid)}, ours ${show(ours)}`];
}

/** Lists whose order means nothing. */
const SETS = ['roles', 'options', 'wildcards'];

const nameIn = (item: string | Fields): string => (typeof item === 'string' ? item : String(item['name']));
const byName = (a: string | Fields, b: string | Fields): number => (nameIn(a) < nameIn(b) ? -1 : 1);

function field(key: string, item: unknown, ours: Fields, where: readonly string[]): string[] {
  // The parent task is not the codec's; stack frames are counted only, keys and ids are compared with the class by the exceptions' own tests.
  if (['parent', 'stackFrames', 'key', 'suppressed', 'cause'].includes(key)) return [];
  const context = where.at(-1) as string;
  const root = where[0] as string;
  if (key === 'kind') {
    const kind = typeof item === 'string' ? item : KINDS[root.split(' ')[0] as string]?.[item as number];
    return kind === (ours['kind'] ?? ours['responseType']) ? [] : [`${where.join('.')}: kind ${String(item)}`];
  }
  if (key === 'id' && 'itemId' in ours) return same(item, ours['itemId'], key) ? [] : [`${where.join('.')}: item ${String(item)}`];
  const named = NAMES_OF[where.length === 1 ? root : context]?.[key] ?? NAMES[key] ?? key;
  // The aid says false for extra field values that are not there.
  if (key === 'extraFieldValues') return ours[key] === null && item === false ? [] : [`${key} is ${String(item)}`];
  if (!(named in ours)) return item === null ? [] : [`${where.join('.')}.${key}: not in ours (${Object.keys(ours).join()})`];
  return differences(item, ours[named], [...where, key]);
}

type Scalar = string | number | bigint | boolean;

function same(aid: unknown, ours: unknown, name: string): boolean {
  if (Object.is(aid, ours)) return true;
  if (ours === null || ours === undefined) return aid === null;
  if (Buffer.isBuffer(ours)) return ours.toString() === aid;
  if (typeof ours === 'object') return sameTime(String(aid as Scalar), ours as TimeValue);
  return sameScalar(aid as Scalar, ours as Scalar, name);
}

/** Every time of no length is `0s` to us, and `0ms` or `0s` to the aid. */
function sameTime(aid: string, ours: TimeValue): boolean {
  return toMilliseconds(parseTime(aid)) === toMilliseconds(ours);
}

function sameScalar(aid: Scalar, ours: Scalar, name: string): boolean {
  if (name === 'waitForActiveShards') return (ours === 'ALL' ? -1 : ours === 'DEFAULT' ? -2 : ours) === aid;
  if (name === 'contentType') return String(aid).startsWith(String(ours));
  if (name === 'ip') return Buffer.from(String(ours), 'hex').join('.') === aid;
  if (name === 'version' && typeof aid === 'string' && typeof ours === 'number') return parseVersion(aid.replace('legacy ', '')) === ours;
  if (typeof aid === 'number' && typeof ours === 'string') return ENUMS[name]?.[aid] === ours;
  return String(aid) === String(ours);
}

function show(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? `${item}n` : item)) ?? 'undefined';
}
