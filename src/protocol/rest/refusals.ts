import { StatusError } from '../error/status-error.ts';

/** What REST answers to an argument it does not understand: status 400. */
export function illegalArgument(reason: string, cause?: unknown): StatusError {
  return new StatusError(400, 'illegal_argument_exception', reason, cause === undefined ? {} : { cause });
}

/** What REST answers to a body it does not understand: status 400. */
export function parseFailure(reason: string, cause?: unknown): StatusError {
  return new StatusError(400, 'parse_exception', reason, cause === undefined ? {} : { cause });
}
