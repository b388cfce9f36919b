import { nextTick } from 'node:process';
import { OverloadedError, type TransportError, UsageError } from '../../protocol/error/transport-error.ts';
import { PING } from '../../protocol/frame/native/fixed-header.ts';
import { StreamOutput, type StreamOutputOptions } from '../../protocol/wire/stream-output.ts';
import { V_2_19_0, type VersionId } from '../../protocol/wire/version.ts';
import type { Link } from '../carrier/link.ts';
import { bodies } from '../util/body-pool.ts';
import { OutgoingStream } from './outgoing-stream.ts';
import { SLAB_BYTES, type Slab, takeSlab } from './slab-pool.ts';
import { tempo } from './tempo.ts';

/** Messages before the first flush of a tick. @see performance.md L2 */
const FIRST_FLUSH = 12;

/** What the threshold is multiplied by after each early flush, so that few large writes follow the first small ones. */
const FLUSH_GROWTH = 4;

/** From so many bytes on a write is not worth gathering more for. */
const GATHER_BYTES = 4 * 1024;

/** So many flushes in a row of one message with nothing else under way are a caller that waits for each answer, or who answers it. */
const LONE_FLUSHES = 4;

/** What must be left of a slab for another message to be begun in it. */
const MIN_ROOM = 1024;

/** A message that the rest of a slab has no room for is moved to the next one when it has at most so many bytes. */
const MOVED_BYTES = 40 * 1024;

/** Shared by all writers; never written to. */
const NOTHING_HELD: Buffer[] = [];

/** Messages that outgrow a slab get memory of the body pool. */
const GROWING: StreamOutputOptions = { size: 0, allocate: bodies.take, giveBack: (bytes) => bodies.give(bytes) };

/** What a writer asks of its channel and tells it. */
export interface WriterHost {
  /** True while the message being written is all there is: the only call under way, or the answer to the only request. */
  readonly isAlone: boolean;
  /** A stream cannot be written to its end: the channel is of no use any more. */
  onStreamError(error: TransportError, sequence: number): void;
  /** A stream was written, and what waited for its end is with the link. */
  onStreamEnd(): void;
}

/**
 * Where a channel's messages are encoded, in place, and leave together: one write a flush. The first flush comes after 12 messages so that the peer
 * can begin, the others after 48, 192, …, the last at the end of the tick.
 *
 * @see performance.md L1, L2
 */
export class Writer {
  readonly #link: Link;
  readonly #host: WriterHost;
  readonly #output = new StreamOutput(GROWING);
  #slab: Slab | null = null;
  #flushed = 0;
  #pending = 0;
  #threshold = FIRST_FLUSH;
  #scheduled = false;
  /** Flushes in a row of one message that was alone. */
  #lone = 0;
  #sequence = 0;
  #sent = 0;
  #blocked = false;
  #closed = false;
  /** Between {@link begin} and {@link commit} or {@link rollback}. */
  #writing = false;
  #streaming: OutgoingStream | null = null;
  /** Messages that wait for the end of the stream. */
  #held: Buffer[] = NOTHING_HELD;
  #heldBytes = 0;

  constructor(link: Link, host: WriterHost) {
    this.#link = link;
    this.#host = host;
  }

  /** Sequence number of the message whose stream is being written, or 0. */
  get streaming(): number {
    return this.#streaming === null ? 0 : this.#streaming.sequence;
  }

  /** Sequence number of the last message begun. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Sequence number of the last message handed to the link. */
  get sent(): number {
    return this.#sent;
  }

  /** Bytes waiting here and in the link. */
  get bufferedBytes(): number {
    return this.#link.bufferedBytes + this.#heldBytes + (this.#slab === null ? 0 : this.#slab.used - this.#flushed);
  }

  /** True while small messages wait for a flush that more of them could share. */
  // hot: call
  get gathering(): boolean {
    return this.#pending > 0 && this.#slab !== null && this.#slab.used - this.#flushed < GATHER_BYTES;
  }

  /** True between a write that met back-pressure and the link's `onDrain`. */
  get blocked(): boolean {
    return this.#blocked;
  }

  drained(): void {
    this.#blocked = false;
  }

