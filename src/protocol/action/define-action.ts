import { UsageError } from '../error/transport-error.ts';
import type { AnyCodec, Codec, InOf, OutOf } from '../codec/codec.ts';

/** The purpose of a channel: which channels of a connection an action uses. @see wire-format.md §9.1 */
export type Purpose = 'recovery' | 'bulk' | 'reg' | 'state' | 'ping';

/**
 * An action: a name with a request codec and a response codec. The types of client and handler, the command line's call by name, the forms of the
 * codec port and the documentation are derived from this one definition. The parent task id before every request body is not part of the codec:
 * the channel writes and reads it.
 */
export interface Action<ReqOut = unknown, ReqIn = never, ResOut = unknown, ResIn = never> {
  /** Name on the wire, for example `cluster:monitor/health`. */
  readonly name: string;
  readonly request: Codec<ReqOut, ReqIn>;
  readonly response: Codec<ResOut, ResIn>;
  /** One line that says what it does. */
  readonly summary: string;
  /** True if repeating the call does no harm: retries may repeat it even if it was perhaps sent. */
  readonly idempotent: boolean;
  /** The channels it uses by default. */
  readonly purpose: Purpose;
}

/** Any action. */
export type AnyAction = Action;

/** The request as a caller passes it: fields with a default may be left out. */
export type RequestOf<A extends AnyAction> = InOf<A['request']>;

/** The response as a caller gets it: complete. */
export type ResponseOf<A extends AnyAction> = OutOf<A['response']>;

/** The request as a handler gets it: complete. */
export type ReceivedOf<A extends AnyAction> = OutOf<A['request']>;

/** The response as a handler returns it: fields with a default may be left out. */
export type AnswerOf<A extends AnyAction> = InOf<A['response']>;

/** The parts of an action. */
export interface ActionDefinition<Request extends AnyCodec, Response extends AnyCodec> {
  readonly name: string;
  readonly request: Request;
  readonly response: Response;
  /** One line that says what it does. @default the name */
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
 * @throws ERR_USAGE if the name is empty
 */
export function defineAction<Request extends AnyCodec, Response extends AnyCodec>(
  definition: ActionDefinition<Request, Response>,
): Action<OutOf<Request>, InOf<Request>, OutOf<Response>, InOf<Response>> {
  const { name, request, response, summary = name, idempotent = false, purpose = 'reg' } = definition;
  if (name === '') throw new UsageError('ERR_USAGE', {}, "the name of an action must not be empty; use a name such as 'demo:echo'");
  return { name, request, response, summary, idempotent, purpose } as never;
}
