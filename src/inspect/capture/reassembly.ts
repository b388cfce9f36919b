/** Receives one direction of a TCP connection in order. */
export interface StreamSink {
  /** @memory borrowed */
  onBytes(bytes: Buffer): void;
  /** Bytes that the capture does not have. */
  onGap(bytes: number): void;
}

interface Held {
  readonly sequence: number;
  readonly payload: Buffer;
  readonly cutOff: number;
}

/** Segments that wait for an earlier one, at most; then what is missing counts as lost. */
const MAX_HELD_SEGMENTS = 4096;
const MAX_HELD_BYTES = 64 * 1024 * 1024;

/**
 * Puts one direction of a TCP connection in order: late and repeated segments, overlaps (the first bytes seen win), sequence numbers that wrap.
 * What is missing is reported as a gap as soon as the receiver has acknowledged it, or too much waits for it.
 *
 * @see RFC 9293
 */
export class Reassembly {
  readonly #sink: StreamSink;
  /** Next sequence number; null before the first segment. */
  #next: number | null;
  /** In order of sequence numbers. */
  #held: Held[];
  #heldBytes: number;

  constructor(sink: StreamSink) {
    this.#sink = sink;
    this.#next = null;
    this.#held = [];
    this.#heldBytes = 0;
  }

  /** Whether the beginning is known: a SYN or a first segment was seen. */
  get begun(): boolean {
    return this.#next !== null;
  }

  /** @param sequence of the first byte of the stream */
  begin(sequence: number): void {
    this.#next = sequence >>> 0;
  }

  push(sequence: number, payload: Buffer, cutOff: number): void {
    if (payload.length + cutOff === 0) return;
    this.#next ??= sequence;
    if (ahead(sequence, this.#next) > 0) {
      this.#hold({ sequence, payload, cutOff });
      if (this.#held.length > MAX_HELD_SEGMENTS || this.#heldBytes > MAX_HELD_BYTES) this.#passGap();
      return;
    }
    this.#deliver({ sequence, payload, cutOff });
    this.#release();
  }

  /** The receiver has everything before `sequence`: what is missing of it will not come any more. */
  acknowledge(sequence: number): void {
    while (this.#next !== null && this.#held.length > 0 && ahead(sequence, (this.#held[0] as Held).sequence) > 0) this.#passGap();
  }

  /** The capture or the stream is over. */
  end(): void {
    while (this.#held.length > 0) this.#passGap();
  }

  #hold(segment: Held): void {
    let at = this.#held.length;
    while (at > 0 && ahead((this.#held[at - 1] as Held).sequence, segment.sequence) > 0) at--;
    this.#held.splice(at, 0, { ...segment, payload: Buffer.from(segment.payload) });
    this.#heldBytes += segment.payload.length;
  }

  /** Delivers what held segments now follow on. */
  #release(): void {
    for (let first = this.#held[0]; first !== undefined && ahead(first.sequence, this.#next ?? 0) <= 0; first = this.#held[0]) {
      this.#held.shift();
      this.#heldBytes -= first.payload.length;
      this.#deliver(first);
    }
  }

  #passGap(): void {
    const [first] = this.#held;
    if (first === undefined) return;
    this.#sink.onGap(ahead(first.sequence, this.#next ?? 0));
    this.#next = first.sequence;
    this.#release();
  }

  #deliver({ sequence, payload, cutOff }: Held): void {
    const seen = ahead(this.#next ?? sequence, sequence);
    const fresh = payload.length + cutOff - seen;
    if (fresh <= 0) return;
    if (seen < payload.length) this.#sink.onBytes(payload.subarray(seen));
    const missing = Math.min(cutOff, fresh);
    if (missing > 0) this.#sink.onGap(missing);
    this.#next = (sequence + payload.length + cutOff) >>> 0;
  }
}

/** How far `a` is ahead of `b`, by sequence numbers that wrap. */
function ahead(a: number, b: number): number {
  return (a - b) | 0;
}
