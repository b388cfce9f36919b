import type { Codec } from './codec.ts';
import { struct } from './combinators.ts';
import { string, vInt } from './primitives.ts';

/** An index by name and identity. */
export interface Index {
  /** Name of the index. */
  readonly index: string;
  /** `_na_` when it is not known. */
  readonly uuid: string;
}

/** `str` name, `str` uuid. @see wire-format.md §11.1 */
export const index: Codec<Index> = struct({ index: string, uuid: string }, 'Index');

/** One shard of an index. */
export interface ShardId extends Index {
  readonly shard: number;
}

/** `str` index name, `str` index uuid, `vInt` shard. @see wire-format.md §11.1 */
export const shardId: Codec<ShardId> = struct({ index: string, uuid: string, shard: vInt }, 'ShardId');
