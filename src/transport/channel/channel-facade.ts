import type { AnyAction, RequestOf, ResponseOf } from '../../protocol/action/define-action.ts';
import { V_EMPTY, versionText } from '../../protocol/wire/version.ts';
import type { CallOptions } from '../call/call.ts';
import type { PeerChannel } from '../call/peer-channel.ts';
import type { Endpoint } from '../carrier/link.ts';
import type { ChannelLife } from './channel-life.ts';
import type { OutgoingCalls } from './outgoing-calls.ts';

/** What a handler may do with its channel, and nothing else. */
export class ChannelFacade implements PeerChannel {
  readonly #life: ChannelLife;
  readonly #outgoing: OutgoingCalls;

  constructor(life: ChannelLife, outgoing: OutgoingCalls) {
    this.#life = life;
    this.#outgoing = outgoing;
  }

  get remote(): Endpoint {
    return this.#life.link.remote;
  }

  get local(): Endpoint {
    return this.#life.link.local;
  }

  get peerVersion(): string | null {
    const { peerVersion } = this.#outgoing;
    return peerVersion === V_EMPTY ? null : versionText(peerVersion);
  }

  get ended(): AbortSignal {
    return this.#life.ended;
  }

  call<A extends AnyAction>(action: A, request: RequestOf<A>, options: CallOptions = {}): Promise<ResponseOf<A>> {
    return this.#outgoing.callWith(action, request, options);
  }
}
