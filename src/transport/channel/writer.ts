import { nextTick } from 'node:process';
import { type TransportError, UsageError } from '../../protocol/error/transport-error.ts';
import { PING } from '../../protocol/frame/native/fixed-header.ts';
import { StreamOutput } from '../../protocol/wire/stream-output.ts';
import { V_2_19_0, type VersionId } from '../../protocol/wire/version.ts';
import type { Link } from '../carrier/link.ts';
import { bodies } from '../util/body-pool.ts';
import { anotherStream, assertSendable, OutgoingStream } from './outgoing-stream.ts';
import { GROWING, MIN_ROOM_BYTES, SLAB_BYTES, type Slab, takeSlab } from './slab-pool.ts';
import { tempo } from './tempo.ts';
import type { WriterHost } from './writer-host.ts';

/** Messages before the first flush of a tick. @see performance.md L2 */
const FIRST_FLUSH = 12;

/** What the threshold is multiplied by after each early flush, so that few large writes follow the first small ones. */
const FLUSH_GROWTH = 4;

/** A write of so many bytes leaves without waiting for more messages to share it. */
const GATHER_BYTES = 4 * 1024;

/** After so many single-message flushes in a row, assume a ping-pong caller and flush synchronously. */
const LONE_FLUSHES = 4;

/** Largest message that is moved to the next slab when it outgrows the rest of this one; longer ones are written on their own. */
const MOVED_BYTES = 40 * 1024;

/**
 * The sending half of a channel: encodes messages in place and writes them together, one write a flush. The first flush comes after 12 messages, so
 * that the peer can begin; the next after 48, 192, …; the last at the end of the tick.
 *
 * @see performance.md L1, L2
 */
export class Writer {
  readonly #link: Link;
  readonly #host: WriterHost;
  readonly #output = new StreamOutput(GROWING);
  #slab: Slab | null = null;
  #flushed = 0;
  /** The slab flushed last, and its {@link Slab.returns} then. */
  #retired: Slab | null = null;
  #retiredReturns = 0;
  #pendingCount = 0;
  #threshold = FIRST_FLUSH;
  #isScheduled = false;
  /** Flushes in a row of one message that was alone. */
  #loneFlushes = 0;
  #sequence = 0;
  #sent = 0;
  #isBlocked = false;
  #isClosed = false;
  /** Between {@link begin} and {@link commit} or {@link rollback}. */
  #isWriting = false;
  #streaming: OutgoingStream | null = null;

  constructor(link: Link, host: WriterHost) {
    this.#link = link;
    this.#host = host;
  }

  /** Sequence number of the message whose stream is being written; 0 without one. */
  get streamingSequence(): number {
    return this.#streaming === null ? 0 : this.#streaming.sequence;
  }

  /** Sequence number of the last message begun. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Sequence number of the last message handed to the link. */
  get sentSequence(): number {
    return this.#sent;
  }

  /** Bytes waiting here and in the link. */
  get bufferedBytes(): number {
    const heldBytes = this.#streaming === null ? 0 : this.#streaming.heldBytes;
    return this.#link.bufferedBytes + heldBytes + (this.#slab === null ? 0 : this.#slab.used - this.#flushed);
  }

  /** Bytes of the frame that was begun; 0 if it ends with a stream, which is never held whole. */
  // hot: call
  get begunBytes(): number {
    return this.#output.tail === null ? this.#output.size : 0;
  }

  /** True while small messages wait for a flush that more of them could share. */
  // hot: call
  get isGathering(): boolean {
    return this.#pendingCount > 0 && !this.#isBlocked && this.#slab !== null && this.#slab.used - this.#flushed < GATHER_BYTES;
  }

  /** True between a write that met back-pressure and the link's `onDrain`. */
  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  /** True while what is written may have to wait: for the link, or for the end of a stream. */
  // hot: call
  get isStuck(): boolean {
    return this.#isBlocked || this.#streaming !== null;
  }

  /** True between {@link begin} and {@link commit} or {@link rollback}: the codec of a user may be running. */
  get isWriting(): boolean {
    return this.#isWriting;
  }

