import type { OutOf } from '../../codec/codec.ts';
import { list, optional, struct, withDefault } from '../../codec/combinators.ts';
import { wholeException } from '../../codec/exception/exception.ts';
import { boolean, string, vInt } from '../../codec/primitives.ts';
import { restStatus } from '../../codec/rest-status.ts';
import { shardId } from '../../codec/shard-id.ts';

/** A copy that could not be written: ShardId, `opt str` node, Exception, `str` REST status, `bool` primary. @see wire-format.md §11.6 */
const copyFailure = struct(
  { shardId, nodeId: optional(string), cause: wholeException, status: restStatus, primary: boolean },
  'ReplicationFailure',
);

/** On how many copies a write was made: `vInt` total, `vInt` successful, `list` of failures. @see wire-format.md §11.6 */
export const shardInfo = struct({ total: vInt, successful: vInt, failures: withDefault(list(copyFailure), []) }, 'ShardInfo');

/** On how many copies a write was made. */
export type ShardInfo = OutOf<typeof shardInfo>;
