import type { AnyAction, RequestOf, ResponseOf } from '../../protocol/action/define-action.ts';
import { V_EMPTY, versionText } from '../../protocol/wire/version.ts';
import type { CallOptions } from '../call/call.ts';
import type { ServedChannel } from '../call/peer-channel.ts';
import type { RequestSignals } from '../call/request-signals.ts';
import type { Endpoint } from '../carrier/link.ts';
import { type AnswerBudget, NOT_SERVED } from './answer-budget.ts';
import type { ChannelLife } from './channel-life.ts';
import type { OutgoingCalls } from './outgoing-calls.ts';

/** What a handler may do with its channel, and nothing else. */
export class ChannelFacade implements ServedChannel {
  readonly #life: ChannelLife;
  readonly #outgoing: OutgoingCalls;
  readonly #budget: AnswerBudget;

  constructor(life: ChannelLife, outgoing: OutgoingCalls, budget: AnswerBudget) {
    this.#life = life;
    this.#outgoing = outgoing;
    this.#budget = budget;
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
    if (this.#life.isStuck && this.#budget.isFull) throw this.#budget.refusal(action, NOT_SERVED);
  }

  call<A extends AnyAction>(action: A, request: RequestOf<A>, options: CallOptions = {}): Promise<ResponseOf<A>> {
    return this.#outgoing.callWith(action, request, options);
  }
}
