import { setTimeout as sleep } from 'node:timers/promises';
import type { AnswerOf, AnyAction, ReceivedOf } from '../../protocol/action/define-action.ts';
import { TransportError, UsageError } from '../../protocol/error/transport-error.ts';
import { HeaderCache } from '../../protocol/frame/native/header-cache.ts';
import { SharedView } from '../../protocol/frame/native/shared-view.ts';
import { parseVersion, versionText } from '../../protocol/wire/version.ts';
import { type ActionMetrics, CallMetrics } from '../call/call-metrics.ts';
import { type AnyHandler, Dispatcher, type Handler, type HandlerOptions } from '../call/dispatcher.ts';
import type { ServerCallContext } from '../call/server-context.ts';
import type {
  AcceptFailureListener,
  Carrier,
  Endpoint,
  HalfOpenLink,
  HalfOpenListener,
  Link,
  LinkSink,
  Listener,
} from '../carrier/link.ts';
import { tcp } from '../carrier/tcp.ts';
import { Channel, type ChannelOptions } from '../channel/channel.ts';
import { answerHandshakes } from '../channel/handshake.ts';
import { RequestHeads } from '../../protocol/frame/native/request-head.ts';
import { PeerReleases } from '../channel/peer-releases.ts';
import { type OwnIdentity, randomNodeId } from '../channel/own-identity.ts';
import { UnreadWatch } from '../channel/unread-watch.ts';
import { SERVER_VERSIONS } from '../channel/version-policy.ts';
import { checkOptions, configError, describe } from '../util/check-options.ts';
import { type EventOf, type EventListener, Listeners } from '../util/listeners.ts';
import { SignalRegistry } from '../util/signal-registry.ts';
import { wireLimits } from '../util/wire-limits.ts';
import { ConnectionTable, type Occupant, Place } from './connection-table.ts';
import { SERVER_CHECKS, SERVER_EVENTS, type ServerEvent, type ServerOptions } from './server-options.ts';
import { StallWatch } from './stall-watch.ts';

/** Address to listen on. */
export interface ServerListenOptions {
  /** Address to bind. @default '127.0.0.1' */
  readonly host?: string;
  /** Port to bind; 0 takes a free one. */
  readonly port: number;
}

/** Options of `close()`. */
export interface CloseOptions {
  /** Time for calls in flight to finish, in milliseconds; 0 ends them at once. @default 10_000 */
  readonly drainMs?: number;
}

const DEFAULT_MAX_CONNECTIONS = 1000;
const DEFAULT_HANDSHAKE_TIMEOUT_MS = 30_000;
const DEFAULT_STALL_TIMEOUT_MS = 60_000;
const DEFAULT_DRAIN_MS = 10_000;
/** What may wait to be written on all connections together, as a multiple of what may wait on one; twice that for those on which nothing waits. */
const ROOM_OF_ALL = 1.5;
/** Upper bound on calls in flight towards one peer. */
const MAX_OUTGOING = 10_000;
/** Time for the last answers to arrive, in milliseconds: they are not ordered with the end of another channel. */
const SETTLE_MS = 50;
const DEFAULT_MAX_BUFFERED_BYTES = 64 * 1024 * 1024;

/**
 * A server: answers actions on one or more addresses. It answers handshakes by itself; every other action needs a handler.
 *
 * @example
 * const server = createServer();
 * server.handle(echo, ({ text }) => ({ text, at: Date.now() }));
 * await server.listen(9300);
 */
export class Server implements AsyncDisposable {
  /** What the server answers to handshakes. A client that acts for the same node takes it as its `identity`. */
  readonly identity: OwnIdentity;
  readonly #events: Listeners<ServerEvent>;
  readonly #carrier: Carrier;
  readonly #dispatcher: Dispatcher;
  readonly #channels = new Set<Channel>();
  readonly #table: ConnectionTable;
  /** The place of the connection whose TLS handshake ended last. */
  #lastHalfOpen: Place | null = null;
  readonly #stallWatch: StallWatch;
  readonly #listeners = new Set<Listener>();
  readonly #metrics: CallMetrics | null;
  readonly #channelOptions: ChannelOptions;
  #state: 'open' | 'closing' | 'closed' = 'open';
  #closing: Promise<void> | null = null;