  /** The link takes bytes again. */
  onDrain(): void {
    this.#isBlocked = false;
    if (this.#pendingCount > 0 && !this.#isScheduled) this.#schedule();
  }

  /**
   * The stream to write one frame to; {@link commit} or {@link rollback} follows at once.
   *
   * @throws ERR_USAGE while another frame is being written, because a codec, or a getter of the encoded value, sends a message
   */
  // hot: call
  begin(version: VersionId, peerVersion: VersionId): StreamOutput {
    if (this.#isWriting)
      throw new UsageError(
        'ERR_USAGE',
        {},
        'cannot send a message while another one is being encoded: a codec, or a getter of the encoded value, tried to send one; send it before or after',
      );
    let slab = this.#slab;
    if (slab === null || SLAB_BYTES - slab.used < MIN_ROOM_BYTES) slab = this.#nextSlab();
    this.#output.lend(slab.bytes, slab.used, version, peerVersion, slab.view);
    this.#output.allowReferences();
    this.#isWriting = true;
    return this.#output;
  }

  #nextSlab(): Slab {
    let slab = this.#retired;
    if (this.#slab !== null) {
      this.#writePending();
      this.#slab.retire();
      slab = null;
    }
    // While the link has not taken all of the slab that was flushed last, it has room for more: a slow peer would otherwise hold a slab for every flush.
    if (slab === null || !slab.reclaim(this.#retiredReturns)) slab = takeSlab();
    this.#retired = null;
    this.#slab = slab;
    this.#flushed = slab.used;
    return slab;
  }

  /**
   * The frame is complete: it leaves with the next flush.
   *
   * @param onWritten called when the memory of byte fields that stand by reference is free again
   * @returns its sequence number
   */
  // hot: call
  commit(onWritten?: () => void): number {
    const output = this.#output;
    const slab = this.#slab;
    this.#isWriting = false;
    // The codec may have closed the channel while it wrote.
    if (slab === null) return this.#sequence;
    this.#sequence++;
    tempo.count();
    if (this.#streaming !== null || output.tail !== null) return this.#commitAroundStream(onWritten);
    if (output.references.length > 0 || (output.buffer !== slab.bytes && output.size > MOVED_BYTES)) this.#writeOversized(slab, onWritten);
    else {
      if (output.buffer === slab.bytes) slab.used = output.position;
      else this.#place(slab);
      this.#pendingCount++;
      onWritten?.();
    }
    if (this.#pendingCount >= this.#threshold && !this.#isBlocked) this.#flushEarly();
    else if (!this.#isScheduled) this.#leave();
    return this.#sequence;
  }

  /** Copies a frame that outgrew its slab into the slab if it fits after all, else into the next one, where other messages can share its write. */
  #place(current: Slab): void {
    const { buffer } = this.#output;
    const frame = this.#output.toBuffer();
    let slab = current;
    if (frame.length > SLAB_BYTES - slab.used) {
      slab = this.#nextSlab();
      this.#sent = this.#sequence - 1;
    }
    slab.bytes.set(frame, slab.used);
    slab.used += frame.length;
    bodies.give(buffer);
  }

  /**
   * Checks the stream at the end of the frame just encoded.
   *
   * @throws ERR_OVERLOADED while another stream is being written, ERR_USAGE if its chunks are not iterable
   */
  checkTail(): void {
    const { tail } = this.#output;
    if (tail === null) return;
    assertSendable(tail, this.#output.isTailLast);
    if (this.#streaming !== null) throw anotherStream();
  }

  /** A frame cannot stand inside another: messages that come while a stream is written wait for its end. */
  #commitAroundStream(onWritten?: () => void): number {
    const output = this.#output;
    const { tail } = output;
    if (!this.#isScheduled) this.#schedule();
    if (this.#streaming !== null) {
      const message = Buffer.from(output.toBuffer());
      this.#streaming.hold(message);
      onWritten?.();
      return this.#sequence;
    }
    if (tail !== null) {
      this.#writeOversized(this.#slab as Slab, onWritten);
      const stream = new OutgoingStream(this.#sequence, tail, this.#link);
      this.#streaming = stream;
      this.#host.onStuck();
      void stream.run().then((error) => this.#endStream(stream, error));
    }
    return this.#sequence;
  }

  #endStream({ sequence, held }: OutgoingStream, error: TransportError | null): void {
    this.#streaming = null;
    if (this.#isClosed) return;
    if (error !== null) {
      this.#host.onStreamError(error, sequence);
      return;
    }
    for (const message of held) this.#write(message);
    this.#sent = this.#sequence;
    this.#host.onStreamEnd();
  }

  /** Drops the frame begun: it failed to encode. */
  rollback(): void {
    this.#isWriting = false;
    this.#output.truncate(this.#output.start);
  }

  /**
   * Takes the frame begun out of the writer, for it to be written later.
   *
   * @returns its parts in order. @memory owned, and given where bytes stand by reference
   */
  detach(): Uint8Array[] {
    const output = this.#output;
    const { buffer, references } = output;
    // A buffer that is not the slab is this message's alone.
    const isSlab = buffer === this.#slab?.bytes;
    const parts: Uint8Array[] = [];
    let at = output.start;
    for (const end of [...references, { at: output.position, bytes: null }]) {
      const span = buffer.subarray(at, end.at);
      parts.push(isSlab ? Buffer.from(span) : span);
      if (end.bytes !== null) parts.push(end.bytes);
      at = end.at;
    }
    this.rollback();
    return parts;
  }

  /** Queues a ping. It leaves with the messages around it, so that a peer that pings and never reads costs us six bytes each. */
  ping(): void {
    if (this.#isClosed) return;
    this.begin(V_2_19_0, V_2_19_0).writeBytes(PING);
    this.commit();
  }

  /** Writes bytes that are not a frame, such as a plain-text refusal, behind what is queued. The link ends after them. @memory given */
  writeRaw(bytes: Uint8Array): void {
    if (this.#isClosed || this.#streaming !== null) return;
    this.#writePending();
    this.#write(bytes);
  }

  /** Writes a frame that outgrew the slab, or has parts by reference, on its own. The parts are not copied. */
  #writeOversized(slab: Slab, onWritten?: () => void): void {
    const output = this.#output;
    this.#link.cork();
    this.#writePending();
    let at = output.start;
    for (const reference of output.references) {
      this.#writeSpan(slab, output.buffer, at, reference.at, false);
      this.#write(reference.bytes, reference === output.references.at(-1) ? onWritten : undefined);
      at = reference.at;
    }
    if (output.references.length === 0) onWritten?.();
    this.#writeSpan(slab, output.buffer, at, output.position, true);
    if (output.buffer === slab.bytes) {
      slab.used = output.position;
      this.#flushed = output.position;
    }
    this.#sent = this.#sequence;
    this.#link.uncork();
  }

  /** @param isLast true for the last span of a buffer: unless it is a slab, it goes back to the pool once it is written */
  #writeSpan(slab: Slab, bytes: Buffer, from: number, to: number, isLast: boolean): void {
    if (from === to) return;
    if (bytes !== slab.bytes) {
      this.#write(bytes.subarray(from, to), isLast ? () => bodies.give(bytes) : undefined);
      return;
    }
    this.#write(slab.span(from, to), slab.written);
  }

  #write(bytes: Uint8Array, onWritten?: () => void): void {
    if (this.#link.write(bytes, onWritten) || this.#isBlocked) return;
    this.#isBlocked = true;
    this.#host.onStuck();
  }

  #flushEarly(): void {
    this.#loneFlushes = 0;
    this.#threshold *= FLUSH_GROWTH;
    this.#writePending();
    if (!this.#isScheduled) this.#schedule();
  }

  /** Schedules the flush of its first message, or flushes at once when the messages before it were alone: that spares a lone call a round of the tick queue. */
  #leave(): void {
    this.#loneFlushes = tempo.quiet && this.#host.isAlone ? this.#loneFlushes + 1 : 0;
    if (this.#loneFlushes < LONE_FLUSHES) this.#schedule();
    else this.onTick();
  }

  #schedule(): void {
    this.#isScheduled = true;
    // With little to do the end of the tick is not worth waiting for: it costs a twentieth of a round trip. With much, waiting makes larger writes.
    if (tempo.quiet) nextTick(endTick, this);
    else setImmediate(endTick, this);
  }

  /** The end of the tick. While the link has enough to do, messages gather here: otherwise each would be a write of its own that waits. */
  onTick(): void {
    this.#isScheduled = false;
    if (!this.#isBlocked) this.flush();
  }

  /** Hands everything to the link. */
  flush(): void {
    this.#threshold = FIRST_FLUSH;
    if (this.#pendingCount > 1) this.#loneFlushes = 0;
    this.#writePending();
    const slab = this.#slab;
    if (slab === null) return;
    this.#retired = slab;
    this.#retiredReturns = slab.returns;
    slab.retire();
    this.#slab = null;
    this.#flushed = 0;
  }

  #writePending(): void {
    this.#pendingCount = 0;
    const slab = this.#slab;
    if (slab === null || slab.used === this.#flushed || this.#isClosed) return;
    const from = this.#flushed;
    this.#flushed = slab.used;
    this.#sent = this.#sequence;
    this.#writeSpan(slab, slab.bytes, from, slab.used, true);
  }

  /** Stops writing: the link is over. */
  close(): void {
    this.#isClosed = true;
    this.#streaming?.stop();
    // A codec that closes the channel goes on writing into the slab: no other writer may have it.
    if (!this.#isWriting) this.#slab?.retire();
    this.#slab = null;
    this.#retired = null;
    this.#flushed = 0;
  }
}

/** One function for all writers: a closure for each would take 100 bytes. */
const endTick = (writer: Writer): void => writer.onTick();
