import type { Socket } from 'node:net';
import type { TransportError } from '../../protocol/error/transport-error.ts';
import type { Endpoint, Link, LinkAcceptor, LinkCapabilities, LinkSink } from './link.ts';
import { lingerError } from './socket-errors.ts';
import { HIGH_WATER_BYTES } from './stream-capabilities.ts';

/** Idle time before the system probes a silent peer, in milliseconds. */
const KEEP_ALIVE_DELAY_MS = 60_000;

/** Written after bytes that the system has not taken completely: its callback tells when it has. */
const NOTHING = Buffer.alloc(0);

/** Options that differ between the carriers over sockets. */
export interface SocketLinkOptions {
  readonly capabilities: LinkCapabilities;
  /** The system takes what is written before `write` returns, as far as it has room. */
  readonly writesAtOnce: boolean;
  /** Time that `close()` gives the peer, in milliseconds. */
  readonly lingerMs: number;
  /** As {@link Link.shownCertificate}. */
  readonly shownCertificate?: string | null;
  /** Returns why the link ended; `isSilent` while the peer has not sent a byte. */
  readonly explain: (error: Error, remote: Endpoint, isSilent: boolean) => TransportError;
}

/**
 * `open`: both ways. `closing`: our end or the peer's end was asked for, what is queued still leaves, what comes is dropped. `over`: told the sink.
 */
type State = 'open' | 'closing' | 'over';

const LINK = Symbol('link');

interface WriteQueue {
  /** Bytes of the write under way that the system has not taken. */
  readonly writeQueueSize?: number;
}

/** What tells how far the write under way has come. Some parts have no public name: Node.js counts a write when all of it is done. */
interface SocketInternals {
  /** Bytes of all writes, those that wait among them; undefined once the socket is destroyed. */
  readonly bytesWritten: number | undefined;
  readonly writableLength: number;
  /** Null once the socket is destroyed. That of a TLS socket has all it was given; the one below it knows what has left. */
  readonly _handle?: (WriteQueue & { readonly _parent?: WriteQueue | null }) | null;
  /** `writelen`: bytes of the write under way. */
  readonly _writableState?: { readonly writing?: boolean; readonly writelen?: number };
}

/** A socket that knows its link: its listeners are the same functions for all links, because three closures a link would take 190 bytes. */
interface LinkedSocket extends Socket {
  readonly [LINK]: SocketLink;
}

/** A link over a connected socket, plain or TLS. It is fed by a reader: see socket-reading.ts. */
export class SocketLink implements Link {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly shownCertificate?: string | null;
  readonly #socket: Socket;
  readonly #options: SocketLinkOptions;
  readonly #sink: LinkSink;
  readonly #highWaterBytes: number;
  #state: State = 'open';
  #paused = false;
  /** `write` returned false and `onDrain` is owed. */
  #full = false;
  #peerEnded = false;
  #isSilent = true;
  #failure: TransportError | null = null;
  #linger: NodeJS.Timeout | null = null;

