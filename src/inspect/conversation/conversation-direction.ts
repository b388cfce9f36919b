import type { DissectedMessage } from '../dissect/dissected-message.ts';
import type { Dissector } from '../dissect/dissector.ts';
import type { RequestId } from '../dissect/fixed-header.ts';
import type { ConversationEvent, EventOrigin } from './conversation-event.ts';
import { FrameSplitter, type StreamPart } from './frame-splitter.ts';
import { WaitingRequests } from './waiting-requests.ts';

/** One direction of a conversation: takes its bytes in order, gives its events, and knows which request a response answers. */
export class ConversationDirection {
  readonly #dissector: Dissector;
  readonly #splitter: FrameSplitter;
  /** Requests that were sent in this direction. */
  readonly #waiting: WaitingRequests;
  /** Those of the opposite direction, which responses in this one answer. */
  #answered: WaitingRequests;

  constructor(dissector: Dissector) {
    this.#dissector = dissector;
    this.#splitter = new FrameSplitter(dissector.headers);
    this.#waiting = new WaitingRequests();
    this.#answered = this.#waiting;
  }

  /** Joins two directions: responses of each answer requests of the other. A direction that is not joined answers its own requests. */
  static join(one: ConversationDirection, other: ConversationDirection): void {
    one.#answered = other.#waiting;
    other.#answered = one.#waiting;
  }

  /** Returns the events that these bytes complete. @param bytes copied */
  push(bytes: Buffer, origin: EventOrigin): ConversationEvent[] {
    return this.#eventsOf(this.#splitter.push(bytes), origin);
  }

  /** Tells that `size` bytes are missing here. */
  gap(size: number, origin: EventOrigin): ConversationEvent[] {
    return this.#eventsOf(this.#splitter.gap(size), origin);
  }

  /** Tells that the stream was captured from its middle on. */
  beginInTheMiddle(): void {
    this.#splitter.beginInTheMiddle();
  }

  /** Tells that nothing more comes. */
  end(origin: EventOrigin): ConversationEvent[] {
    return this.#eventsOf(this.#splitter.end(), origin);
  }

  #eventsOf(parts: readonly StreamPart[], origin: EventOrigin): ConversationEvent[] {
    return parts.map((part) => {
      if (part.kind !== 'frame' && part.kind !== 'unfinished') return { ...origin, ...part };
      const { connection, from, to, timeNs } = origin;
      const { offset, bytes } = part;
      const missing = part.kind === 'frame' ? 0 : part.missing;
      const variable = part.kind === 'frame' ? part.variable : null;
      const message = this.#dissector.dissect(bytes, this.#answeredAction, variable);
      this.#remember(message);
      return { kind: 'message', connection, from, to, timeNs, offset, bytes, missing, message };
    });
  }

  readonly #answeredAction = (requestId: RequestId): string | null => this.#answered.take(requestId);

  #remember({ header, action }: DissectedMessage): void {
    if (header !== null && header.request && action !== null) this.#waiting.add(header.requestId, action);
  }
}
