import { list, optional, since, struct, withDefault } from '../../codec/combinators.ts';
import type { GenericMap } from '../../codec/generic-kinds.ts';
import { genericMap } from '../../codec/generic-map.ts';
import { boolean, optionalBoolean, string } from '../../codec/primitives.ts';
import { type Settings, type SettingValue, settings } from '../../codec/settings.ts';
import { type InitOf, typed } from '../../codec/typed.ts';
import { V_2_17_0 } from '../../wire/version.ts';
import { defineAction } from '../define-action.ts';
import { type ActiveShardCount, activeShardCount } from '../shared/active-shard-count.ts';
import { type AcknowledgedRequest, acknowledgedRequest, type ClusterManagerTimes } from '../shared/cluster-manager-request.ts';

/** Another name of an index. */
export interface Alias {
  readonly name: string;
  /** A query as JSON text: searches by this name see only what matches. Null: everything. */
  readonly filter: string | null;
  /** Routing of writes by this name; null for none. */
  readonly indexRouting: string | null;
  /** Routing of searches by this name, several separated by commas; null for none. */
  readonly searchRouting: string | null;
  /** True if writes by this name go to this index; null for the default, which is true while the name has one index only. */
  readonly writeIndex: boolean | null;
  /** True if patterns do not match this name; null for false. */
  readonly isHidden: boolean | null;
}

/** An {@link Alias} to send. */
export interface AliasInit extends InitOf<Alias, 'name'> {}

/** A template by which an index is made for a use, such as logs. */
export interface IndexContext {
  /** Name of the template. */
  readonly name: string;
  /** Version of the template; null for `_latest`. */
  readonly version: string | null;
  readonly params: GenericMap | null;
}

/** An {@link IndexContext} to send. */
export interface IndexContextInit extends InitOf<IndexContext, 'name'> {}

/** Creates an index. */
export interface CreateIndexRequest extends AcknowledgedRequest {
  /** What the logs of the cluster manager say about why. Default: the empty string, which they show as `api`. */
  readonly cause: string;
  /** Name of the new index. */
  readonly index: string;
  /** Its settings by flat key, `index.number_of_shards` for example. Default: empty. */
  readonly settings: Record<string, SettingValue>;
  /** Its mappings as JSON text, with `_doc` around them: `{"_doc":{"properties":{…}}}`. Default: `{}`. */
  readonly mappings: string;
  readonly aliases: Alias[];
  /** How many copies of each shard must be active before the answer. Default: `DEFAULT`, which is the setting of the index. */
  readonly waitForActiveShards: ActiveShardCount;
  /** Default: null. Since 2.17.0. */
  readonly context: IndexContext | null;
}

/** A {@link CreateIndexRequest} to send. */
export interface CreateIndexRequestInit
  extends InitOf<
    CreateIndexRequest,
    'index',
    ClusterManagerTimes & { readonly settings: Settings; readonly aliases: readonly AliasInit[]; readonly context: IndexContextInit | null }
  > {}

/** Says that an index was created. */
export interface CreateIndexResponse {
  /** False if not all nodes acknowledged the index in `ackTimeout`; it exists all the same. */
  readonly acknowledged: boolean;
  /** False if the shards were not active in `ackTimeout`. */
  readonly shardsAcknowledged: boolean;
  /** Name of the index. */
  readonly index: string;
}

/** `str` alias, `opt str` filter, `opt str` index routing, `opt str` search routing, ob write index, ob hidden. */
const alias = typed<Alias, AliasInit>()(
  struct(
    {
      name: string,
      filter: optional(string),
      indexRouting: optional(string),
      searchRouting: optional(string),
      writeIndex: optionalBoolean,
      isHidden: optionalBoolean,
    },
    'Alias',
  ),
);

/** `str` name, `opt str` version, generic map parameters. @see `Context` of OpenSearch */
const context = typed<IndexContext, IndexContextInit>()(
  struct({ name: string, version: optional(string), params: withDefault(genericMap, { t: 'map', v: [] }) }, 'Context'),
);

/**
 * Acknowledged request, `str` cause, `str` index, Settings, `str` mappings (JSON text), `list` of aliases, `i32` active shards; from 2.17.0
 * `opt` context.
 */
const request = typed<CreateIndexRequest, CreateIndexRequestInit>()(
  struct(
    {
      ...acknowledgedRequest,
      cause: withDefault(string, ''),
      index: string,
      settings: withDefault(settings, {}),
      mappings: withDefault(string, '{}'),
      aliases: withDefault(list(alias), []),
      waitForActiveShards: withDefault(activeShardCount, 'DEFAULT'),
      context: since(V_2_17_0, optional(context), null),
    },
    'CreateIndexRequest',
  ),
);

/**
 * `indices:admin/create`. Response: `bool` acknowledged, `bool` shards acknowledged, `str` index.
 *
 * @example await client.call(indices.create, { index: 'notes', settings: { 'index.number_of_replicas': '0' } })
 * @see wire-format.md §11.9
 */
export const createIndex = defineAction({
  name: 'indices:admin/create',
  request,
  response: typed<CreateIndexResponse, CreateIndexResponse>()(
    struct({ acknowledged: boolean, shardsAcknowledged: boolean, index: string }, 'CreateIndexResponse'),
  ),
  summary: 'Creates an index',
});
