import type { AnyAction, ResponseOf } from '../../protocol/action/define-action.ts';
import { NO_TASK } from '../../protocol/codec/task-id.ts';
import { CancelledError, TransportError, UsageError } from '../../protocol/error/transport-error.ts';
import type { CallOptions } from '../call/call.ts';
import { type CallStarted, diagnostics } from '../call/diagnostics.ts';
import type { Channel } from './channel.ts';
import { PendingCall } from './in-flight.ts';
import type { SendOptions } from './outgoing-calls.ts';
import { closeUnsent } from './unsent-source.ts';

/** A call without anything special. */
export const PLAIN: SendOptions = { headers: null, parentTask: NO_TASK, compress: false };

/** What a request is sent with, from what the caller said. @param plain what it is sent with when the caller said nothing of it */
// hot: call
export function sendOptions({ headers, parentTask, compress }: CallOptions, plain: SendOptions): SendOptions {
  if (headers === undefined && parentTask === undefined && compress === undefined) return plain;
  return { headers: headers ?? null, parentTask: parentTask ?? NO_TASK, compress: compress ?? plain.compress };
}

let resolveNext: (value: never) => void;
let rejectNext: (error: TransportError) => void;

/** One executor for every call's promise: a closure per call would cost as much as the promise. @see performance.md L7 */
const captureSettlers = (resolve: (value: never) => void, reject: (error: TransportError) => void): void => {
  resolveNext = resolve;
  rejectNext = reject;
};

/**
 * Calls an action on a channel. The promise is the only one made, and never throws synchronously.
 *
 * @param timeoutMs what is left of the caller's time
 * @throws ERR_CONNECTION_LOST (`not-sent` when the channel takes no more calls), ERR_USAGE, ERR_MESSAGE_TOO_LARGE, ERR_OVERLOADED, ERR_DEADLINE,
 *   ERR_CANCELLED, ERR_REMOTE, ERR_DECODE
 */
// hot: call
export function callOn<A extends AnyAction>(
  channel: Channel,
  action: A,
  request: unknown,
  timeoutMs: number,
  signal: AbortSignal | null,
  options: SendOptions,
): Promise<ResponseOf<A>> {
  const promise = new Promise<ResponseOf<A>>(captureSettlers as never);
  if (!(timeoutMs > 0)) {
    closeUnsent(action.request, request);
    rejectNext(badTimeout(action.name, timeoutMs));
    return promise;
  }
  const call = new PendingCall(action, timeoutMs, signal, channel.isWatched ? channel : null, resolveNext, rejectNext);
  if (signal?.aborted === true) {
    closeUnsent(action.request, request);
    call.reject(cancelledBeforeSending(action, signal));
    return promise;
  }
  try {
    channel.send(call, request, options);
  } catch (error) {
    call.reject(TransportError.from(error, 'ERR_USAGE'));
    return promise;
  }
  if (diagnostics.callStart.hasSubscribers) {
    diagnostics.callStart.publish({ action: action.name, requestId: call.id, remote: channel.remote } satisfies CallStarted);
  }
  return promise;
}

/** The time for a call is none. */
export function badTimeout(what: string, timeoutMs: number): UsageError {
  return new UsageError('ERR_USAGE', {}, `timeoutMs of ${what} is ${timeoutMs}, expected more than 0`);
}

/** The caller's signal had fired before anything was sent. */
export function cancelledBeforeSending(action: AnyAction, signal: AbortSignal): CancelledError {
  const text = `${action.name} was cancelled by its caller before it was sent`;
  return new CancelledError('ERR_CANCELLED', { cause: signal.reason, delivery: 'not-sent' }, text);
}
