import { NO_TASK, type TaskId } from '../../protocol/codec/task-id.ts';
import type { RequestHeaders } from '../../protocol/frame/native/variable-header.ts';
import type { CallOptions, ResponseHeadersListener } from '../call/call.ts';

/** What a request is sent with. */
export interface SendOptions {
  /** Request headers of the thread context; null for none. */
  readonly headers: RequestHeaders | null;
  readonly parentTask: TaskId;
  readonly compress: boolean;
  /** Called with the response headers of the answer; null if the caller does not ask for them. */
  readonly onResponseHeaders: ResponseHeadersListener | null;
}

/** The options of a call that names none. */
export const PLAIN: SendOptions = { headers: null, parentTask: NO_TASK, compress: false, onResponseHeaders: null };

/** Returns what a request is sent with, given the options of its call. @param plain for the options that the call does not name */
// hot: call
export function sendOptions({ headers, parentTask, compress, onResponseHeaders }: CallOptions, plain: SendOptions): SendOptions {
  if (headers === undefined && parentTask === undefined && compress === undefined && onResponseHeaders === undefined) return plain;
  return {
    headers: headers ?? null,
    parentTask: parentTask ?? NO_TASK,
    compress: compress ?? plain.compress,
    onResponseHeaders: onResponseHeaders ?? null,
  };
}
