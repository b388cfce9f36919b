import { list, optional, struct, withDefault } from '../../codec/combinators.ts';
import { boolean, string } from '../../codec/primitives.ts';
import { shardId } from '../../codec/shard-id.ts';
import { defineAction } from '../define-action.ts';
import { fetchSource } from '../shared/fetch-source.ts';
import { getResult } from '../shared/get-result.ts';
import { versionType, wantedVersion } from '../shared/version-type.ts';

/**
 * `opt` ShardId, `opt str` index, `str` id, `opt str` routing, `opt str` preference, `bool` refresh, `opt list str` stored fields, `bool`
 * realtime, `u8` version type, `i64` version, `opt` FetchSourceContext.
 */
const request = struct(
  {
    /** Nodes fill it in; clients leave it out. */
    internalShardId: optional(shardId),
    index: optional(string),
    id: string,
    routing: optional(string),
    preference: optional(string),
    refresh: withDefault(boolean, false),
    storedFields: optional(list(string)),
    realtime: withDefault(boolean, true),
    versionType,
    version: wantedVersion,
    fetchSource: optional(fetchSource),
  },
  'GetRequest',
);

/**
 * `indices:data/read/get`. A document that is not there is an answer with `exists: false`, not an error.
 *
 * @example await client.call(docs.get, { index: 'notes', id: '1' })
 * @see wire-format.md §11.5
 */
export const get = defineAction({
  name: 'indices:data/read/get',
  request,
  response: getResult,
  summary: 'Gets a document by id',
  idempotent: true,
});
