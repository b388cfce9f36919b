import { Reassembly } from '../capture/reassembly.ts';
import type { Segment } from '../capture/segment.ts';
import type { ConversationDirection } from './conversation-direction.ts';
import type { ConversationEvent, EventOrigin } from './conversation-event.ts';

/** One direction of a captured connection: takes TCP segments, gives events. */
export class CapturedDirection {
  readonly #direction: ConversationDirection;
  readonly #origin: Omit<EventOrigin, 'timeNs'>;
  readonly #reassembly: Reassembly;
  #ready: ConversationEvent[];
  #timeNs: bigint | null;

  constructor(direction: ConversationDirection, origin: Omit<EventOrigin, 'timeNs'>) {
    this.#direction = direction;
    this.#origin = origin;
    this.#ready = [];
    this.#timeNs = null;
    this.#reassembly = new Reassembly({
      onBytes: (bytes) => this.#add(direction.push(bytes, this.#place())),
      onGap: (bytes) => this.#add(direction.gap(bytes, this.#place())),
    });
  }

  /** Takes a segment that was sent in this direction. */
  take({ timeNs, syn, sequence, payload, cutOff }: Segment): void {
    this.#timeNs = timeNs;
    const first = syn ? (sequence + 1) >>> 0 : sequence;
    if (!this.#reassembly.begun) {
      if (!syn) this.#direction.beginInTheMiddle();
      this.#reassembly.begin(first);
    }
    this.#reassembly.push(first, payload, cutOff);
  }

  /** Tells that the receiver has what was sent before `sequence`. */
  acknowledge(sequence: number, timeNs: bigint | null): void {
    this.#timeNs = timeNs;
    this.#reassembly.acknowledge(sequence);
  }

  /** Tells that nothing more comes in this direction. */
  end(): void {
    this.#reassembly.end();
    this.#add(this.#direction.end(this.#place()));
  }

  /** Moves the events since the last call to `found`. */
  collect(found: ConversationEvent[]): void {
    if (this.#ready.length === 0) return;
    for (const event of this.#ready) found.push(event);
    this.#ready = [];
  }

  #add(events: ConversationEvent[]): void {
    if (this.#ready.length === 0) this.#ready = events;
    else for (const event of events) this.#ready.push(event);
  }

  #place(): EventOrigin {
    const { connection, from, to } = this.#origin;
    return { connection, from, to, timeNs: this.#timeNs };
  }
}
