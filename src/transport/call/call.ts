import type { AnyAction } from '../../protocol/action/define-action.ts';
import type { TaskId } from '../../protocol/codec/task-id.ts';
import type { RequestHeaders, ResponseHeaders } from '../../protocol/frame/native/variable-header.ts';
import { configError, describe } from '../util/check-options.ts';

/** Called with the response headers of an answer's thread context: each name has a list of values. */
export type ResponseHeadersListener = (headers: ResponseHeaders) => void;

/** The options of one call. */
export interface CallOptions {
  /** Deadline of the whole call, in milliseconds; Infinity for none. For an answer that is a stream: until it begins, then between its bytes. @default 30_000 */
  readonly timeoutMs?: number;
  /** Abandons the call. The peer is not told: the protocol has no frame for it. */
  readonly signal?: AbortSignal;
  /** Request headers of the thread context, for example `X-Opaque-Id`. */
  readonly headers?: RequestHeaders;
  /**
   * Called when the answer comes, an error response included, before the call settles: with the response headers of its thread context, for example
   * `Warning`. There may be none. An error it throws becomes a process warning.
   */
  readonly onResponseHeaders?: ResponseHeadersListener;
  /**
   * Compresses the request, which asks the peer for a compressed answer. Bodies above 16 KiB are sent as they are if they become more
   * than `limits.maxInflationRatio` times smaller, and while more than 64 MiB wait to be compressed. Servers of this package do the same. @default false
   */
  readonly compress?: boolean;
  /** The task this call is part of. @default none */
  readonly parentTask?: TaskId;
}

/** What both ends know of a call besides its request. */
export interface CallContext {
  /** Request headers of the thread context: sent by the client, received by the server. */
  readonly headers: RequestHeaders;
  /** The task this call is part of; `nodeId` is empty when there is none. */
  readonly parentTask: TaskId;
  /** Fires when the caller gives up, or (on the server) when the caller's connection ends. */
  readonly signal: AbortSignal | null;
}

/** One call, as interceptors see it: the action, the value, the context, never bytes. */
export interface Call<Context extends CallContext = CallContext> {
  readonly action: AnyAction;
  readonly request: unknown;
  readonly context: Context;
}

/** Answers a call: returns a value or a promise of one, or throws. */
export type Service<Context extends CallContext = CallContext> = (call: Call<Context>) => unknown;

/**
 * The one extension point for behaviour, the same on both ends: wraps the service behind it. Composed once, when the client or server is made.
 * Without a type argument it fits clients and servers alike; `Interceptor<ClientCallContext>` and `Interceptor<ServerCallContext>` fit one of them
 * and see more of the call.
 *
 * @example
 * const logged: Interceptor = (next) => async (call) => {
 *   const answer = await next(call);
 *   console.log(call.action.name);
 *   return answer;
 * };
 */
export type Interceptor<Context extends CallContext = never> = [Context] extends [never]
  ? <AnyContext extends CallContext>(next: Service<AnyContext>) => Service<AnyContext>
  : (next: Service<Context>) => Service<Context>;

/** Wraps a service in interceptors, the first outermost. @throws ERR_CONFIG for an interceptor that does not return a service */
export function compose<Context extends CallContext>(
  interceptors: readonly ((next: Service<Context>) => Service<Context>)[],
  service: Service<Context>,
): Service<Context> {
  return interceptors.reduceRight((next, interceptor, index) => {
    const wrapped: unknown = interceptor(next);
    if (typeof wrapped !== 'function') {
      throw configError(`interceptors[${index}] must return a function that takes a call, got ${describe(wrapped)}`);
    }
    return wrapped as Service<Context>;
  }, service);
}
