import { shortened } from '../../protocol/error/shortened.ts';
import { OverloadedError } from '../../protocol/error/transport-error.ts';
import { withoutStack } from '../../protocol/error/without-stack.ts';
import type { UnreadChannel, UnreadWatch } from './unread-watch.ts';
import type { Writer } from './writer.ts';

/** Upper bound of the bytes of answers that wait for the peer of a dialling end. */
const MAX_DIALED_BYTES = 64 * 1024 * 1024;

/** Share of the bound that is counted between two checkpoints at least. */
const CHECKED_SHARE = 1 / 4;

/** Bytes by which short errors, in place of answers that were dropped, may go beyond the bound. */
const SLACK_BYTES = 4 * 1024 * 1024;

/** Why a request gets no answer but an error, where it is sure that no handler has seen it. */
export const NOT_SERVED = 'the request was not served';

/** Why a request gets no answer but an error, where its handler has seen it. */
export const DROPPED = 'the request was served, but its answer was dropped';

/** Bytes of a large answer: one for which there has to be room even if its channel is not stuck. */
export const LARGE_BYTES = 64 * 1024;

/** What the budgets of an endpoint's channels share. */
export interface AnswerBudgetOptions {
  readonly role: 'dialed' | 'accepted';
  /** Upper bound of bytes that wait to be written on one channel, beyond which answers are replaced by short errors. */
  readonly maxBufferedBytes: number;
  /** Bounds what waits on all channels together. */
  readonly unread: UnreadWatch;
}

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
  readonly #channel: UnreadChannel;
  readonly #unread: UnreadWatch;
  readonly #writer: Writer;
  readonly #countsAll: boolean;
  readonly #maxBytes: number;
  /** Bytes of answers written since the checkpoint, and between it and the one before. */
  #newer = 0;
  #older = 0;
  /** What the link has taken once everything written before the checkpoint has left. */
  #checkpoint = 0;

  constructor(channel: UnreadChannel, writer: Writer, { role, maxBufferedBytes, unread }: AnswerBudgetOptions) {
    this.#channel = channel;
    this.#unread = unread;
    this.#writer = writer;
    this.#countsAll = role === 'accepted';
    this.#maxBytes = this.#countsAll ? maxBufferedBytes : Math.min(maxBufferedBytes, MAX_DIALED_BYTES);
  }

  /** True while no answer may join those that wait, except a short error. */
  get isFull(): boolean {
    return this.#exceeds(this.#maxBytes) || !this.#unread.hasRoom(this.#channel, 0);
  }

  /** Counts an answer that may have to wait, and returns true; false if it may not: all channels together have no room for it. */
  takes(bytes: number): boolean {
    if (!this.#unread.hasRoom(this.#channel, bytes)) return false;
    this.add(bytes);
    return true;
  }

  /** Counts an answer, or an error, that may have to wait. */
  add(bytes: number): void {
    this.#newer += bytes;
    if (!this.#countsAll && this.#newer > this.#maxBytes * CHECKED_SHARE) this.#check();
  }

  /** Sets the next checkpoint once the link has taken all that was written before the last one. */
  #check(): void {
    const { takenBytes } = this.#channel;
    if (takenBytes < this.#checkpoint) return;
    this.#older = this.#newer;
    this.#newer = 0;
    this.#checkpoint = takenBytes + this.#writer.bufferedBytes;
  }

  #exceeds(limit: number): boolean {
    const buffered = this.#writer.bufferedBytes;
    return buffered > limit && (this.#countsAll || this.#newer + this.#older > limit);
  }

  /**
   * Returns the error for the peer in place of an answer, or for a request that is not served.
   *
   * @param bytes of the answer; 0 if it was not encoded
   */
  refusal(action: string, what: string, bytes = 0): OverloadedError {
    const why = this.#exceeds(this.#maxBytes)
      ? `${this.#waiting} on this connection, expected at most ${this.#maxBytes}`
      : this.#unread.shortage(this.#channel, bytes);
    return withoutStack(() => new OverloadedError('ERR_OVERLOADED', {}, `${shortened(action)}: ${what}: ${why} (maxBufferedBytes)`));
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
