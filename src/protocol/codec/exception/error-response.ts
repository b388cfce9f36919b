import { shortened } from '../../error/shortened.ts';
import type { StreamInput } from '../../wire/stream-input.ts';
import { V_3_9_0, type VersionId } from '../../wire/version.ts';
import { addressText, toTransportAddress } from '../ip-address.ts';
import type { TransportAddress } from '../transport-address.ts';
import { atVersion } from './at-version.ts';
import { salvagedException } from './exception.ts';
import type { ExceptionValue } from './exception-value.ts';
import { registeredException, REMOTE_TRANSPORT_ID } from './registered.ts';
import { type ThrownOptions, toException } from './to-exception.ts';
import { newException } from './wrapper.ts';

/** The node that answers with an error, and the action that failed. */
export interface ErrorResponder extends ThrownOptions {
  readonly nodeName: string;
  /** This node's end of the connection. */
  readonly local: { readonly host: string; readonly port: number };
  readonly action: string;
  /** Stream version of the response. Exceptions that this version does not know are sent as id 62. @default 3.9.0 */
  readonly version?: VersionId;
}

/**
 * Returns the body of an error response: a `RemoteTransportException` with the message `[node][host:port][action]` around the thrown value. The
 * action is the peer's text, so it is quoted up to 256 characters.
 *
 * @see wire-format.md §4.3
 */
export function toErrorResponse(error: unknown, responder: ErrorResponder): ExceptionValue {
  return errorResponseFrom(error, toErrorSource(responder), responder, responder.version);
}

/** What the error responses of one connection have in common. */
export interface ErrorSource {
  /** `[node][host:port]` */
  readonly label: string;
  readonly address: TransportAddress;
}

/** Returns the common part of error responses. */
export function toErrorSource({ nodeName, local }: Pick<ErrorResponder, 'nodeName' | 'local'>): ErrorSource {
  return { label: `[${nodeName}][${addressText(local)}]`, address: toTransportAddress(local) };
}

/** Like {@link toErrorResponse}, with the common part made before. */
export function errorResponseFrom(
  error: unknown,
  { label, address }: ErrorSource,
  options: ThrownOptions,
  version: VersionId = V_3_9_0,
): ExceptionValue {
  const action = shortened(options.action ?? '');
  const name = registeredException(REMOTE_TRANSPORT_ID, version)?.class ?? '';
  const response = newException(name, REMOTE_TRANSPORT_ID, {
    message: `${label}[${action}]`,
    cause: toException(error, { ...options, action }),
    extra: { address, action },
  });
  return atVersion(response, version);
}

/** Share of `maxDecodedBytes` that an exception may take: errors are kept longer than answers, and shown. */
const ERROR_SHARE = 1 / 2;

/**
 * Reads the body of an error response and keeps every readable part. If a cause is malformed, the exception around it has `extra.problem`;
 * if a cause is unknown, it has `extra.unread`. The same holds for one that is too large to hold. The outermost message still says where the error happened.
 *
 * @throws ERR_DECODE if the outermost message cannot be read, or the response does not contain an exception
 * @see wire-format.md §4.4, §4.7 "Robust reader"
 */
export function readErrorResponse(input: StreamInput): ExceptionValue {
  const offset = input.offset;
  input.allowAtMost(Math.floor(input.maxDecodedBytes * ERROR_SHARE), 'half of maxDecodedBytes, for an exception');
  const value = salvagedException.read(input);
  input.forget();
  if (value === null) throw input.fail('expected an exception in the error response, got null', offset);
  return value;
}
