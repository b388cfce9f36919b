import { Reassembly } from '../capture/reassembly.ts';
import type { Segment } from '../capture/segment.ts';
import { type Direction, type Place, readPieces, type Sighting } from './conversation.ts';
import type { DissectOptions } from '../dissect/dissect-message.ts';
import type { Piece } from './frame-splitter.ts';

/** One direction of a captured connection: segments go in, sightings come out. */
export class CapturedWay {
  readonly #way: Direction;
  readonly #back: Direction;
  readonly #place: Omit<Place, 'timeNs'>;
  readonly #options: DissectOptions;
  readonly #reassembly: Reassembly;
  #ready: Sighting[];
  #timeNs: bigint | null;

  constructor(way: Direction, back: Direction, place: Omit<Place, 'timeNs'>, options: DissectOptions) {
    this.#way = way;
    this.#back = back;
    this.#place = place;
    this.#options = options;
    this.#ready = [];
    this.#timeNs = null;
    this.#reassembly = new Reassembly({
      onBytes: (bytes) => this.#read(way.splitter.push(bytes)),
      onGap: (bytes) => this.#read(way.splitter.gap(bytes)),
    });
  }

  /** A segment that was sent this way. */
  take({ timeNs, syn, sequence, payload, cutOff }: Segment): void {
    this.#timeNs = timeNs;
    const first = syn ? (sequence + 1) >>> 0 : sequence;
    if (!this.#reassembly.begun) {
      if (!syn) this.#way.splitter.beginInTheMiddle();
      this.#reassembly.begin(first);
    }
    this.#reassembly.push(first, payload, cutOff);
  }

  /** The receiver has what was sent before `sequence`. */
  acknowledge(sequence: number, timeNs: bigint | null): void {
    this.#timeNs = timeNs;
    this.#reassembly.acknowledge(sequence);
  }

  /** Nothing more comes this way. */
  end(): void {
    this.#reassembly.end();
    this.#read(this.#way.splitter.end());
  }

  /** What was seen since the last time. */
  collect(): Sighting[] {
    const ready = this.#ready;
    if (ready.length > 0) this.#ready = [];
    return ready;
  }

  #read(pieces: Iterable<Piece>): void {
    const place: Place = { ...this.#place, timeNs: this.#timeNs };
    for (const sighting of readPieces(pieces, this.#way, this.#back, place, this.#options)) this.#ready.push(sighting);
  }
}
