import { isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect, createServer, type TLSSocket } from 'node:tls';
import { assertDialable, openSocket } from './dialling.ts';
import type { AcceptFailureListener, Carrier, DialOptions, Endpoint, Link, LinkAcceptor, Listener, ListenOptions } from './link.ts';
import { endpointOf, SocketLink, type SocketLinkOptions } from './socket-link.ts';
import { bindServer } from './socket-listening.ts';
import { readFromEvents } from './socket-reading.ts';
import { DEFAULT_LINGER_MS, SECURE_STREAM_CAPABILITIES } from './stream-capabilities.ts';
import { HalfOpenSockets, socketBelow } from './tls-half-open.ts';
import { describeCertificate, type DialProgress, tlsAcceptError, tlsDialError, tlsLossError } from './tls-errors.ts';
import { assertCanListen, type TlsIdentity, type TlsOptions, toIdentity } from './tls-options.ts';

const DEFAULT_HANDSHAKE_TIMEOUT_MS = 5_000;

/**
 * TLS over TCP.
 *
 * @example tls({ ca: readFileSync('root-ca.pem'), cert: readFileSync('node.pem'), key: readFileSync('node-key.pem') })
 * @throws ERR_CONFIG when certificates or keys cannot be used
 */
export function tls(options: TlsOptions = {}): Carrier {
  return new TlsCarrier(options);
}

class TlsCarrier implements Carrier {
  readonly name = 'tls';
  readonly #options: TlsOptions;
  readonly #identity: TlsIdentity;
  readonly #link: SocketLinkOptions;

  constructor(options: TlsOptions) {
    this.#options = options;
    this.#identity = toIdentity(options);
    this.#link = {
      capabilities: SECURE_STREAM_CAPABILITIES,
      writesAtOnce: false,
      lingerMs: options.lingerMs ?? DEFAULT_LINGER_MS,
      explain: tlsLossError,
    };
  }

  async dial(endpoint: Endpoint, accept: LinkAcceptor, options: DialOptions = {}): Promise<Link> {
    assertDialable(endpoint, options);
    const socket = connect(this.#connectOptions(endpoint));
    const progress = watch(socket, options.onReached);
    return openSocket({
      socket,
      endpoint,
      options,
      ready: 'secureConnect',
      toLink: () => this.#toLink(socket, accept, dialledOptions(this.#link, progress)),
      explain: (error) => {
        noteRequest(socket, progress);
        return tlsDialError(error, endpoint, socket, progress);
      },
    });
  }

  async listen(options: ListenOptions, accept: LinkAcceptor, onError: AcceptFailureListener = ignore): Promise<Listener> {
    assertCanListen(this.#options);
    const { mutual = false, handshakeTimeoutMs = DEFAULT_HANDSHAKE_TIMEOUT_MS } = this.#options;
    const server = createServer({
      ...this.#identity.contextOptions,
      requestCert: mutual,
      rejectUnauthorized: mutual,
      handshakeTimeout: handshakeTimeoutMs,
    });
    const halfOpen = new HalfOpenSockets(handshakeTimeoutMs, options.onHalfOpen);
    server.on('connection', (accepted: Socket) => halfOpen.add(accepted));
    server.on('secureConnection', (socket) => {
      halfOpen.over(socket);
      if (server.listening) this.#toLink(socket, accept);
      else socket.destroy();
    });
    server.on('tlsClientError', (error, socket) => {
      const remote = peerOf(socket);
      const reason = halfOpen.over(socket) ?? tlsAcceptError(error, remote, socket);
      if (server.listening) onError(reason, remote);
      socket.destroy();
    });
    const listener = await bindServer(server, options, onError);
    const close = (): Promise<void> => {
      const closed = listener.close();
      halfOpen.destroyAll();
      return closed;
    };
    return { endpoint: listener.endpoint, close };
  }

  #connectOptions({ host, port }: Endpoint): ConnectionOptions {
    const { servername, rejectUnauthorized = true, checkServerIdentity } = this.#options;
    // An IP address is not a server name: it is compared with the addresses in the certificate.
    const name = servername ?? (isIP(host) === 0 ? host : undefined);
    return {
      host,
      port,
      secureContext: this.#identity.context,
      rejectUnauthorized,
      ...(name !== undefined && { servername: name }),
      ...(checkServerIdentity && { checkServerIdentity }),
    };
  }

  #toLink(socket: TLSSocket, accept: LinkAcceptor, options: SocketLinkOptions = this.#link): Link {
    const link = new SocketLink(socket, accept, options);
    readFromEvents(socket, link);
    return link;
  }
}

/** Notes what an error will not tell: when Node.js refuses a certificate it destroys the socket, and the certificate with it. */
function watch(socket: TLSSocket, onReached: (() => void) | undefined): DialProgress {
  const progress: DialProgress = { reached: false, certificate: null, isAsked: false, shown: null };
  socket.once('connect', () => {
    progress.reached = true;
    onReached?.();
  });
  socket.prependOnceListener('secure', () => {
    progress.certificate = socket.getPeerCertificate();
    noteRequest(socket, progress);
  });
  // In TLS 1.2 a server that refuses a certificate ends the connection before the client is done.
  socket.prependOnceListener('end', () => noteRequest(socket, progress));
  return progress;
}

/** Notes whether the peer asked for a client certificate: only then a client shares signature algorithms with it. A destroyed socket tells nothing. */
function noteRequest(socket: TLSSocket, progress: DialProgress): void {
  const algorithms = socket.getSharedSigalgs() as readonly string[] | null;
  if (!Array.isArray(algorithms)) return;
  progress.isAsked = algorithms.length > 0;
  progress.shown = describeCertificate(socket.getCertificate());
}

function dialledOptions(options: SocketLinkOptions, { isAsked, shown }: DialProgress): SocketLinkOptions {
  if (!isAsked) return options;
  return { ...options, shownCertificate: shown, explain: (error, remote, isSilent) => tlsLossError(error, remote, isSilent, shown) };
}

/** Returns the address of a peer. A destroyed TLS socket has lost it; the socket below still has it. */
function peerOf(socket: TLSSocket): Endpoint {
  const below = socketBelow(socket);
  return endpointOf(socket.remoteAddress ?? below?.remoteAddress, socket.remotePort ?? below?.remotePort);
}

function ignore(): void {}
