import type { WireLimits } from '../../protocol/wire/limits.ts';
import type { VersionId } from '../../protocol/wire/version.ts';
import type { CallMetrics } from '../call/call-metrics.ts';
import type { Dispatcher } from '../call/dispatcher.ts';
import type { AnswerBudgetOptions } from './answer-budget.ts';
import type { PeerReleases } from './peer-releases.ts';

/** What the incoming calls of all channels of an endpoint share. */
export interface IncomingOptions extends AnswerBudgetOptions {
  /** Serves the requests. */
  readonly dispatcher: Dispatcher;
  /** Our node's name, for error messages. */
  readonly nodeName: string;
  /** Newest stream version we write in answers. */
  readonly version: VersionId;
  readonly limits: WireLimits;
  /** Where requests of the peer are counted; null if they are not. */
  readonly incomingMetrics: CallMetrics | null;
  /** Releases told in handshakes; shared by an endpoint's channels. */
  readonly releases: PeerReleases;
  readonly observer: HandlerObserver;
}

/** Told of handlers that fail. */
export interface HandlerObserver {
  /** A handler threw an unexpected error, or its answer could not be encoded. */
  onHandlerError(action: string, error: unknown): void;
}