  /** @throws ERR_CONFIG, ERR_USAGE */
  constructor(options: ServerOptions = {}) {
    checkOptions('a server', options, SERVER_CHECKS);
    const version = parseVersion(options.version ?? '2.19.0');
    if (version >= SERVER_VERSIONS.below)
      throw configError(`version must be older than ${versionText(SERVER_VERSIONS.below)}, got '${options.version}'`);
    this.#events = new Listeners('server', SERVER_EVENTS, options.onEvent);
    this.#carrier = options.carrier ?? tcp();
    const { maxConnections = DEFAULT_MAX_CONNECTIONS, maxConnectionsPerHost = Number.POSITIVE_INFINITY } = options;
    this.#table = new ConnectionTable({ maxConnections, maxConnectionsPerHost });
    const { maxBufferedBytes = DEFAULT_MAX_BUFFERED_BYTES } = options;
    const { handshakeTimeoutMs = DEFAULT_HANDSHAKE_TIMEOUT_MS, stallTimeoutMs = DEFAULT_STALL_TIMEOUT_MS } = options;
    this.#stallWatch = new StallWatch({ handshakeTimeoutMs, stallTimeoutMs }, this.#channels, ({ attachment }) =>
      this.#table.look(attachment as Place),
    );
    this.#dispatcher = new Dispatcher(options.interceptors, options);
    this.identity = {
      nodeName: options.nodeName ?? 'opensearch-transport',
      clusterName: options.clusterName ?? 'opensearch',
      nodeId: options.identity?.nodeId ?? randomNodeId(),
      ephemeralId: options.identity?.ephemeralId ?? randomNodeId(),
      version,
    };
    this.#metrics = options.metrics === true ? new CallMetrics() : null;
    this.#channelOptions = {
      role: 'accepted',
      several: false,
      limits: wireLimits(options.limits),
      headers: new HeaderCache(),
      views: new SharedView(),
      heads: new RequestHeads(),
      releases: new PeerReleases(),
      signals: new SignalRegistry(),
      dispatcher: this.#dispatcher,
      nodeName: this.identity.nodeName,
      version,
      maxInFlight: MAX_OUTGOING,
      maxBufferedBytes,
      unread: new UnreadWatch(stallTimeoutMs, ROOM_OF_ALL * maxBufferedBytes),
      incomingMetrics: this.#metrics,
      outgoingMetrics: null,
      observer: {
        onChannelClosed: (channel, error) => this.#onChannelClosed(channel, error),
        onHandshake: ({ attachment }) => {
          if (attachment instanceof Place) this.#table.onHandshake(attachment);
        },
        onHandlerError: (action, error) => this.#events.emit({ type: 'handlerFailed', action, error }),
      },
    };
    answerHandshakes(this.#dispatcher, this.identity);
  }

  /** Names of the actions that have a handler, those of the handshakes included. */
  get actions(): readonly string[] {
    return this.#dispatcher.actions;
  }

  /** Counts and durations of requests by action; empty unless the server was made with `metrics: true`. */
  get metrics(): readonly ActionMetrics[] {
    return this.#metrics?.snapshot() ?? [];
  }

  /** Number of open connections. */
  get connections(): number {
    return this.#channels.size;
  }

  /** @internal Its open connections, the oldest first. */
  get channels(): ReadonlySet<Channel> {
    return this.#channels;
  }

  /** Number of requests that are served or wait. */
  get inFlight(): number {
    return this.#dispatcher.inFlight;
  }

  /**
   * Adds a listener of one type of event. Several may be added; one that throws, or whose promise rejects, causes a process warning and nothing else.
   *
   * @example server.on('channelRefused', ({ remote, error }) => console.log(remote, error.message));
   * @throws ERR_USAGE for an unknown type of event
   */
  on<Type extends ServerEvent['type']>(type: Type, listener: EventListener<EventOf<ServerEvent, Type>>): this {
    this.#events.add(type, listener);
    return this;
  }

  /** Removes a listener that {@link on} added. @throws ERR_USAGE for an unknown type of event */
  off<Type extends ServerEvent['type']>(type: Type, listener: EventListener<EventOf<ServerEvent, Type>>): this {
    this.#events.remove(type, listener);
    return this;
  }

  /**
   * Registers the handler of an action. Names such as `status: 'GREEN'` need no annotation in its answer.
   *
   * @param handler as {@link Handler}
   * @throws ERR_DUPLICATE_ACTION when the name is taken
   */
  handle<A extends AnyAction, const Answer extends AnswerOf<A>>(
    action: A,
    handler: (request: ReceivedOf<A>, context: ServerCallContext) => Answer | Promise<Answer>,
    options: HandlerOptions = {},
  ): this {
    this.#dispatcher.handle(action, handler as Handler<A>, options);
    return this;
  }

  /**
   * Registers the handler of every action that has none: bytes in, bytes out.
   *
   * @example server.handleOthers((body, { action }) => Buffer.from(`${action}: ${body.length} bytes`));
   * @throws ERR_DUPLICATE_ACTION if there is one, ERR_USAGE if it is not a function, ERR_CONFIG for a bad option
   */
  handleOthers(handler: AnyHandler, options: HandlerOptions = {}): this {
    this.#dispatcher.handleOthers(handler, options);
    return this;
  }

  /**
   * Binds an address; may be called for several.
   *
   * @param where a port of 127.0.0.1, or host and port
   * @returns the address with the actual port
   * @throws ERR_ADDRESS_IN_USE, ERR_CONFIG (this machine does not have the address), ERR_DIAL, ERR_USAGE, ERR_CLOSED
   */
  async listen(where: number | ServerListenOptions): Promise<Endpoint> {
    if (this.#state !== 'open') throw new UsageError('ERR_CLOSED', {}, 'the server is closed');
    const options = typeof where === 'number' ? { port: where } : where;
    if (typeof options !== 'object' || options === null) {
      throw new UsageError('ERR_USAGE', {}, `listen() must be given a port or { host, port }, got ${describe(where)}`);
    }
    const onRefused: AcceptFailureListener = (error, remote) => this.#events.emit({ type: 'channelRefused', remote, error });
    const listener = await this.#carrier.listen({ ...options, onHalfOpen: this.#onHalfOpen }, this.#accept, onRefused);
    if (this.#state !== 'open') {
      await listener.close();
      throw new UsageError('ERR_CLOSED', {}, 'the server was closed before it could listen');
    }
    this.#listeners.add(listener);
    return listener.endpoint;
  }

  readonly #accept = (link: Link): LinkSink => {
    const channel = new Channel(link, this.#channelOptions);
    const refusal = this.#refusal(link.remote);
    if (refusal !== null) {
      channel.abort();
      this.#events.emit({ type: 'channelRefused', remote: link.remote, error: refusal });
      return channel;
    }
    this.#channels.add(channel);
    channel.attachment = this.#table.add(channel, this.#numberOf(link.remote));
    this.#stallWatch.onAdded();
    this.#events.emit({ type: 'channelOpened', remote: link.remote });
    return channel;
  };

  /** A connection whose TLS handshake goes on takes a place, too. */
  readonly #onHalfOpen: HalfOpenListener = (halfOpen) => {
    const refusal = this.#refusal(halfOpen.remote);
    if (refusal !== null) {
      halfOpen.abort(refusal);
      return () => undefined;
    }
    const over = (): void => {
      this.#table.remove(place);
      this.#lastHalfOpen = place;
    };
    const place = this.#table.add(silentOccupant(halfOpen, over));
    return over;
  };

  /** Returns the number of the place that a connection had during its TLS handshake, which ended just now; undefined if it had none. */
  #numberOf({ host, port }: Endpoint): number | undefined {
    const last = this.#lastHalfOpen;
    this.#lastHalfOpen = null;
    return last?.occupant.remote.host === host && last.occupant.remote.port === port ? last.number : undefined;
  }

  /** Returns why a new connection cannot be taken; null if it can. A listener that is told of one that makes way may close the server. */
  #refusal({ host }: Endpoint): TransportError | null {
    return this.#closedError() ?? this.#table.makeRoom(host) ?? this.#closedError();
  }

  #closedError(): TransportError | null {
    return this.#state === 'open' ? null : new TransportError('ERR_CLOSED', {}, 'the server is closing and takes no more connections');
  }

  #onChannelClosed(channel: Channel, error: TransportError | null): void {
    if (!this.#channels.delete(channel)) return;
    this.#table.remove(channel.attachment as Place);
    this.#stallWatch.onRemoved(channel);
    this.#events.emit({ type: 'channelClosed', remote: channel.remote, error });
  }

  /** Stops listening, waits for requests in flight, then closes every connection. Idempotent. */
  close({ drainMs = DEFAULT_DRAIN_MS }: CloseOptions = {}): Promise<void> {
    this.#closing ??= this.#drain(drainMs);
    return this.#closing;
  }

  async #drain(drainMs: number): Promise<void> {
    this.#state = 'closing';
    const listeners = [...this.#listeners].map((listener) => listener.close());
    // All channels become idle before any is closed: a node that loses one channel of a connection closes the others, with the calls on them.
    const wasBusy = [...this.#channels].some(({ busyCount }) => busyCount > 0);
    await Promise.all([...this.#channels].map((channel) => channel.drain(drainMs)));
    if (wasBusy && drainMs > 0) await sleep(SETTLE_MS);
    await Promise.all([...this.#channels].map((channel) => channel.close(0)));
    await Promise.all(listeners);
    this.#stallWatch.stop();
    this.#channelOptions.signals.clear();
    this.#state = 'closed';
  }

  /** Closes every connection now; requests in flight are lost. Idempotent. */
  abort(): void {
    for (const channel of this.#channels) channel.abort();
    void this.close({ drainMs: 0 });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** A connection that has sent nothing yet. @param over called when it is made to end */
function silentOccupant(halfOpen: HalfOpenLink, over: () => void): Occupant {
  const abort = (error: TransportError): void => {
    over();
    halfOpen.abort(error);
  };
  return {
    remote: halfOpen.remote,
    receivedCount: 0,
    pingCount: 0,
    receivedBytes: 0,
    isWorking: false,
    awaitsRest: false,
    bufferedBytes: 0,
    abort,
  };
}

/** Makes a server; see {@link Server}. @throws ERR_CONFIG, ERR_USAGE */
export function createServer(options: ServerOptions = {}): Server {
  return new Server(options);
}
