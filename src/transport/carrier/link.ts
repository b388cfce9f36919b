import type { TransportError } from '../../protocol/error/transport-error.ts';

/** Address of a peer, or of a listener. */
export interface Endpoint {
  /** Name or IP address, without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Properties of a medium. Upper layers depend on these, never on the carrier's name. */
export interface LinkCapabilities {
  /** Bytes arrive in the order they were written. */
  readonly ordered: boolean;
  /** Bytes arrive, or the link ends. */
  readonly reliable: boolean;
  /** Both ends may write at any time. */
  readonly duplex: boolean;
  /** A write arrives as one piece. */
  readonly boundaries: boolean;
  /** Largest piece, in bytes; Infinity for a byte stream. */
  readonly maxMessageBytes: number;
  /** Encrypted, and the peer's certificate was checked as configured. */
  readonly secure: boolean;
}

/** Receiver of what arrives over a link. Its methods return at once and never throw. */
export interface LinkSink {
  /** Called when bytes have arrived. @memory borrowed: valid during the call, then the carrier reuses them */
  onBytes(chunk: Buffer): void;
  /**
   * Returns where the next bytes are read into, or null for the carrier's own buffer. Called before each read, though not always before the first.
   * The carrier then calls {@link onFilled} instead of {@link onBytes}. @memory the carrier writes into it until the next read or the end of the link
   */
  readTarget(): Buffer | null;
  /** The first `count` bytes of the last {@link readTarget} were written; `count` is 1 or more. */
  onFilled(count: number): void;
  /** Called when writes have drained: after `write` returned false, it may be called again. */
  onDrain(): void;
  /**
   * Called once when the link has ended, never within a call to the link: null if either end closed it, else the reason. No method is
   * called afterwards.
   */
  onClose(error: TransportError | null): void;
}

/** A live connection over a carrier: bytes in both directions, without frames. */
export interface Link {
  readonly capabilities: LinkCapabilities;
  /** The framing agreed on for this link. */
  readonly framing: 'native';
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** Set if the peer asked for a client certificate (TLS): describes the one it was shown, null if there was none to show. */
  readonly shownCertificate?: string | null;
  /** Bytes accepted by {@link write} and not yet handed to the medium. */
  readonly bufferedBytes: number;
  /**
   * Bytes accepted by {@link write} that the medium has taken, as exactly as the link can tell: that of a large write it has taken some shows that the
   * peer reads. Asked for now and then, and only while bytes wait.
   */
  readonly takenBytes: number;
  /**
   * Queues bytes. Once the link closes they are dropped, and there is no need to wait.
   *
   * @param onWritten called once, when the medium has taken them or the link is over, perhaps before this returns: they may be reused from then on
   * @returns false if the caller should wait for `onDrain`
   * @memory given until `onWritten`
   */
  write(bytes: Uint8Array, onWritten?: () => void): boolean;
  /** Holds writes back until {@link uncork}, so that several are sent together. */
  cork(): void;
  uncork(): void;
  /** Stops reading, which puts back-pressure on the peer. Nothing is delivered until {@link resume}, and the end of the peer may go unseen. */
  pause(): void;
  resume(): void;
  /**
   * Writes queued bytes, then ends the link. Bytes that still arrive are dropped. A peer that does not read is given a few seconds. The end of the
   * peer does the same at our end: no link stays half open. Idempotent.
   */
  close(): void;
  /** Ends the link now. Queued bytes are lost. Idempotent. */
  abort(): void;
}

/** Returns the receiver of a new link. Called before the first byte is read. */
export type LinkAcceptor = (link: Link) => LinkSink;

/** Options of dialling. */
export interface DialOptions {
  /** Time to connect, in milliseconds, TLS handshake included. @default 30_000 */
  readonly timeoutMs?: number;
  /** Cancels dialling. */
  readonly signal?: AbortSignal;
  /** Called when the peer has accepted the connection and a handshake of the carrier's own (TLS) begins. */
  readonly onReached?: () => void;
}

/** A connection that the system has handed over and that is not a link yet: a handshake of the carrier's own (TLS) goes on. */
export interface HalfOpenLink {
  readonly remote: Endpoint;
  /** Ends it now; `onError` of {@link Carrier.listen} is called with the error. Idempotent. */
  abort(error: TransportError): void;
}

/** Called for every connection that becomes a link only later. Returns what the carrier calls once it is over: it ends, or is about to become a link. */
export type HalfOpenListener = (halfOpen: HalfOpenLink) => () => void;

/** Options of listening. */
export interface ListenOptions {
  /** Address to bind. @default '127.0.0.1' */
  readonly host?: string;
  /** Port to bind; 0 takes a free one. */
  readonly port: number;
  /** Upper bound on connections that the system has accepted and this process has not. @default 511 */
  readonly backlog?: number;
  /** Told of connections before they are links, so that they can be counted and refused. Only carriers with a handshake of their own call it. */
  readonly onHalfOpen?: HalfOpenListener;
}

/** A bound address. */
export interface Listener {
  /** The address and the actual port. */
  readonly endpoint: Endpoint;
  /** Stops accepting and ends connections that are not links yet; links that exist go on. Idempotent, resolves when the port is free. */
  close(): Promise<void>;
}

/** Called for a connection that failed before it became a link. */
export type AcceptFailureListener = (error: TransportError, remote: Endpoint | null) => void;

/** A medium that can dial and listen. */
export interface Carrier {
  /** For messages and logs; nothing may depend on it. */
  readonly name: string;
  /**
   * Opens a link.
   *
   * @throws ERR_DIAL (refused, unreachable, unknown host), ERR_DEADLINE (phase `dial`, or `handshake` during that of TLS), ERR_CANCELLED, ERR_TLS, ERR_CERT_UNTRUSTED,
   *   ERR_BAD_ENDPOINT (a port that cannot be dialled), ERR_USAGE (bad `timeoutMs`), ERR_ENVIRONMENT (too many open files)
   */
  dial(endpoint: Endpoint, accept: LinkAcceptor, options?: DialOptions): Promise<Link>;
  /**
   * Binds an address and hands every accepted link over.
   *
   * @param onError called for a connection that failed before it became a link, for example in its TLS handshake; `remote` is null if the system
   *   did not even hand it over (too many open files)
   * @throws ERR_ADDRESS_IN_USE, ERR_DIAL (unknown host, port not permitted), ERR_USAGE (port out of range), ERR_CONFIG (address not of this machine,
   *   TLS without a certificate)
   */
  listen(options: ListenOptions, accept: LinkAcceptor, onError?: AcceptFailureListener): Promise<Listener>;
}
