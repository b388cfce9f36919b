import { settingRefusal } from '../../protocol/action/extension/setting-refusal.ts';
import type { WriteableSettingOf } from '../../protocol/action/extension/setting.ts';
import { plainText } from '../../protocol/action/extension/setting-text.ts';
import type { SettingType, SettingValues } from '../../protocol/action/extension/setting-type.ts';
import { type KnownSetting, knownSetting, type SetValue } from './known-setting.ts';

interface Bounds<T extends SettingType> {
  readonly min?: SettingValues[T];
  readonly max?: SettingValues[T];
}

function dynamic<T extends SettingType>(type: T, key: string, value: SettingValues[T], { min, max }: Bounds<T> = {}): KnownSetting {
  const setting: WriteableSettingOf<SettingType> = {
    type,
    key,
    default: value,
    fallback: null,
    min: min ?? null,
    max: max ?? null,
    memory: false,
    parser: { key, filtered: false, native: false },
    regex: null,
    properties: ['Dynamic', 'NodeScope'],
  };
  return knownSetting(setting as never, 3);
}

function checked(key: string, value: SetValue, check: (value: SetValue) => void): KnownSetting {
  return { key, isDynamic: true, isFinal: false, isIndexScope: false, default: value, fallback: null, check };
}

function fixed(key: string, value: SetValue): KnownSetting {
  return { key, isDynamic: false, isFinal: false, isIndexScope: false, default: value, fallback: null, check: () => undefined };
}

/** @throws StatusError 400 unless the value is one of the words, in capital or small letters */
function oneOf(what: string, words: readonly string[]): (value: SetValue) => void {
  return (value) => {
    const word = plainText(value).toUpperCase();
    if (!words.includes(word)) throw settingRefusal(`Illegal ${what} value [${word}]`);
  };
}

/** `true`, `false`, or patterns that may begin with `+` or `-`. @see `AutoCreateIndex.AutoCreate` of OpenSearch */
function checkAutoCreate(value: SetValue): void {
  const text = typeof value === 'string' ? value : value.join(',');
  if (text === 'true' || text === 'false') return;
  const bare = text.split(',').find((pattern) => pattern.trim() === '+' || pattern.trim() === '-');
  if (bare === undefined) return;
  const sign = bare.trim();
  const reason = `Can't parse [${text}] for setting [action.auto_create_index] must contain an index name after [${sign}]`;
  const suppressed = settingRefusal(`Failed to parse value [${text}] as only [true] or [false] are allowed.`);
  throw Object.assign(settingRefusal(reason), { errors: [suppressed] });
}

const LEVELS = ['OFF', 'FATAL', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE', 'ALL'];

function checkLevel(value: SetValue): void {
  const level = plainText(value).toUpperCase();
  if (!LEVELS.includes(level)) throw settingRefusal(`Unknown level constant [${level}].`);
}

/** Returns the setting of a logger's level, or undefined for a key that does not begin with `logger.`. */
export function loggerSetting(key: string): KnownSetting | undefined {
  return /^logger\.[-\w]+(?:\.[-\w]+)*$/.test(key) ? checked(key, 'INFO', checkLevel) : undefined;
}

const seconds = (duration: number) => ({ duration, unit: 'SECONDS' }) as const;
const minutes = (duration: number) => ({ duration, unit: 'MINUTES' }) as const;

/** Settings of a genuine node that users touch while they develop, with the defaults of 2.19.6 and 3.9.0. A node knows about 700. */
export const BUILT_IN_SETTINGS: readonly KnownSetting[] = [
  fixed('bootstrap.memory_lock', 'false'),
  fixed('cluster.initial_cluster_manager_nodes', []),
  fixed('cluster.name', 'opensearch'),
  fixed('discovery.seed_hosts', []),
  fixed('discovery.type', 'zen'),
  fixed('http.host', []),
  fixed('http.netty.worker_count', '0'),
  fixed('http.port', '9200-9300'),
  fixed('http.type', ''),
  fixed('network.host', []),
  fixed('node.name', ''),
  fixed('node.roles', ['cluster_manager', 'data', 'ingest', 'remote_cluster_client']),
  fixed('path.data', []),
  fixed('path.home', ''),
  fixed('path.logs', ''),
  fixed('path.repo', []),
  fixed('transport.compress', 'false'),
  fixed('transport.host', []),
  fixed('transport.port', '9300-9400'),
  fixed('transport.type', ''),
  checked('action.auto_create_index', 'true', checkAutoCreate),
  checked('cluster.routing.allocation.enable', 'all', oneOf('allocation.enable', ['NONE', 'NEW_PRIMARIES', 'PRIMARIES', 'ALL'])),
  checked('cluster.routing.rebalance.enable', 'all', oneOf('rebalance.enable', ['NONE', 'PRIMARIES', 'REPLICAS', 'ALL'])),
  checked('logger.level', 'INFO', checkLevel),
  dynamic('Boolean', 'action.destructive_requires_name', false),
  dynamic('Boolean', 'cluster.blocks.read_only', false),
  dynamic('Boolean', 'cluster.blocks.read_only_allow_delete', false),
  dynamic('Boolean', 'cluster.routing.allocation.disk.threshold_enabled', true),
  dynamic('TimeValue', 'cluster.info.update.interval', seconds(30), { min: seconds(10) }),
  dynamic('Integer', 'cluster.max_shards_per_node', 1_000, { min: 1 }),
  dynamic('Boolean', 'search.default_allow_partial_results', true),
  dynamic('TimeValue', 'search.default_keep_alive', minutes(5)),
  dynamic('TimeValue', 'search.default_search_timeout', { duration: -1, unit: 'MILLISECONDS' }),
  dynamic('Integer', 'search.max_buckets', 65_535, { min: 0 }),
  dynamic('TimeValue', 'search.max_keep_alive', { duration: 24, unit: 'HOURS' }),
  dynamic('Integer', 'search.max_open_scroll_context', 500, { min: 0 }),
];
