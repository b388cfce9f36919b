import { connect, createServer, type Socket } from 'node:net';
import { checkOptions, isOneOf, isTimer, type OptionChecks } from '../util/check-options.ts';
import { assertDialable, openSocket } from './dialling.ts';
import type { AcceptFailureListener, Carrier, DialOptions, Endpoint, Link, LinkAcceptor, Listener, ListenOptions } from './link.ts';
import { dialError, lossError } from './socket-errors.ts';
import { SocketLink, type SocketLinkOptions } from './socket-link.ts';
import { bindServer } from './socket-listening.ts';
import { type InPlaceReader, inPlaceReader, readFromEvents, rewrapForReading } from './socket-reading.ts';
import { DEFAULT_LINGER_MS, STREAM_CAPABILITIES } from './stream-capabilities.ts';

/** Options of {@link tcp}. */
export interface TcpOptions {
  /**
   * `auto` reads into the receiver's memory where Node.js can do that; `data` always copies from the chunks of Node.js.
   *
   * @default 'auto'
   */
  readonly reads?: 'auto' | 'data';
  /** Time that `close()` gives the peer to read queued bytes and to close its end, in milliseconds; then the link is aborted. @default 5_000 */
  readonly lingerMs?: number;
}

const CHECKS: OptionChecks<TcpOptions> = { reads: isOneOf('auto', 'data'), lingerMs: isTimer };

/** Plain TCP. @throws ERR_CONFIG for a bad option */
export function tcp(options: TcpOptions = {}): Carrier {
  checkOptions('tcp()', options, CHECKS);
  return new TcpCarrier(options);
}

class TcpCarrier implements Carrier {
  readonly name = 'tcp';
  readonly #inPlace: boolean;
  readonly #link: SocketLinkOptions;

  constructor({ reads = 'auto', lingerMs = DEFAULT_LINGER_MS }: TcpOptions) {
    this.#inPlace = reads === 'auto';
    this.#link = { capabilities: STREAM_CAPABILITIES, writesAtOnce: true, lingerMs, explain: lossError };
  }

  async dial(endpoint: Endpoint, accept: LinkAcceptor, options: DialOptions = {}): Promise<Link> {
    assertDialable(endpoint, options);
    const reader = this.#inPlace ? inPlaceReader() : undefined;
    const socket = connect({ host: endpoint.host, port: endpoint.port, ...(reader && { onread: reader.onread }) });
    return openSocket({
      socket,
      endpoint,
      options,
      ready: 'connect',
      toLink: () => this.#toLink(socket, accept, reader),
      explain: (error) => dialError(error, endpoint),
    });
  }

  async listen(options: ListenOptions, accept: LinkAcceptor, onError: AcceptFailureListener = ignore): Promise<Listener> {
    // A paused socket has read nothing yet, and may change its way of reading.
    const server = createServer({ pauseOnConnect: this.#inPlace }, (accepted) => this.#onAccepted(accepted, accept));
    return bindServer(server, options, onError);
  }

  #onAccepted(accepted: Socket, accept: LinkAcceptor): void {
    const reader = this.#inPlace ? inPlaceReader() : undefined;
    const socket = (reader && rewrapForReading(accepted, reader)) ?? accepted;
    this.#toLink(socket, accept, reader);
  }

  #toLink(socket: Socket, accept: LinkAcceptor, reader: InPlaceReader | undefined): Link {
    const link = new SocketLink(socket, accept, this.#link);
    if (reader?.isInstalled()) {
      reader.attach(link);
    } else {
      readFromEvents(socket, link);
      if (!link.isPaused) socket.resume();
    }
    return link;
  }
}

function ignore(): void {}
