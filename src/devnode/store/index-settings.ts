import { StatusError } from '../../protocol/error/status-error.ts';
import { illegalArgument } from '../../protocol/rest/refusals.ts';
import type { Settings, SettingValue } from '../../protocol/codec/settings.ts';
import { invalidIndexName } from './errors.ts';

/** Settings of indices in OpenSearch; one that ends with a dot stands for all below it. */
const KNOWN: readonly string[] =
  `analysis. append_only.enabled auto_expand_replicas blocks. check_pending_flush.enabled codec codec. composite_index.
  composite_index data_path default_pipeline derived_source. final_pipeline flush_after_merge format gc_deletes hidden highlight. indexing. knn knn.
  lifecycle. load_fixed_bitset_filters_eagerly mapper. mapping. mapping.dynamic max_adjacency_matrix_filters max_docvalue_fields_search
  max_inner_result_window max_ngram_diff max_refresh_listeners max_regex_length max_rescore_window max_result_window max_script_fields
  max_shingle_diff max_slices_per_pit max_slices_per_scroll max_terms_count merge. number_of_replicas number_of_routing_shards number_of_search_replicas
  number_of_shards optimize_auto_generated_id optimize_doc_id_lookup. priority query. queries. refresh_interval remote_store. replication. requests.
  routing. routing_partition_size search. shard. similarity. soft_deletes. sort. store. translog. unassigned. use_compound_file warmer. write.`
    .trim()
    .split(/\s+/);

/** Most shards of an index. @see `opensearch.index.max_number_of_shards` */
const MAX_SHARDS = 1024;
/** Longest name of an index, in bytes. */
const MAX_NAME_BYTES = 255;

/** Returns the settings of a new index with `index.` before each name. @throws StatusError 400 in a node's words for one that OpenSearch does not have */
export function indexSettings(given: Settings, major: number): Record<string, SettingValue> {
  const settings: Record<string, SettingValue> = {};
  for (const [name, value] of Object.entries(given)) {
    const short = name.startsWith('index.') ? name.slice('index.'.length) : name;
    if (!KNOWN.some((known) => (known.endsWith('.') ? short.startsWith(known) : short === known)))
      throw unknownSetting(`index.${short}`, major);
    settings[`index.${short}`] = value;
  }
  checkNumber(settings, 'index.number_of_shards', 1, MAX_SHARDS);
  checkNumber(settings, 'index.number_of_replicas', 0, Number.POSITIVE_INFINITY);
  return settings;
}

/** @throws StatusError 400 in a node's words for a name that an index cannot have */
export function checkIndexName(name: string): void {
  if (/[ "*\\<|,>/?]/.test(name)) throw invalidIndexName(name, 'must not contain the following characters [ , ", *, \\, <, |, ,, >, /, ?]');
  if (name.includes('#')) throw invalidIndexName(name, "must not contain '#'");
  if (name.includes(':')) throw invalidIndexName(name, "must not contain ':'");
  if (/^[_\-+]/.test(name)) throw invalidIndexName(name, "must not start with '_', '-', or '+'");
  const length = Buffer.byteLength(name);
  if (length > MAX_NAME_BYTES) throw invalidIndexName(name, `index name is too long, (${length} > ${MAX_NAME_BYTES})`);
  if (name === '.' || name === '..') throw invalidIndexName(name, "must not be '.' or '..'");
  if (name.toLowerCase() !== name) throw invalidIndexName(name, 'must be lowercase');
}

function checkNumber(settings: Readonly<Record<string, SettingValue>>, name: string, least: number, most: number): void {
  const value = settings[name];
  if (value === undefined || value === null) return;
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : Number.NaN;
  if (Number.isNaN(number)) throw illegalArgument(`Failed to parse value [${String(value)}] for setting [${name}]`);
  if (number < least) throw illegalArgument(`Failed to parse value [${number}] for setting [${name}] must be >= ${least}`);
  if (number > most) throw illegalArgument(`Failed to parse value [${number}] for setting [${name}] must be <= ${most}`);
}

function unknownSetting(name: string, major: number): StatusError {
  const advice = 'please check that any required plugins are installed, or check the breaking changes documentation for removed settings';
  return new StatusError(400, major < 3 ? 'illegal_argument_exception' : 'settings_exception', `unknown setting [${name}] ${advice}`);
}
