import type { AnyAction } from '../../protocol/action/define-action.ts';
import type { TaskId } from '../../protocol/codec/task-id.ts';
import type { RequestHeaders } from '../../protocol/frame/native/variable-header.ts';

/** What a caller may say about one call. */
export interface CallOptions {
  /** Time for the whole call, in milliseconds; Infinity for none. Of an answer that is a stream: until it begins, then between its bytes. @default 30_000 */
  readonly timeoutMs?: number;
  /** Abandons the call. The peer is not told: the protocol has no frame for it. */
  readonly signal?: AbortSignal;
  /** Request headers of the thread context, for example `X-Opaque-Id`. */
  readonly headers?: RequestHeaders;
  /** Compresses the request; its answer will be compressed too. @default false */
  readonly compress?: boolean;
  /** The task this call is part of. @default none */
  readonly parentTask?: TaskId;
}

/** What goes with a call on either end besides the request itself. */
export interface CallContext {
  /** Request headers of the thread context: sent by the client, received by the server. */
  readonly headers: RequestHeaders;
  /** The task this call is part of; `nodeId` is empty when there is none. */
  readonly parentTask: TaskId;
  /** Fires when the caller gave up, or (on the server) when the caller's connection ended. */
  readonly signal: AbortSignal | null;
}

/** One call, as interceptors see it: the action, the value, the context, never bytes. */
export interface Call<Context extends CallContext = CallContext> {
  readonly action: AnyAction;
  readonly request: unknown;
  readonly context: Context;
}

/** Answers a call with a value or a promise of one, or throws. */
export type Service<Context extends CallContext = CallContext> = (call: Call<Context>) => unknown;

/**
 * The one extension point for behaviour, the same on both ends: wraps the service behind it. Composed once, when the client or server is made.
 *
 * @example
 * const logged: Interceptor = (next) => async (call) => {
 *   const answer = await next(call);
 *   console.log(call.action.name);
 *   return answer;
 * };
 */
export type Interceptor<Context extends CallContext = CallContext> = {
  // As a method its parameter is compared both ways: one that looks at nothing but what both ends have fits clients and servers alike.
  wrap(next: Service<Context>): Service<Context>;
}['wrap'];

/** The service behind all interceptors, the first outermost. */
export function compose<Context extends CallContext>(
  interceptors: readonly Interceptor<Context>[],
  service: Service<Context>,
): Service<Context> {
  return interceptors.reduceRight((next, interceptor) => interceptor(next), service);
}
