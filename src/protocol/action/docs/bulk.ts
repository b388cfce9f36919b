import { list, since, struct, until, withDefault } from '../../codec/combinators.ts';
import { int } from '../../codec/primitives.ts';
import { V_2_14_0, V_3_0_0 } from '../../wire/version.ts';
import type { TimeValue } from '../../codec/time-value.ts';
import { type InitOf, typed } from '../../codec/typed.ts';
import { defineAction } from '../define-action.ts';
import { type ActiveShardCount, activeShardCount } from '../shared/active-shard-count.ts';
import { WRITE_TIMEOUT } from '../shared/doc-write.ts';
import { type RefreshPolicy, refreshPolicy } from '../shared/refresh-policy.ts';
import { type TimeInit, timeout } from '../shared/timeout.ts';
import { type BulkItem, type BulkItemInit, bulkItem } from './bulk-item.ts';
import { bulkResponse } from './bulk-response.ts';

/** Writes, changes and deletes many documents. */
export interface BulkRequest {
  /** How many copies of each shard must be active before it is written. Default: `DEFAULT`, which is the setting of the index. */
  readonly waitForActiveShards: ActiveShardCount;
  /** The operations, done in this order where they concern one shard. */
  readonly items: BulkItem[];
  /** Whether the writes become visible to searches before the answer. Set it here: items keep `NONE`. Default: `NONE`. */
  readonly refresh: RefreshPolicy;
  /** How long the node waits until a shard can be written. Default: 1 min. */
  readonly timeout: TimeValue;
  /** How many documents an ingest pipeline gets at once. Default: 2 147 483 647, all of them. From 2.14.0 to 2.19; not sent to others. */
  readonly batchSize: number;
}

/** A {@link BulkRequest} to send. */
export interface BulkRequestInit
  extends InitOf<BulkRequest, 'items', { readonly items: readonly BulkItemInit[]; readonly timeout: TimeInit }> {}

/** The whole request in one batch. */
const NO_BATCHES = 0x7fff_ffff;

/** `i32` active shards, `list` of items, `u8` refresh policy, TimeValue; from 2.14.0 and before 3.0.0 `i32` batch size. */
const request = typed<BulkRequest, BulkRequestInit>()(
  struct(
    {
      waitForActiveShards: withDefault(activeShardCount, 'DEFAULT'),
      items: list(bulkItem),
      refresh: refreshPolicy,
      timeout: withDefault(timeout, WRITE_TIMEOUT),
      batchSize: since(V_2_14_0, until(V_3_0_0, withDefault(int, NO_BATCHES), NO_BATCHES), NO_BATCHES),
    },
    'BulkRequest',
  ),
);

/**
 * `indices:data/write/bulk`: many writes in one request. Items succeed and fail one by one; look at `failure` of each. Items keep `refresh: 'NONE'`.
 *
 * @example await client.call(docs.bulk, { items: [{ kind: 'index', index: 'notes', id: '1', source: { text: 'hi' } }] })
 * @see wire-format.md §11.7
 */
export const bulk = defineAction({
  name: 'indices:data/write/bulk',
  request,
  response: bulkResponse,
  summary: 'Writes, changes and deletes many documents',
  purpose: 'bulk',
});
