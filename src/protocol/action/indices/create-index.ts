import { list, optional, since, struct, withDefault } from '../../codec/combinators.ts';
import { genericMap } from '../../codec/generic-map.ts';
import { boolean, optionalBoolean, string } from '../../codec/primitives.ts';
import { settings } from '../../codec/settings.ts';
import { V_2_17_0 } from '../../wire/version.ts';
import { defineAction } from '../define-action.ts';
import { activeShardCount } from '../shared/active-shard-count.ts';
import { acknowledgedRequest } from '../shared/cluster-manager-request.ts';

/** `str` alias, `opt str` filter, `opt str` index routing, `opt str` search routing, ob write index, ob hidden. */
const alias = struct(
  {
    name: string,
    /** A query, as JSON text. */
    filter: optional(string),
    indexRouting: optional(string),
    searchRouting: optional(string),
    writeIndex: optionalBoolean,
    isHidden: optionalBoolean,
  },
  'Alias',
);

/** `str` name, `opt str` version, generic map parameters. @see `Context` of OpenSearch */
const context = struct({ name: string, version: optional(string), params: withDefault(genericMap, { t: 'map', v: [] }) }, 'Context');

/**
 * Acknowledged request, `str` cause, `str` index, Settings, `str` mappings (JSON text), `list` of aliases, `i32` active shards; from 2.17.0
 * `opt` context.
 */
const request = struct(
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
  response: struct({ acknowledged: boolean, shardsAcknowledged: boolean, index: string }, 'CreateIndexResponse'),
  summary: 'Creates an index',
});
