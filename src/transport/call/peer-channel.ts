import type { AnyAction, RequestOf, ResponseOf } from '../../protocol/action/define-action.ts';
import type { Endpoint } from '../carrier/link.ts';
import type { CallOptions } from './call.ts';
import type { RequestSignals } from './request-signals.ts';

/** The channel a request came by, as the dispatcher sees it. */
export interface ServedChannel extends PeerChannel {
  /** Fires the signals of the requests that are being handled. */
  readonly requestSignals: RequestSignals;
  /** @throws ERR_OVERLOADED while too much waits to be written to the peer: the answer of a handler could not be sent */
  throwIfFull(action: string): void;
}

/** The channel a request came by, as its handler sees it. */
export interface PeerChannel {
  /** Address of the peer. */
  readonly remote: Endpoint;
  /** Our address. */
  readonly local: Endpoint;
  /** The peer's release, for example `3.9.0`; null while it is unknown. */
  readonly peerVersion: string | null;
  /** Fires when the channel ends. */
  readonly ended: AbortSignal;
  /** Calls an action on the peer: both ends of a channel may send requests. Errors as of a client's call. */
  call<A extends AnyAction>(action: A, request: RequestOf<A>, options?: CallOptions): Promise<ResponseOf<A>>;
}
