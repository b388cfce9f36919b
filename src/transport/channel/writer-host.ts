import type { TransportError } from '../../protocol/error/transport-error.ts';

/** What a writer asks of its channel, and tells it. */
export interface WriterHost {
  /** True while the message being written is all there is: the only call under way, or the answer to the only request. */
  readonly isAlone: boolean;
  /** A stream cannot be written to its end: its frame stays incomplete, so the channel has to end. */
  onStreamError(error: TransportError, sequence: number): void;
  /** What is written may have to wait from now on: for the link, or for the end of a stream. */
  onStuck(): void;
  /** A stream was written, and the messages that waited for its end are with the link. */
  onStreamEnd(): void;
}
