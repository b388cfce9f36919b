import { reasonOf } from '../../protocol/error/reason-of.ts';
import { shortened } from '../../protocol/error/shortened.ts';
import { StatusError } from '../../protocol/error/status-error.ts';
import { DecodeError, LimitError, TransportError } from '../../protocol/error/transport-error.ts';
import { withoutStack } from '../../protocol/error/without-stack.ts';
import type { ServerCallContext } from '../call/server-context.ts';

/** Returns whether an error is one that handlers do not throw on purpose. */
export function isFault(error: unknown): boolean {
  return !(error instanceof StatusError || error instanceof TransportError);
}

/** Returns the error for the caller when an answer does not match its codec: a mistake of this end, not of the caller. A limit stays what it is. */
export function invalidAnswer({ action }: ServerCallContext, error: unknown): unknown {
  if (error instanceof TransportError && error.fault !== 'usage') return error;
  if (error instanceof LimitError) return error;
  const text = `the handler of ${shortened(action)} returned an invalid answer: ${reasonOf(error)}`;
  return new StatusError(500, 'illegal_state_exception', text);
}

/**
 * Returns the error for a request that could not be read. If bytes are left over, it has the words of a node.
 *
 * @param leftOver bytes behind the last field
 * @see wire-format.md §4.1
 */
export function notRead({ requestId, action }: ServerCallContext, error: unknown, leftOver: number): DecodeError {
  const request = `requestId [${requestId}], action [${shortened(action)}]`;
  const text =
    leftOver > 0
      ? `Message not fully read (request) for ${request}, available [${leftOver}]; resetting`
      : `cannot read the request, ${request}: ${reasonOf(error)}`;
  const details = error instanceof DecodeError ? { cause: error, path: error.path } : { cause: error };
  const isTooLarge = error instanceof DecodeError && error.code === 'ERR_PAYLOAD_LIMIT';
  return withoutStack(() => new DecodeError(isTooLarge ? 'ERR_PAYLOAD_LIMIT' : 'ERR_BAD_REQUEST', details, text));
}