  /** Takes the socket over and asks `accept` for the sink. Nothing may have been read from the socket yet. */
  constructor(socket: Socket, accept: LinkAcceptor, options: SocketLinkOptions) {
    this.local = endpointOf(socket.localAddress, socket.localPort);
    this.remote = endpointOf(socket.remoteAddress, socket.remotePort);
    if (options.shownCertificate !== undefined) this.shownCertificate = options.shownCertificate;
    this.#socket = socket;
    this.#options = options;
    // The socket owes a 'drain' only above its own mark, so ours may not be lower.
    this.#highWaterBytes = Math.max(HIGH_WATER_BYTES, socket.writableHighWaterMark);
    this.#sink = accept(this);
    socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_DELAY_MS);
    const linked: LinkedSocket = Object.assign(socket, { [LINK]: this });
    linked.on('end', onEnd).on('error', onError).on('close', onClose);
  }

  get capabilities(): LinkCapabilities {
    return this.#options.capabilities;
  }

  get framing(): 'native' {
    return 'native';
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  get takenBytes(): number {
    return takenOf(this.#socket as unknown as SocketInternals);
  }

  /** True while the sink wants nothing delivered and the link goes on. */
  get isPaused(): boolean {
    return this.#state === 'open' && this.#paused;
  }

  write(bytes: Uint8Array, onWritten?: () => void): boolean {
    if (this.#state !== 'open' || bytes.length === 0) {
      if (onWritten) process.nextTick(onWritten);
      return true;
    }
    this.#give(bytes, onWritten);
    // Asked afterwards: most writes have reached the system by now, and then there is nothing to wait for.
    if (this.#socket.writableLength < this.#highWaterBytes) return true;
    if (!this.#full) this.#socket.once('drain', () => this.#onDrain());
    this.#full = true;
    return false;
  }

  /** Avoids a callback of the socket, which costs a turn of the tick queue, if the system has taken the bytes at once. */
  #give(bytes: Uint8Array, onWritten: (() => void) | undefined): void {
    const socket = this.#socket;
    if (!this.#options.writesAtOnce || socket.writableLength > 0 || socket.writableCorked > 0) {
      socket.write(bytes, onWritten);
      return;
    }
    socket.write(bytes);
    if (onWritten === undefined) return;
    if (socket.writableLength === 0) onWritten();
    else socket.write(NOTHING, onWritten);
  }

  cork(): void {
    this.#socket.cork();
  }

  uncork(): void {
    this.#socket.uncork();
  }

  pause(): void {
    if (this.#state !== 'open') return;
    this.#paused = true;
    this.#socket.pause();
  }

  resume(): void {
    if (this.#state !== 'open') return;
    this.#paused = false;
    this.#socket.resume();
  }

  close(): void {
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    this.#linger = setTimeout(() => this.#giveUp(), this.#options.lingerMs).unref();
    this.#socket.end();
    // A paused socket would never see the peer's end.
    this.#socket.resume();
  }

  abort(): void {
    if (this.#state === 'over') return;
    this.#state = 'closing';
    this.#failure = null;
    this.#socket.destroy();
  }

  /** Returns where the next bytes are read into; null for a buffer of the carrier. For readers. */
  readTarget(): Buffer | null {
    const target = this.#state === 'open' ? this.#sink.readTarget() : null;
    return target?.length ? target : null;
  }

  /** Bytes were read into the last {@link readTarget}. For readers. */
  filled(count: number): void {
    this.#isSilent = false;
    if (this.#state === 'open') this.#sink.onFilled(count);
  }

  /** Bytes were read elsewhere. For readers. @memory borrowed */
  received(chunk: Buffer): void {
    this.#isSilent = false;
    if (this.#state === 'open') this.#sink.onBytes(chunk);
  }

  #onDrain(): void {
    this.#full = false;
    if (this.#state !== 'open') return;
    this.#sink.onDrain();
  }

  /** For the socket. */
  onPeerEnd(): void {
    this.#peerEnded = true;
    this.close();
  }

  /** For the socket. Ignores errors of the system once the link is closing and everything is written. */
  onError(error: Error): void {
    if (this.#peerEnded || (this.#state === 'closing' && this.#socket.writableFinished)) return;
    this.#failure ??= this.#options.explain(error, this.remote, this.#isSilent);
  }

  #giveUp(): void {
    const lost = this.#socket.writableLength;
    if (lost > 0) this.#failure ??= lingerError(this.remote, lost, this.#options.lingerMs);
    this.#socket.destroy();
  }

  /** For the socket. */
  onSocketClosed(): void {
    this.#state = 'over';
    if (this.#linger) clearTimeout(this.#linger);
    this.#sink.onClose(this.#failure);
  }
}

/** Returns an address of a socket; `unknown` for a peer that has left already. */
export function endpointOf(address: string | undefined, port: number | undefined): Endpoint {
  return { host: address ?? 'unknown', port: port ?? 0 };
}

/** Returns how many bytes the system has taken. Where this version of the platform does not tell of the write under way, none of it counts. */
function takenOf({ bytesWritten, writableLength, _handle: handle, _writableState: state }: SocketInternals): number {
  const written = (bytesWritten ?? 0) - writableLength;
  const { writeQueueSize } = handle?._parent ?? handle ?? {};
  if (state?.writing !== true || state.writelen === undefined || writeQueueSize === undefined) return written;
  return written + Math.max(0, state.writelen - writeQueueSize);
}

function onEnd(this: LinkedSocket): void {
  this[LINK].onPeerEnd();
}

function onError(this: LinkedSocket, error: Error): void {
  this[LINK].onError(error);
}

function onClose(this: LinkedSocket): void {
  this[LINK].onSocketClosed();
}
