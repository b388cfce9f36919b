import type { AnswerOf, AnyAction, ReceivedOf } from '../../protocol/action/define-action.ts';
import type { RequestHeaders } from '../../protocol/frame/native/variable-header.ts';
import type { HostNode } from '../node/host-node.ts';

/** What a handler of a transport action knows of a call besides its bytes. No node tells which extension or plug-in calls. */
export interface ActionCaller {
  /** Name of the action as the caller gave it. */
  readonly action: string;
  /** What called: another extension through the node, or a plug-in of the node. */
  readonly origin: 'extension' | 'plugin';
  /** The node that passed the call on; null if several nodes are connected from the same host and the call came by another of their connections. */
  readonly node: HostNode | null;
  /** Request headers of the caller's thread context. */
  readonly headers: RequestHeaders;
  /** Fires when the time of the handler is over, or the connection of the node has ended. */
  readonly signal: AbortSignal;
}

/**
 * Answers a transport action: bytes in, bytes out. An error it throws is the caller's error: with its type, its reason, and the status of a StatusError.
 *
 * @memory the bytes of the request are owned
 */
export type ActionHandler = (request: Buffer, from: ActionCaller) => Uint8Array | Promise<Uint8Array>;

/** Answers a transport action whose requests and answers have codecs. Errors as of an {@link ActionHandler}. */
export type TypedActionHandler<A extends AnyAction> = (request: ReceivedOf<A>, from: ActionCaller) => AnswerOf<A> | Promise<AnswerOf<A>>;

/** Options of a transport action. */
export interface ActionOptions {
  /** For the action `*`: names of the actions to register with nodes. A node passes on calls of registered actions only. @default [] */
  readonly names?: readonly string[];
}
