import { formatEndpoint } from '../../transport/carrier/endpoint.ts';
import type { Carrier, Endpoint, Link, LinkAcceptor, LinkSink, Listener, ListenOptions } from '../../transport/carrier/link.ts';
import type { TransportError } from '../../protocol/error/transport-error.ts';
import type { ConversationEvent } from '../conversation/conversation-event.ts';
import { Dissector, type DissectOptions } from '../dissect/dissector.ts';
import { ObservedDirection } from './observed-direction.ts';

/** How a proxy observes connections. */
export interface ObservingProxyOptions extends DissectOptions {
  /** Carries the bytes on both sides. A carrier that encrypts shows nothing: use tcp(). */
  readonly carrier: Carrier;
  /** Where the proxy accepts connections. */
  readonly listen: ListenOptions;
  /** Where it passes them on to. */
  readonly target: Endpoint;
  /** Receives every event of both directions, in the order in which bytes pass. */
  readonly onEvent: (event: ConversationEvent) => void;
  /** Told of a connection that could not be passed on, or that broke. `connection` counts from 1. */
  readonly onError: (error: TransportError, connection: number) => void;
}

/** A proxy that is running. */
export interface ObservingProxy {
  /** Where it listens, with the actual port. */
  readonly endpoint: Endpoint;
  /** Stops accepting and ends every connection. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts a proxy that passes bytes on as they are and decodes what passes. A slow end slows the other one down; a frame is held until it is complete.
 *
 * @throws what listening throws
 * @example
 * const proxy = await observingProxy({ carrier: tcp(), listen: { port: 4500 }, target: { host: '127.0.0.1', port: 4501 }, actions, onEvent, onError });
 */
export async function observingProxy(options: ObservingProxyOptions): Promise<ObservingProxy> {
  const { carrier, listen, onError } = options;
  const dissector = new Dissector(options);
  const pairs = new Set<LinkPair>();
  let connections = 0;
  const listener: Listener = await carrier.listen(
    listen,
    (link) => {
      const pair = new LinkPair(++connections, link, options, dissector, () => pairs.delete(pair));
      pairs.add(pair);
      return pair.accepted;
    },
    (error) => onError(error, connections),
  );
  return {
    endpoint: listener.endpoint,
    close: async () => {
      for (const pair of pairs) pair.abort();
      await listener.close();
    },
  };
}

/** A connection and the one that it is passed on by. */
class LinkPair {
  readonly accepted: LinkSink;
  readonly #dialling = new AbortController();
  readonly #in: Link;
  #out: Link | null = null;
  readonly #onOver: () => void;
  readonly #observed: readonly [ObservedDirection, ObservedDirection];

  constructor(connection: number, link: Link, options: ObservingProxyOptions, dissector: Dissector, onOver: () => void) {
    const { carrier, target, onEvent, onError } = options;
    this.#in = link;
    this.#onOver = onOver;
    const observed = { connection, dissector, onEvent };
    this.#observed = ObservedDirection.pair(observed, formatEndpoint(link.remote), formatEndpoint(target));
    const [asked, answered] = this.#observed;
    const fail = (error: TransportError): void => onError(error, connection);
    this.accepted = passing(
      link,
      () => this.#out,
      asked,
      (error) => this.#end(error, fail),
    );
    const accept: LinkAcceptor = (out) =>
      passing(
        out,
        () => this.#in,
        answered,
        (error) => this.#end(error, fail),
      );
    // Nothing is read before there is somewhere to pass it on to.
    link.pause();
    carrier.dial(target, accept, { signal: this.#dialling.signal }).then(
      (out) => {
        if (this.#dialling.signal.aborted) return out.abort();
        this.#out = out;
        link.resume();
      },
      (error: TransportError) => {
        if (!this.#dialling.signal.aborted) this.#end(error, fail);
        link.abort();
      },
    );
  }

  abort(): void {
    this.#end(null, () => {});
    this.#in.abort();
    this.#out?.abort();
  }

  /** One end is over: so is the other. */
  #end(error: TransportError | null, fail: (error: TransportError) => void): void {
    if (this.#dialling.signal.aborted) return;
    this.#dialling.abort();
    if (error !== null) fail(error);
    for (const observed of this.#observed) observed.end();
    this.#in.close();
    this.#out?.close();
    this.#onOver();
  }
}

/** Passes what arrives on a link to the other one, which slows it down when it is full. */
function passing(
  link: Link,
  otherOf: () => Link | null,
  observed: ObservedDirection,
  onClose: (error: TransportError | null) => void,
): LinkSink {
  return {
    onBytes: (chunk) => {
      observed.push(chunk);
      if (otherOf()?.write(Buffer.from(chunk)) === false) link.pause();
    },
    readTarget: () => null,
    onFilled: () => {},
    onDrain: () => otherOf()?.resume(),
    onClose,
  };
}
