import type { OutOf } from './codec.ts';
import { optional, struct } from './combinators.ts';
import { string, text } from './primitives.ts';
import { shardId } from './shard-id.ts';

/** The shard a search went to: `opt text` node id, ShardId, `opt str` cluster alias. @see wire-format.md §11.8 */
export const searchShardTarget = struct({ nodeId: optional(text), shardId, clusterAlias: optional(string) }, 'SearchShardTarget');

/** What {@link searchShardTarget} holds. */
export type SearchShardTarget = OutOf<typeof searchShardTarget>;
