import type { TransportError } from '../../protocol/error/transport-error.ts';
import { RingQueue } from '../util/ring-queue.ts';
import type { Endpoint, Link, LinkAcceptor, LinkSink } from './link.ts';
import { lingerError } from './socket-errors.ts';
import { HIGH_WATER_BYTES, STREAM_CAPABILITIES } from './stream-capabilities.ts';

/** Pieces delivered in one turn of the event loop, so that a busy pair leaves room for everyone else. */
const PIECES_PER_TURN = 256;

/** Options of a pair of memory links. */
export interface MemoryLinkOptions {
  /** Largest piece delivered at once, in bytes. */
  readonly chunkBytes: number;
  /** Time that `close()` gives the peer, in milliseconds. */
  readonly lingerMs: number;
}

interface QueuedWrite {
  readonly bytes: Uint8Array;
  readonly onWritten: (() => void) | undefined;
}

/** As in socket-link.ts. */
type State = 'open' | 'closing' | 'over';

/** One end of a pair: what is written here is copied to the other end in a later turn of the event loop. */
export class MemoryLink implements Link {
  readonly capabilities = STREAM_CAPABILITIES;
  readonly framing = 'native';
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly #options: MemoryLinkOptions;
  readonly #readBuffer: Buffer;
  readonly #sink: LinkSink;
  /** Itself until it is paired, which is before anything moves. */
  #peer: MemoryLink = this;
  #state: State = 'open';
  readonly #queue = new RingQueue<QueuedWrite>();
  /** The write that is leaving, and how many of its bytes have left. */
  #leaving: QueuedWrite | undefined;
  #left = 0;
  #bufferedBytes = 0;
  #takenBytes = 0;
  #corks = 0;
  #paused = false;
  #full = false;
  #scheduled = false;
  #endSent = false;
  #endReceived = false;
  #linger: NodeJS.Timeout | null = null;

  private constructor(local: Endpoint, remote: Endpoint, accept: LinkAcceptor, options: MemoryLinkOptions) {
    this.local = local;
    this.remote = remote;
    this.#options = options;
    this.#readBuffer = Buffer.alloc(options.chunkBytes);
    this.#sink = accept(this);
  }

  /** Makes both ends and returns the first. */
  static pair(ends: readonly [MemoryEnd, MemoryEnd], options: MemoryLinkOptions): MemoryLink {
    const [here, there] = ends;
    const first = new MemoryLink(here.endpoint, there.endpoint, here.accept, options);
    const second = new MemoryLink(there.endpoint, here.endpoint, there.accept, options);
    first.#peer = second;
    second.#peer = first;
    return first;
  }

  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  get takenBytes(): number {
    return this.#takenBytes;
  }

  write(bytes: Uint8Array, onWritten?: () => void): boolean {
    if (this.#state !== 'open' || bytes.length === 0) {
      if (onWritten) process.nextTick(onWritten);
      return true;
    }
    this.#queue.push({ bytes, onWritten });
    this.#bufferedBytes += bytes.length;
    this.#schedule();
    if (this.#bufferedBytes < HIGH_WATER_BYTES) return true;
    this.#full = true;
    return false;
  }

  cork(): void {
    this.#corks++;
  }

  uncork(): void {
    if (this.#corks > 0) this.#corks--;
    this.#schedule();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#peer.#schedule();
  }

  close(): void {
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    this.#corks = 0;
    this.#linger = setTimeout(() => this.#giveUp(), this.#options.lingerMs).unref();
    this.#schedule();
    // A paused end holds its peer's bytes back, and its peer's end behind them.
    this.#peer.#schedule();
  }

  abort(): void {
    if (this.#state === 'over') return;
    this.#state = 'closing';
    this.#dropQueue();
    setImmediate(() => this.#endBoth(null));
  }

  #schedule(): void {
    if (this.#scheduled || this.#state === 'over') return;
    this.#scheduled = true;
    setImmediate(() => this.#pump());
  }

  #pump(): void {
    this.#scheduled = false;
    for (let pieces = 0; pieces < PIECES_PER_TURN && this.#canSend(); pieces++) this.#sendPiece();
    if (this.#canSend()) this.#schedule();
    if (this.#bufferedBytes === 0) this.#onEmpty();
  }

  #canSend(): boolean {
    return this.#bufferedBytes > 0 && this.#corks === 0 && this.#state !== 'over' && !this.#peer.#isHolding();
  }

  #isHolding(): boolean {
    return this.#paused && this.#state === 'open';
  }

  #sendPiece(): void {
    this.#leaving ??= this.#queue.shift();
    const write = this.#leaving;
    if (!write) return;
    const peer = this.#peer;
    const count = peer.#take(write.bytes.subarray(this.#left));
    // Whoever took it may have aborted this end, and what was queued with it.
    if (this.#leaving !== write) return;
    this.#bufferedBytes -= count;
    this.#takenBytes += count;
    this.#left += count;
    if (this.#left < write.bytes.length) return;
    this.#leaving = undefined;
    this.#left = 0;
    write.onWritten?.();
  }

  /** Delivers a piece of `bytes` and says how long it was. What comes for an end that closes is dropped. */
  #take(bytes: Uint8Array): number {
    if (this.#state !== 'open') return bytes.length;
    const target = this.#sink.readTarget();
    const into = target?.length ? target : this.#readBuffer;
    const count = Math.min(bytes.length, into.length, this.#options.chunkBytes);
    into.set(bytes.subarray(0, count));
    if (into === target) this.#sink.onFilled(count);
    else this.#sink.onBytes(into.subarray(0, count));
    return count;
  }

  #onEmpty(): void {
    if (this.#full && this.#state === 'open') {
      this.#full = false;
      this.#sink.onDrain();
    }
    if (this.#state !== 'closing' || this.#endSent) return;
    this.#endSent = true;
    this.#peer.#onPeerEnd();
    this.#endIfBothDid();
  }

  #onPeerEnd(): void {
    this.#endReceived = true;
    this.close();
    this.#endIfBothDid();
  }

  #endIfBothDid(): void {
    if (this.#endSent && this.#endReceived) this.#end(null);
  }

  #giveUp(): void {
    const lost = this.#bufferedBytes;
    this.#endBoth(lost > 0 ? lingerError(this.remote, lost, this.#options.lingerMs) : null);
  }

  #endBoth(reason: TransportError | null): void {
    this.#end(reason);
    this.#peer.#end(null);
  }

  #end(reason: TransportError | null): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    if (this.#linger) clearTimeout(this.#linger);
    this.#dropQueue();
    this.#sink.onClose(reason);
  }

  #dropQueue(): void {
    const dropped = this.#queue.drain();
    if (this.#leaving) dropped.unshift(this.#leaving);
    this.#leaving = undefined;
    this.#left = 0;
    this.#bufferedBytes = 0;
    for (const { onWritten } of dropped) if (onWritten) process.nextTick(onWritten);
  }
}

/** Address and receiver of one end of a pair. */
export interface MemoryEnd {
  readonly endpoint: Endpoint;
  readonly accept: LinkAcceptor;
}
