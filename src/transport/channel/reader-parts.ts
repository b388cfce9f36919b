import type { HeaderCache } from '../../protocol/frame/native/header-cache.ts';
import type { SharedView } from '../../protocol/frame/native/shared-view.ts';
import type { WireLimits } from '../../protocol/wire/limits.ts';
import type { VersionId } from '../../protocol/wire/version.ts';
import type { Dispatcher } from '../call/dispatcher.ts';
import type { ChannelLife } from './channel-life.ts';
import type { IncomingCalls } from './incoming-calls.ts';
import type { OutgoingCalls } from './outgoing-calls.ts';
import type { ReadGate } from './read-gate.ts';
import type { Writer } from './writer.ts';

/** What the readers of all channels of an endpoint share. */
export interface ReaderOptions {
  /** Accepting ends answer pings. */
  readonly role: 'dialed' | 'accepted';
  /** The release we claim to be. */
  readonly version: VersionId;
  readonly limits: WireLimits;
  readonly headers: HeaderCache;
  readonly views: SharedView;
  /** Serves the requests that come in. */
  readonly dispatcher: Dispatcher;
}

/** The parts of a channel that a reader hands messages to. */
export interface ReaderParts {
  readonly life: ChannelLife;
  readonly gate: ReadGate;
  readonly writer: Writer;
  readonly outgoing: OutgoingCalls;
  readonly incoming: IncomingCalls;
}
