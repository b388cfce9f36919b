import type { AnyAction, RequestOf, ResponseOf } from '../../protocol/action/define-action.ts';
import { V_EMPTY, versionText } from '../../protocol/wire/version.ts';
import type { CallOptions } from '../call/call.ts';
import type { ServedChannel } from '../call/peer-channel.ts';
import type { RequestSignals } from '../call/request-signals.ts';
import type { Endpoint } from '../carrier/link.ts';
import type { ChannelLife } from './channel-life.ts';
import type { OutgoingCalls } from './outgoing-calls.ts';

/** Tells whether one more answer may wait for the peer. */
export interface AnswerRoom {
  /** @throws ERR_OVERLOADED when it may not */
  throwIfFull(action: string): void;
}

/** What a handler may do with its channel, and nothing else. */
export class ChannelFacade implements ServedChannel {
  readonly #life: ChannelLife;
  readonly #outgoing: OutgoingCalls;
  readonly #answers: AnswerRoom;

  constructor(life: ChannelLife, outgoing: OutgoingCalls, answers: AnswerRoom) {
    this.#life = life;
    this.#outgoing = outgoing;
    this.#answers = answers;
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

  get requestSignals(): RequestSignals {
    return this.#life.requestSignals;
  }

  throwIfFull(action: string): void {
    this.#answers.throwIfFull(action);
  }

  call<A extends AnyAction>(action: A, request: RequestOf<A>, options: CallOptions = {}): Promise<ResponseOf<A>> {
    return this.#outgoing.callWith(action, request, options);
  }
}
