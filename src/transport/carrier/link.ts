import type { TransportError } from '../../protocol/error/transport-error.ts';

/** Where a peer is, or where we listen. */
export interface Endpoint {
  /** Name or IP address, without brackets. */
  readonly host: string;
  readonly port: number;
}

/** What a medium can do. Upper rooms look at this, never at the carrier's name. */
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

/** Who receives what comes over a link. Every method returns at once and throws nothing. */
export interface LinkSink {
  /** Bytes came. @memory borrowed: valid during the call, then the carrier reuses them */
  onBytes(chunk: Buffer): void;
  /**
   * Asked before each read, though not always before the first: where the next bytes shall go, or null for the carrier's own buffer.
   * The carrier then calls {@link onFilled} instead of {@link onBytes}. @memory the carrier writes into it until the next read or the end of the link
   */
  readTarget(): Buffer | null;
  /** The first `count` bytes of the last {@link readTarget} were written; `count` is 1 or more. */
  onFilled(count: number): void;
  /** What was written has drained: `write` may go on after it returned false. */
  onDrain(): void;
  /**
   * The link is over, called once and never within a call of ours: null when the peer ended it or we did, else what went wrong. Nothing is
   * called afterwards.
   */
  onClose(error: TransportError | null): void;
}

/** One live pipe of bytes over a carrier. It knows no frames. */
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
   * Queues bytes. Once the link closes they are dropped, and nobody needs to wait.
   *
   * @param onWritten called once, when the medium has taken them or the link is over, perhaps before this returns: they may be reused from then on
   * @returns false when the caller should wait for `onDrain`
   * @memory given until `onWritten`
   */
  write(bytes: Uint8Array, onWritten?: () => void): boolean;
  /** Holds writes back until {@link uncork}, so that several leave together. */
  cork(): void;
  uncork(): void;
  /** Stops reading; the medium pushes back on the peer. Nothing is delivered until {@link resume}, and the end of the peer may go unseen. */
  pause(): void;
  resume(): void;
  /**
   * Writes what is queued, then ends the link. What still comes is dropped. A peer that takes nothing is given a few seconds. The end of the
   * peer does the same at our end: no link stays half open. Idempotent.
   */
  close(): void;
  /** Ends the link now. What is queued is lost. Idempotent. */
  abort(): void;
}

/** What a new link is told to deliver to. Called before the first byte is read. */
export type LinkAcceptor = (link: Link) => LinkSink;

/** How to dial. */
export interface DialOptions {
  /** Time to connect, in milliseconds, TLS handshake included. @default 30_000 */
  readonly timeoutMs?: number;
  /** Gives up dialling. */
  readonly signal?: AbortSignal;
  /** Called when the peer has accepted the connection and a handshake of the carrier's own (TLS) begins. */
  readonly onReached?: () => void;
}

/** How to listen. */
export interface ListenOptions {
  /** Address to bind. @default '127.0.0.1' */
  readonly host?: string;
  /** Port to bind; 0 takes a free one. */
  readonly port: number;
  /** Queue of connections the system has accepted and we have not. @default 511 */
  readonly backlog?: number;
}

/** A bound address. */
export interface Listener {
  /** The address and the actual port. */
  readonly endpoint: Endpoint;
  /** Stops accepting; links that exist go on. Idempotent, resolves when the port is free. */
  close(): Promise<void>;
}

/** Called for a connection that failed before it became a link. */
export type AcceptFailureListener = (error: TransportError, remote: Endpoint | null) => void;

/** A medium: can dial and listen. */
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
