import { toException } from '../../protocol/codec/exception/to-exception.ts';
import { toRemoteCause } from '../../protocol/codec/exception/remote-cause.ts';
import { nameOfStatus } from '../../protocol/codec/exception/wrapper.ts';
import { httpCodeOf } from '../../protocol/codec/rest-status.ts';
import { type RemoteCause, unwrapRemote } from '../../protocol/error/remote-error.ts';
import { type ExtensionResponse, json } from './response.ts';

/**
 * Returns the answer for an error of a handler, in the form of OpenSearch's own errors: `{"error":{"root_cause":[…],"type":…,"reason":…},"status":…}`.
 *
 * - `StatusError`: its status, type, reason and headers · `RemoteError`: those of the node's own answer
 * - other errors: as the nearest exception OpenSearch has, mostly 500, with the error's message as reason
 */
export function errorResponse(error: unknown): ExtensionResponse {
  const cause = unwrapRemote(toRemoteCause(toException(error)));
  const status = answerable(cause.status);
  const { type, message } = cause;
  const body = { error: { root_cause: [{ type, reason: message }], type, reason: message }, status };
  try {
    return json(body, { status, headers: cause.headers });
  } catch {
    // A foreign exception may have headers that HTTP cannot carry.
    return json(body, { status });
  }
}

/** Returns a status of an error that a node passes on. */
function answerable(status: RemoteCause['status']): number {
  const code = httpCodeOf(nameOfStatus(status));
  return code < 400 ? 500 : code;
}
