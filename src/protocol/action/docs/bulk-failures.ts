import { exceptionStatus } from '../../codec/exception/exception-status.ts';
import { exceptionType } from '../../codec/exception/exception-type.ts';
import type { ExceptionValue } from '../../codec/exception/exception-value.ts';
import type { OpType } from '../shared/doc-write.ts';
import type { BulkItemFailure, BulkResponse } from './bulk-response.ts';

/** A failed operation of a bulk request, in the terms of REST. */
export interface BulkFailure extends Pick<BulkItemFailure, 'index' | 'id'> {
  /** Index of the operation in the `items` of the request. */
  readonly itemId: number;
  readonly opType: OpType;
  /** The HTTP status that REST shows for it: 409 for a conflict, 429 for a rejection, which may be tried again later. */
  readonly status: number;
  /** The type that REST shows, for example `version_conflict_engine_exception`. */
  readonly type: string;
  /** The message of the exception; null for none. */
  readonly reason: string | null;
  /** The exception as the node sent it. */
  readonly cause: ExceptionValue;
}

/**
 * Returns the failed operations of a bulk response, in the order of the request; an empty array if all succeeded.
 *
 * @example const again = docs.bulkFailures(response).filter(({ status }) => status === 429).map(({ itemId }) => items[itemId]);
 */
export function bulkFailures(response: BulkResponse): BulkFailure[] {
  return response.items.flatMap(({ itemId, opType, failure }) => {
    if (failure === null) return [];
    const { index, id, cause } = failure;
    return [{ itemId, opType, index, id, status: exceptionStatus(cause), type: exceptionType(cause), reason: cause.message, cause }];
  });
}
