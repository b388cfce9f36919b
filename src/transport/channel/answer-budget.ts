import { shortened } from '../../protocol/error/shortened.ts';
import { OverloadedError } from '../../protocol/error/transport-error.ts';
import type { Link } from '../carrier/link.ts';
import type { Writer } from './writer.ts';

/** Upper bound of the bytes of answers that wait for the peer of a dialling end. */
const MAX_DIALED_BYTES = 64 * 1024 * 1024;

/** Share of the bound that is counted between two checkpoints at least. */
const CHECKED_SHARE = 1 / 4;

/** Bytes by which short errors, in place of answers that were dropped, may go beyond the bound. */
const SLACK_BYTES = 4 * 1024 * 1024;

/**
 * Decides whether one more answer may wait for a peer that does not read. Ask only while the writer is stuck.
 *
 * An accepting end counts all that waits. It stops reading requests long before the bound, so only answers of handlers that were running already meet it.
 *
 * A dialling end reads on whatever waits, because the answer to a call of its own may be next. Its own requests wait in the same queue and say nothing
 * about the peer, so it counts answers alone. Its count is an upper bound: bytes leave in the order they were written, and a checkpoint tells which
 * answers have left.
 */
export class AnswerBudget {
  readonly #link: Link;
  readonly #writer: Writer;
  readonly #countsAll: boolean;
  readonly #maxBytes: number;
  /** Bytes of answers written since the checkpoint, and between it and the one before. */
  #newer = 0;
  #older = 0;
  /** What the link has taken once everything written before the checkpoint has left. */
  #checkpoint = 0;

  constructor(link: Link, writer: Writer, role: 'dialed' | 'accepted', maxBufferedBytes: number) {
    this.#link = link;
    this.#writer = writer;
    this.#countsAll = role === 'accepted';
    this.#maxBytes = this.#countsAll ? maxBufferedBytes : Math.min(maxBufferedBytes, MAX_DIALED_BYTES);
  }

  /** True while no answer may join those that wait, except a short error. */
  get isFull(): boolean {
    return this.#exceeds(this.#maxBytes);
  }

  /** Counts an answer that may have to wait. */
  add(bytes: number): void {
    this.#newer += bytes;
    if (!this.#countsAll && this.#newer > this.#maxBytes * CHECKED_SHARE) this.#check();
  }

  /** Sets the next checkpoint once the link has taken all that was written before the last one. */
  #check(): void {
    const { takenBytes } = this.#link;
    if (takenBytes < this.#checkpoint) return;
    this.#older = this.#newer;
    this.#newer = 0;
    this.#checkpoint = takenBytes + this.#writer.bufferedBytes;
  }

  #exceeds(limit: number): boolean {
    const buffered = this.#writer.bufferedBytes;
    return buffered > limit && (this.#countsAll || this.#newer + this.#older > limit);
  }

  /** Returns the error for the peer in place of an answer, or for a request that is not served. */
  refusal(action: string, what: string): OverloadedError {
    return new OverloadedError('ERR_OVERLOADED', {}, `${shortened(action)}: ${what}: ${this.#waiting} (maxBufferedBytes)`);
  }

  /** @throws ERR_OVERLOADED when the peer goes on sending requests although even short errors are too many; the channel has to end */
  check(label: string): void {
    if (!this.#exceeds(this.#maxBytes + SLACK_BYTES)) return;
    const text = `${label} sends requests and does not read: ${this.#waiting} (maxBufferedBytes)`;
    throw new OverloadedError('ERR_OVERLOADED', { scope: 'channel', delivery: 'maybe-sent' }, text);
  }

  get #waiting(): string {
    return `${this.#writer.bufferedBytes} bytes wait to be written`;
  }
}
