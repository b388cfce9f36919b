import { list, since, struct, until, withDefault } from '../../codec/combinators.ts';
import { int } from '../../codec/primitives.ts';
import { V_2_14_0, V_3_0_0 } from '../../wire/version.ts';
import { defineAction } from '../define-action.ts';
import { activeShardCount } from '../shared/active-shard-count.ts';
import { WRITE_TIMEOUT } from '../shared/doc-write.ts';
import { refreshPolicy } from '../shared/refresh-policy.ts';
import { timeout } from '../shared/timeout.ts';
import { bulkItem } from './bulk-item.ts';
import { bulkResponse } from './bulk-response.ts';

/** The whole request in one batch. */
const NO_BATCHES = 0x7fff_ffff;

/** `i32` active shards, `list` of items, `u8` refresh policy, TimeValue; from 2.14.0 and before 3.0.0 `i32` batch size. */
const request = struct(
  {
    waitForActiveShards: withDefault(activeShardCount, 'DEFAULT'),
    items: list(bulkItem),
    refresh: refreshPolicy,
    timeout: withDefault(timeout, WRITE_TIMEOUT),
    batchSize: since(V_2_14_0, until(V_3_0_0, withDefault(int, NO_BATCHES), NO_BATCHES), NO_BATCHES),
  },
  'BulkRequest',
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
