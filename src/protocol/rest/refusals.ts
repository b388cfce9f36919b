import { StatusError } from '../error/status-error.ts';

/** Returns the refusal of an argument: status 400. */
export function illegalArgument(reason: string, cause?: unknown): StatusError {
  return new StatusError(400, 'illegal_argument_exception', reason, cause === undefined ? {} : { cause });
}

/** Returns the refusal of a body: status 400. */
export function parseFailure(reason: string, cause?: unknown): StatusError {
  return new StatusError(400, 'parse_exception', reason, cause === undefined ? {} : { cause });
}
