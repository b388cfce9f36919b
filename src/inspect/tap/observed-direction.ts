import { ConversationDirection } from '../conversation/conversation-direction.ts';
import type { ConversationEvent } from '../conversation/conversation-event.ts';
import type { Dissector } from '../dissect/dissector.ts';

const NANOS_PER_MILLI = 1_000_000n;

/** How the directions of one connection are observed. */
export interface ObservedConnection {
  /** Number of the connection, from 1. */
  readonly connection: number;
  readonly dissector: Dissector;
  readonly onEvent: (event: ConversationEvent) => void;
}

/** Decodes the bytes that pass in one direction of a live connection, and tells each event with the present time. */
export class ObservedDirection {
  readonly #direction: ConversationDirection;
  readonly #observed: ObservedConnection;
  readonly #from: string;
  readonly #to: string;

  private constructor(observed: ObservedConnection, from: string, to: string) {
    this.#direction = new ConversationDirection(observed.dissector);
    this.#observed = observed;
    this.#from = from;
    this.#to = to;
  }

  /** Returns the two directions of a connection, each the answers of the other: from `one` to `other`, and back. Both are `host:port`. */
  static pair(observed: ObservedConnection, one: string, other: string): readonly [ObservedDirection, ObservedDirection] {
    const pair = [new ObservedDirection(observed, one, other), new ObservedDirection(observed, other, one)] as const;
    ConversationDirection.join(pair[0].#direction, pair[1].#direction);
    return pair;
  }

  /** @param bytes copied */
  push(bytes: Buffer): void {
    this.#tell(this.#direction.push(bytes, this.#now()));
  }

  /** Tells that nothing more comes. */
  end(): void {
    this.#tell(this.#direction.end(this.#now()));
  }

  #tell(events: readonly ConversationEvent[]): void {
    for (const event of events) this.#observed.onEvent(event);
  }

  #now() {
    return { connection: this.#observed.connection, from: this.#from, to: this.#to, timeNs: BigInt(Date.now()) * NANOS_PER_MILLI };
  }
}
