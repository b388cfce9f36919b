import type { RemoteCause } from '../../error/remote-error.ts';
import type { VersionId } from '../../wire/version.ts';
import { exceptionStatus } from './exception-status.ts';
import { exceptionType } from './exception-type.ts';
import type { ExceptionValue } from './exception-value.ts';

/** A {@link RemoteCause} with everything read from the stream, so that it can be forwarded without loss. */
export interface DecodedCause extends RemoteCause {
  readonly id: number | null;
  readonly extra: ExceptionValue['extra'];
  readonly cause: DecodedCause | null;
  readonly suppressed: readonly DecodedCause[];
}

/**
 * Returns the content of a `RemoteError`: the exception, and each exception inside, with the status and type that REST shows for it.
 *
 * @param release release of the peer; a few statuses depend on it. @default 3.9.0
 */
export function toRemoteCause(value: ExceptionValue, release?: VersionId): DecodedCause {
  return {
    ...value,
    cause: value.cause === null ? null : toRemoteCause(value.cause, release),
    suppressed: value.suppressed.map((each) => toRemoteCause(each, release)),
    status: exceptionStatus(value, release),
    type: exceptionType(value),
  };
}

/** Returns true if a cause was made by {@link toRemoteCause}. */
export function isDecodedCause(cause: RemoteCause): cause is DecodedCause {
  return 'id' in cause && 'extra' in cause;
}
