import { V_3_9_0, type VersionId } from '../../wire/version.ts';
import type { ClusterBlock } from '../cluster-block.ts';
import { REST_STATUS_CODES, type RestStatus } from '../rest-status.ts';
import type { ExceptionValue } from './exception-value.ts';
import { registeredException } from './registered.ts';
import type { ShardSearchFailure } from './shard-search-failure.ts';

const INTERNAL_SERVER_ERROR = REST_STATUS_CODES.INTERNAL_SERVER_ERROR;

/** Statuses of special cases; all others have 500. `NumberFormatException` is an `IllegalArgumentException`. */
const SPECIAL_STATUS: ReadonlyMap<string, RestStatus> = new Map([
  ['java.lang.IllegalArgumentException', 'BAD_REQUEST'],
  ['java.lang.NumberFormatException', 'BAD_REQUEST'],
  ['org.opensearch.core.concurrency.OpenSearchRejectedExecutionException', 'TOO_MANY_REQUESTS'],
]);

/**
 * Returns the HTTP status with which a node's REST layer answers an exception.
 *
 * @param release release of the node; a few statuses depend on it. @default 3.9.0
 * @see `ExceptionsHelper.status` of OpenSearch
 */
export function exceptionStatus(value: ExceptionValue, release: VersionId = V_3_9_0): number {
  if (value.id === null) return codeOf(SPECIAL_STATUS.get(value.class));
  const source = registeredException(value.id, release)?.status;
  if (source === 'CAUSE') return value.cause === null ? INTERNAL_SERVER_ERROR : exceptionStatus(value.cause, release);
  return source === 'FIELD' ? statusOfFields(value, release) : codeOf(source);
}

function codeOf(status: unknown): number {
  return REST_STATUS_CODES[status as RestStatus] ?? INTERNAL_SERVER_ERROR;
}

function statusOfFields(value: ExceptionValue, release: VersionId): number {
  const { status, restStatus, blocks, shardFailures } = value.extra;
  if (Array.isArray(blocks)) return statusOfBlocks(blocks as readonly ClusterBlock[]);
  if (Array.isArray(shardFailures)) return statusOfFailures(value, shardFailures as readonly ShardSearchFailure[], release);
  return typeof restStatus === 'number' ? restStatus : codeOf(status);
}

/** The highest status of the blocks that a retry cannot pass, otherwise 429. */
function statusOfBlocks(blocks: readonly ClusterBlock[]): number {
  const codes = blocks.map(({ status }) => codeOf(status)).filter((code) => code !== REST_STATUS_CODES.TOO_MANY_REQUESTS);
  return codes.length === 0 ? REST_STATUS_CODES.TOO_MANY_REQUESTS : Math.max(...codes);
}

/** The status of the last failure with 500 or above, otherwise of the first failure. Without failures it is the status of the cause. */
function statusOfFailures({ cause }: ExceptionValue, failures: readonly ShardSearchFailure[], release: VersionId): number {
  const [first, ...others] = failures.map(({ status }) => codeOf(status));
  if (first !== undefined) return others.findLast((code) => code >= INTERNAL_SERVER_ERROR) ?? first;
  return cause === null ? REST_STATUS_CODES.SERVICE_UNAVAILABLE : exceptionStatus(cause, release);
}
