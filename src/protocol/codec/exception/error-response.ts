import type { StreamInput } from '../../wire/stream-input.ts';
import { V_3_9_0, type VersionId } from '../../wire/version.ts';
import { addressText, toTransportAddress } from '../ip-address.ts';
import { atVersion } from './at-version.ts';
import { salvagedException } from './exception.ts';
import type { ExceptionValue } from './exception-value.ts';
import { registeredException, REMOTE_TRANSPORT_ID } from './registered.ts';
import { type ThrownOptions, toException } from './to-exception.ts';
import { newException } from './wrapper.ts';

/** Who answers with an error, and to what. */
export interface ErrorResponder extends ThrownOptions {
  readonly nodeName: string;
  /** Our end of the connection. */
  readonly local: { readonly host: string; readonly port: number };
  readonly action: string;
  /** Stream version of the response: what its peers do not know goes out as id 62. @default 3.9.0 */
  readonly version?: VersionId;
}

/**
 * The body of an error response: a `RemoteTransportException` with the message `[node][host:port][action]` around what was thrown.
 *
 * @see wire-format.md §4.3
 */
export function toErrorResponse(error: unknown, responder: ErrorResponder): ExceptionValue {
  const { nodeName, local, action, version = V_3_9_0 } = responder;
  const name = registeredException(REMOTE_TRANSPORT_ID, version)?.class ?? '';
  const response = newException(name, REMOTE_TRANSPORT_ID, {
    message: `[${nodeName}][${addressText(local)}][${action}]`,
    cause: toException(error, responder),
    extra: { address: toTransportAddress(local), action },
  });
  return atVersion(response, version);
}

/**
 * Reads the body of an error response. What can be read is kept: where a cause is unknown or malformed, the exception around it has
 * `extra.problem` (or the cause has `extra.unread`), and its message says at least where the error happened.
 *
 * @throws ERR_DECODE when not even the outermost message can be read, or the response holds no exception
 * @see wire-format.md §4.4, §4.7 "Robust reader"
 */
export function readErrorResponse(input: StreamInput): ExceptionValue {
  const offset = input.offset;
  const value = salvagedException.read(input);
  if (value === null) throw input.fail('an error response without an exception', offset);
  return value;
}
