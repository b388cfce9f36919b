import type { StatusError } from '../../protocol/error/status-error.ts';
import { toRemoteCause } from '../../protocol/codec/exception/remote-cause.ts';
import { toException } from '../../protocol/codec/exception/to-exception.ts';
import { causeJson, errorResponse } from '../../protocol/rest/error-json.ts';
import type { JsonObject } from '../../protocol/rest/json.ts';
import type { RestResponse } from '../../protocol/rest/rest-message.ts';
import type { IndexIdentity } from '../store/errors.ts';

/** The failure of a search on the shards of an index. */
export class ShardFailures extends Error {
  readonly index: IndexIdentity;
  override readonly cause: StatusError;

  constructor(index: IndexIdentity, cause: StatusError) {
    super('all shards failed', { cause });
    this.index = index;
    this.cause = cause;
  }

  /** Returns what REST answers: status and reason of the shard's failure. @see `SearchPhaseExecutionException` of OpenSearch */
  toResponse(nodeId: string): RestResponse {
    const { status } = this.cause;
    const cause = causeJson(toRemoteCause(toException(this.cause)));
    const { body } = errorResponse(this.cause);
    const { root_cause: roots } = (body as { readonly error: { readonly root_cause: readonly JsonObject[] } }).error;
    const error = {
      root_cause: roots,
      type: 'search_phase_execution_exception',
      reason: 'all shards failed',
      phase: 'query',
      grouped: true,
      failed_shards: [{ shard: 0, index: this.index.name, node: nodeId, reason: cause }],
      // A failure of Java's own is shown twice: as what failed, and as its cause.
      caused_by: this.cause.type === 'illegal_argument_exception' ? { ...cause, caused_by: cause } : cause,
    };
    return { status, body: { error, status } };
  }
}
