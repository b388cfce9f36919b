import { COST } from '../wire/allowance.ts';
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

const fields: Codec<ShardId> = struct({ index: string, uuid: string, shard: vInt }, 'ShardId');

const SHARD_COST = COST.object + 3 * COST.field;

/** `str` index name, `str` index uuid, `vInt` shard. @see wire-format.md §11.1 */
export const shardId: Codec<ShardId> = {
  ...fields,
  // hot: bulk. Writes in a row go to the same few shards: comparing bytes costs a quarter of making two strings.
  read: (input) => {
    const last = input.repeated(shardId) as ShardId | null;
    input.spend(SHARD_COST);
    if (last !== null) return { index: last.index, uuid: last.uuid, shard: last.shard };
    const { offset } = input;
    const value = fields.read(input);
    input.remember(shardId, offset, value);
    return value;
  },
};
