import type { Codec } from '../../codec/codec.ts';
import { list, optional, struct, withDefault } from '../../codec/combinators.ts';
import { boolean, string } from '../../codec/primitives.ts';
import { type ShardId, shardId } from '../../codec/shard-id.ts';
import { type InitOf, typed } from '../../codec/typed.ts';
import { defineAction } from '../define-action.ts';
import { type FetchSourceContext, type FetchSourceContextInit, fetchSource } from '../shared/fetch-source.ts';
import { type GetResult, type GetResultInit, getResult } from '../shared/get-result.ts';
import { type VersionType, versionType, wantedVersion } from '../shared/version-type.ts';

/** Asks for one document. */
export interface GetRequest {
  /** Nodes fill it in; clients leave it out. */
  readonly internalShardId: ShardId | null;
  /** Name of an index, or of an alias of one index. A node refuses null. */
  readonly index: string | null;
  /** Id of the document. */
  readonly id: string;
  /** The routing the document was written with. Default: null, by the id. */
  readonly routing: string | null;
  /** Which copy of the shard answers: `_local`, `_primary`, or any text to reach the same copy each time. Default: null, any copy. */
  readonly preference: string | null;
  /** True to refresh the shard first. Default: false. */
  readonly refresh: boolean;
  /** Names of stored fields to return. Default: null, none. */
  readonly storedFields: string[] | null;
  /** True to see writes that are not refreshed yet. Default: true. */
  readonly realtime: boolean;
  /** Who counts the versions: the index, or a system outside. Default: `INTERNAL`. */
  readonly versionType: VersionType;
  /** The version that the document must have, or the node answers with status 409. Default: −3, any. */
  readonly version: number | bigint;
  /** Which part of the source is returned. Default: null, all of it. */
  readonly fetchSource: FetchSourceContext | null;
}

/** A {@link GetRequest} to send. */
export interface GetRequestInit
  extends InitOf<
    GetRequest,
    'id',
    { readonly storedFields: readonly string[] | null; readonly fetchSource: FetchSourceContextInit | null }
  > {}

/** A document, or the news that it does not exist. */
export interface GetResponse extends GetResult {}

/** A {@link GetResponse} to send. */
export interface GetResponseInit extends GetResultInit {}

/**
 * `opt` ShardId, `opt str` index, `str` id, `opt str` routing, `opt str` preference, `bool` refresh, `opt list str` stored fields, `bool`
 * realtime, `u8` version type, `i64` version, `opt` FetchSourceContext.
 */
const request = typed<GetRequest, GetRequestInit>()(
  struct(
    {
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
  ),
);

const response: Codec<GetResponse, GetResponseInit> = getResult;

/**
 * `indices:data/read/get`. If there is no such document, the answer has `exists: false`; it is not an error.
 *
 * @example await client.call(docs.get, { index: 'notes', id: '1' })
 * @see wire-format.md §11.5
 */
export const get = defineAction({
  name: 'indices:data/read/get',
  request,
  response,
  summary: 'Gets a document by id',
  idempotent: true,
});