  /**
   * The stream to write one frame to; {@link commit} or {@link rollback} follows at once.
   *
   * @throws ERR_USAGE while another frame is written: a codec, or a getter of its value, that calls
   */
  // hot: call
  begin(version: VersionId, peerVersion: VersionId): StreamOutput {
    if (this.#writing) throw new UsageError('ERR_USAGE', {}, 'a message cannot be sent while another one is being written');
    let slab = this.#slab;
    if (slab === null || SLAB_BYTES - slab.used < MIN_ROOM) slab = this.#nextSlab();
    this.#output.lend(slab.bytes, slab.used, version, peerVersion);
    this.#output.allowReferences();
    this.#writing = true;
    return this.#output;
  }

  #nextSlab(): Slab {
    if (this.#slab !== null) {
      this.#writePending();
      this.#slab.retire();
    }
    const slab = takeSlab();
    this.#slab = slab;
    this.#flushed = 0;
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
    this.#writing = false;
    // Whoever wrote it may have closed the channel.
    if (slab === null) return this.#sequence;
    this.#sequence++;
    tempo.count();
    if (this.#streaming !== null || output.tail !== null) return this.#commitAroundStream(onWritten);
    if (output.references.length > 0 || (output.buffer !== slab.bytes && output.size > MOVED_BYTES)) this.#writeOversized(slab, onWritten);
    else {
      if (output.buffer === slab.bytes) slab.used = output.position;
      else this.#place(slab);
      this.#pending++;
      onWritten?.();
    }
    if (this.#pending >= this.#threshold) this.#flushEarly();
    else if (!this.#scheduled) this.#leave();
    return this.#sequence;
  }

  /** A frame that outgrew the slab while it was written is put into it if it fits after all, or begins the next one, where others may share its write. */
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

  /** @throws ERR_OVERLOADED when the frame just encoded ends with a stream and another one is being written, ERR_USAGE when it has no chunks */
  checkTail(): void {
    const { tail } = this.#output;
    if (tail === null) return;
    if (!isIterable(tail.chunks)) {
      throw new UsageError('ERR_USAGE', {}, `the chunks of a stream are ${typeof tail.chunks}, expected an iterable of bytes`);
    }
    if (!this.#output.isTailLast)
      throw new UsageError('ERR_USAGE', {}, 'a stream must be the last field of a message, but bytes follow it');
    if (this.#streaming === null) return;
    throw new OverloadedError('ERR_OVERLOADED', {}, 'another stream is being sent on this channel; give each a client of its own');
  }

  /** A frame cannot stand inside another: what comes while a stream is written waits for its end. */
  #commitAroundStream(onWritten?: () => void): number {
    const output = this.#output;
    const { tail } = output;
    if (!this.#scheduled) this.#schedule();
    if (this.#streaming !== null) {
      const message = Buffer.from(output.toBuffer());
      if (this.#held === NOTHING_HELD) this.#held = [];
      this.#held.push(message);
      this.#heldBytes += message.length;
      onWritten?.();
      return this.#sequence;
    }
    if (tail !== null) {
      this.#writeOversized(this.#slab as Slab, onWritten);
      this.#streaming = new OutgoingStream(this.#sequence, tail, this.#link);
      void this.#streaming.run().then((error) => this.#endStream(error));
    }
    return this.#sequence;
  }

  #endStream(error: TransportError | null): void {
    const sequence = this.streaming;
    this.#streaming = null;
    const held = this.#held;
    this.#held = NOTHING_HELD;
    this.#heldBytes = 0;
    if (this.#closed) return;
    if (error !== null) {
      this.#host.onStreamError(error, sequence);
      return;
    }
    for (const message of held) this.#write(message);
    this.#sent = this.#sequence;
    this.#host.onStreamEnd();
  }

  /** The frame failed to encode: what was written of it is dropped. */
  rollback(): void {
    this.#writing = false;
    this.#output.truncate(this.#output.start);
  }

  /** Queues a ping. It leaves with the messages around it, so that a peer that pings and never reads costs us six bytes each. */
  ping(): void {
    if (this.#closed) return;
    this.begin(V_2_19_0, V_2_19_0).writeBytes(PING);
    this.commit();
  }

  /** Writes bytes that are no message, a plain-text refusal, after what is queued. The link ends behind them. @memory given */
  writeRaw(bytes: Uint8Array): void {
    if (this.#closed || this.#streaming !== null) return;
    this.#writePending();
    this.#write(bytes);
  }

  /** A frame that outgrew the slab, or has parts by reference: it is written on its own, the parts as they are. */
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

  /** @param isLast nothing more of a buffer that is no slab is written: it goes back to the pool once this is */
  #writeSpan(slab: Slab, bytes: Buffer, from: number, to: number, isLast: boolean): void {
    if (from === to) return;
    if (bytes !== slab.bytes) {
      this.#write(bytes.subarray(from, to), isLast ? () => bodies.give(bytes) : undefined);
      return;
    }
    this.#write(slab.span(from, to), slab.written);
  }

  #write(bytes: Uint8Array, onWritten?: () => void): void {
    if (!this.#link.write(bytes, onWritten)) this.#blocked = true;
  }

  #flushEarly(): void {
    this.#lone = 0;
    this.#threshold *= FLUSH_GROWTH;
    this.#writePending();
    if (!this.#scheduled) this.#schedule();
  }

  /** The first message of a flush. Where those before were alone, it most likely is, too, and leaves at once: a lone call is spared a round of the tick queue. */
  #leave(): void {
    this.#lone = tempo.quiet && this.#host.isAlone ? this.#lone + 1 : 0;
    if (this.#lone < LONE_FLUSHES) this.#schedule();
    else this.flush();
  }

  #schedule(): void {
    this.#scheduled = true;
    // With little to do the end of the tick is not worth waiting for: it costs a twentieth of a round trip. With much, waiting makes larger writes.
    if (tempo.quiet) nextTick(this.flush);
    else setImmediate(this.flush);
  }

  /** Hands everything to the link. Bound: it is the end of the tick. */
  readonly flush = (): void => {
    this.#scheduled = false;
    this.#threshold = FIRST_FLUSH;
    if (this.#pending > 1) this.#lone = 0;
    this.#writePending();
    this.#slab?.retire();
    this.#slab = null;
    this.#flushed = 0;
  };

  #writePending(): void {
    this.#pending = 0;
    const slab = this.#slab;
    if (slab === null || slab.used === this.#flushed || this.#closed) return;
    const from = this.#flushed;
    this.#flushed = slab.used;
    this.#sent = this.#sequence;
    this.#writeSpan(slab, slab.bytes, from, slab.used, true);
  }

  /** The link is over: nothing is written any more. */
  close(): void {
    this.#closed = true;
    this.#streaming?.stop();
    this.#held = NOTHING_HELD;
    // Whoever closes while a frame is written goes on writing it: then nobody else may have the slab.
    if (!this.#writing) this.#slab?.retire();
    this.#slab = null;
    this.#flushed = 0;
  }
}

function isIterable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value);
}
