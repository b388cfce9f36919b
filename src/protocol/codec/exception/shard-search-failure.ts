import type { Codec } from '../codec.ts';
import { optional, struct } from '../combinators.ts';
import { string } from '../primitives.ts';
import { type RestStatus, restStatus } from '../rest-status.ts';
import { type SearchShardTarget, searchShardTarget } from '../search-shard-target.ts';
import type { ExceptionInit, ExceptionValue } from './exception-value.ts';

/** The failure of a search on one shard. */
export interface ShardSearchFailure {
  readonly shardTarget: SearchShardTarget | null;
  readonly reason: string;
  readonly status: RestStatus;
  readonly cause: ExceptionValue;
}

/** A {@link ShardSearchFailure} to write. */
export interface ShardSearchFailureInit {
  readonly shardTarget?: SearchShardTarget | null | undefined;
  readonly reason: string;
  readonly status: RestStatus;
  readonly cause: ExceptionInit;
}

/**
 * `opt SearchShardTarget`, `str` reason, `str` REST status, Exception.
 *
 * @param cause codec of the exception
 * @see wire-format.md §11.8
 */
export function shardSearchFailureOf(cause: Codec<ExceptionValue, ExceptionInit>): Codec<ShardSearchFailure, ShardSearchFailureInit> {
  return struct({ shardTarget: optional(searchShardTarget), reason: string, status: restStatus, cause }, 'ShardSearchFailure');
}
