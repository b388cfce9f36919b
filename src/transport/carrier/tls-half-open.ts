import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { TransportError } from '../../protocol/error/transport-error.ts';
import type { Endpoint, HalfOpenLink, HalfOpenListener } from './link.ts';
import { endpointOf } from './socket-link.ts';
import { tlsHandshakeTimedOut } from './tls-errors.ts';

/** Time that Node.js gives a TLS handshake if none is configured, in milliseconds. */
const LONGEST_HANDSHAKE_MS = 120_000;

/**
 * The accepted connections of one listener whose TLS handshakes go on. Each has its time from the moment it was accepted: the timeout of Node.js starts
 * again with every byte.
 */
export class HalfOpenSockets {
  readonly #timeoutMs: number;
  readonly #listener: HalfOpenListener | undefined;
  readonly #sockets = new Map<Socket, HalfOpenSocket>();
  /** Why we ended a connection: asked for once Node.js reports its failed handshake. */
  readonly #reasons = new WeakMap<Socket, TransportError>();

  /** @param timeoutMs milliseconds; 0 for what Node.js gives */
  constructor(timeoutMs: number, listener: HalfOpenListener | undefined) {
    this.#timeoutMs = timeoutMs > 0 ? timeoutMs : LONGEST_HANDSHAKE_MS;
    this.#listener = listener;
  }

  /** The system has handed a connection over. */
  add(socket: Socket): void {
    const abort = (error: TransportError): void => {
      if (!this.#reasons.has(socket)) this.#reasons.set(socket, error);
      socket.destroy();
    };
    const remote = endpointOf(socket.remoteAddress, socket.remotePort);
    const halfOpen = new HalfOpenSocket(remote, abort, () => this.#end(socket), this.#timeoutMs);
    this.#sockets.set(socket, halfOpen);
    socket.once('close', halfOpen.onClose);
    halfOpen.onOver = this.#listener?.(halfOpen) ?? null;
  }

  #end(socket: Socket): void {
    const halfOpen = this.#sockets.get(socket);
    if (halfOpen === undefined) return;
    this.#sockets.delete(socket);
    socket.off('close', halfOpen.onClose);
    halfOpen.end();
  }

  /** The TLS handshake of a connection has ended. Returns why we ended it; undefined if we did not. */
  over(secured: TLSSocket): TransportError | undefined {
    const socket = socketBelow(secured);
    if (socket === null) return undefined;
    this.#end(socket);
    return this.#reasons.get(socket);
  }

  /** Ends all of them: the listener is closed. */
  destroyAll(): void {
    for (const socket of this.#sockets.keys()) socket.destroy();
  }
}

class HalfOpenSocket implements HalfOpenLink {
  readonly remote: Endpoint;
  readonly abort: (error: TransportError) => void;
  /** The socket is closed. */
  readonly onClose: () => void;
  /** Called once its handshake is over. */
  onOver: (() => void) | null = null;
  readonly #timer: NodeJS.Timeout;

  constructor(remote: Endpoint, abort: (error: TransportError) => void, onClose: () => void, timeoutMs: number) {
    this.remote = remote;
    this.abort = abort;
    this.onClose = onClose;
    this.#timer = setTimeout(() => abort(tlsHandshakeTimedOut(remote)), timeoutMs).unref();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.onOver?.();
  }
}

/** Returns the socket below a TLS socket, which has no public name. It still has the address of its peer when the TLS socket is destroyed. */
export function socketBelow(socket: TLSSocket): Socket | null {
  const { _parent: below } = socket as { _parent?: Socket | null };
  return below ?? null;
}
