import { UsageError } from '../error/transport-error.ts';
import type { AnyCodec, Codec, InOf, OutOf } from '../codec/codec.ts';

/** Which of a node connection's channels an action travels on. @see wire-format.md §9.1 */
export type Purpose = 'recovery' | 'bulk' | 'reg' | 'state' | 'ping';

/**
 * An action: a name with a request codec and a response codec. From this one definition come the types of client and handler, the command
 * line's call by name, the codec port's forms and the documentation. The parent task id in front of every request body is not part of the
 * codec: the channel writes and reads it.
 */
export interface Action<ReqOut = unknown, ReqIn = never, ResOut = unknown, ResIn = never> {
  /** Name on the wire, for example `cluster:monitor/health`. */
  readonly name: string;
  readonly request: Codec<ReqOut, ReqIn>;
  readonly response: Codec<ResOut, ResIn>;
  /** One line for lists. */
  readonly summary: string;
  /** True when repeating the call does no harm: retries may repeat it even if it was perhaps sent. */
  readonly idempotent: boolean;
  /** Which channels it uses by default. */
  readonly purpose: Purpose;
}

/** Some action. */
export type AnyAction = Action;

/** What a caller passes: sparse. */
export type RequestOf<A extends AnyAction> = InOf<A['request']>;

/** What a caller gets: complete. */
export type ResponseOf<A extends AnyAction> = OutOf<A['response']>;

/** What a handler gets: complete. */
export type ReceivedOf<A extends AnyAction> = OutOf<A['request']>;

/** What a handler returns: sparse. */
export type AnswerOf<A extends AnyAction> = InOf<A['response']>;

/** An action as it is defined. */
export interface ActionDefinition<Request extends AnyCodec, Response extends AnyCodec> {
  readonly name: string;
  readonly request: Request;
  readonly response: Response;
  /** One line for lists. @default the name */
  readonly summary?: string;
  /** @default false */
  readonly idempotent?: boolean;
  /** @default 'reg' */
  readonly purpose?: Purpose;
}

/**
 * Defines an action.
 *
 * @example
 * const echo = defineAction({ name: 'demo:echo', request: struct({ text: string }), response: struct({ text: string, at: vLong }) });
 * @throws ERR_USAGE for an empty name
 */
export function defineAction<Request extends AnyCodec, Response extends AnyCodec>(
  definition: ActionDefinition<Request, Response>,
): Action<OutOf<Request>, InOf<Request>, OutOf<Response>, InOf<Response>> {
  const { name, request, response, summary = name, idempotent = false, purpose = 'reg' } = definition;
  if (name === '') throw new UsageError('ERR_USAGE', {}, 'an action needs a name, for example demo:echo');
  return { name, request, response, summary, idempotent, purpose } as never;
}
