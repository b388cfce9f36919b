import { setMaxListeners } from 'node:events';
import type { Purpose } from '../../protocol/action/define-action.ts';
import { ConnectionLostError, DialError, HandshakeError, TransportError } from '../../protocol/error/transport-error.ts';
import { debug } from '../call/debug-log.ts';
import { formatEndpoint } from '../carrier/endpoint.ts';
import type { Carrier, Endpoint, Link } from '../carrier/link.ts';
import { clientCertificateRefused } from '../carrier/client-certificate.ts';
import type { Channel } from '../channel/channel.ts';
import { type HandshakeOptions, type PeerIdentity, shakeHands } from '../channel/handshake.ts';
import { NODE_CHANNELS } from '../channel/node-channels.ts';
import type { KeepAlive } from '../channel/keep-alive.ts';
import { type BackOffOptions, backOffMs, DEFAULT_BASE_WAIT_MS, DEFAULT_MAX_WAIT_MS } from '../util/back-off.ts';

/** State of a connection. It changes in one function. */
export type ConnectionState = 'idle' | 'connecting' | 'open' | 'waiting' | 'closed';

/**
 * Repeated attempts to reach a node that was lost or could not be reached. A call that no other node can serve brings the next attempt forward, to
 * `baseMs` after the last one.
 */
export interface ReconnectOptions extends BackOffOptions {
  /** Attempts in a row before the client stops and waits for a call to ask for the node. @default Infinity */
  readonly attempts?: number;
}

const DEFAULT_ATTEMPTS = Number.POSITIVE_INFINITY;

/** Options that the connections of one client share. */
export interface ConnectionOptions {
  readonly carrier: Carrier;
  readonly plan: readonly Purpose[];
  readonly handshake: Omit<HandshakeOptions, 'signal'>;
  readonly connectTimeoutMs: number;
  readonly reconnect: ReconnectOptions | false;
  /** Pings the channels while they are open. */
  readonly keepAlive: Pick<KeepAlive, 'add' | 'remove'>;
  /** Makes the channel of a new link. */
  readonly createChannel: (link: Link) => Channel;
  readonly onState: (connection: Connection, state: ConnectionState, error: TransportError | null) => void;
}

/** The channels to one node, opened together and closed together, as OpenSearch does it. */
export class Connection {
  readonly endpoint: Endpoint;
  readonly #options: ConnectionOptions;
  #state: ConnectionState = 'idle';
  #channels: Channel[] = [];
  /** The channels that are in turn: all of them, or none while the node is suspected. */
  #byPurpose: ChannelsByPurpose = NO_CHANNELS;
  #allByPurpose: ChannelsByPurpose = NO_CHANNELS;
  #suspectCount = 0;
  #turn = 0;
  #attempt = 0;
  /** Time from which an idle connection may be revived, in milliseconds of `performance.now`. */
  #restUntil = Number.POSITIVE_INFINITY;
  #opening: Promise<void> | null = null;
  #abandon: AbortController | null = null;
  #retry: NodeJS.Timeout | null = null;
  /** Time of the last failure, and time of the next attempt, in milliseconds of `performance.now`. */
  #failedAt = 0;
  #dueAt = 0;
  #peer: PeerIdentity | null = null;
  /** A link is up, so the time goes into a handshake: that of TLS, or that of the protocol. */
  #isReached = false;
  #wake: (() => void) | null = null;

  constructor(endpoint: Endpoint, options: ConnectionOptions) {
    this.endpoint = endpoint;
    this.#options = options;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Identity of the node from its handshake, while the connection is open. */
  get peer(): PeerIdentity | null {
    return this.#peer;
  }

  /** Whether the peer accepted a connection and its handshakes have not ended. */
  get isShakingHands(): boolean {
    return this.#state === 'connecting' && this.#isReached;
  }

  get channels(): readonly Channel[] {
    return this.#channels;
  }

  /**
   * Returns the next channel for a purpose, in turn; null unless the connection is open and its node answers. Small messages made together share a write: the
   * turn goes on once the channel has flushed.
   */
  // hot: call
  channelFor(purpose: Purpose): Channel | null {
    const channels = this.#byPurpose[purpose];
    const count = channels.length;
    if (count === 0) return null;
    if (count === 1) return channels[0] as Channel;
    const current = channels[(this.#turn >>> 0) % count] as Channel;
    if (current.isGathering) return current;
    this.#turn = (this.#turn + 1) | 0;
    return channels[(this.#turn >>> 0) % count] as Channel;
  }

  /** Returns a channel for a purpose although the node may be suspected; null unless the connection is open. */
  suspectedChannelFor(purpose: Purpose): Channel | null {
    const channels = this.#allByPurpose[purpose];
    this.#turn = (this.#turn + 1) | 0;
    return channels[(this.#turn >>> 0) % channels.length] ?? null;
  }

  /**
   * Resolves when the connection is open. All callers share one attempt, and while it is delayed they wait for it.
   *
   * @throws what the attempt failed with: ERR_DIAL, ERR_DEADLINE, ERR_HANDSHAKE, ERR_VERSION, ERR_TLS, ERR_CERT_UNTRUSTED, ERR_CLUSTER_MISMATCH
   */
  open(): Promise<void> {
    if (this.#state === 'open') return Promise.resolve();
    if (this.#state === 'closed') return Promise.reject(this.#closedError());
    if (this.#opening === null) {
      this.#attempt = 0;
      this.#begin();
    }
    if (this.#state === 'waiting') this.#hurry();
    return this.#opening as Promise<void>;
  }

  /** Brings the next attempt forward for a caller that waits, but not closer than `baseMs` to the last one. The process does not end before it. */
  #hurry(): void {
    const { reconnect } = this.#options;
    const { baseMs = DEFAULT_BASE_WAIT_MS } = reconnect === false ? {} : reconnect;
    const earliest = this.#failedAt + baseMs;
    if (earliest < this.#dueAt) this.#wakeAt(earliest);
    this.#retry?.ref();
  }

  #wakeAt(dueAt: number): void {
    this.#dueAt = dueAt;
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#wake?.(), Math.max(0, dueAt - performance.now())).unref();
  }

  /** Starts one more attempt if `attempts` were used up at least `maxMs` ago. Calls go to other nodes meanwhile. */
  revive(): void {
    if (this.#state !== 'idle' || performance.now() < this.#restUntil) return;
    this.#restUntil = Number.POSITIVE_INFINITY;
    this.#begin();
  }

  #begin(): void {
    this.#connectAfter(Promise.resolve());
  }

  /** Registers the attempt before any listener is called: a listener may make a call at once. */
  #connectAfter(wait: Promise<void>): void {
    const opening = wait.then(() => {
      if (this.#state === 'closed') throw this.#closedError();
      return this.#connect();
    });
    this.#opening = opening;
    opening.catch(() => undefined);
  }

  async #connect(): Promise<void> {
    this.#isReached = false;
    const abandon = new AbortController();
    // Every dial adds a listener, and Node.js warns of a leak above ten.
    setMaxListeners(0, abandon.signal);
    this.#abandon = abandon;
    // A listener may close the client.
    this.#become('connecting', null);
    try {
      abandon.signal.throwIfAborted();
      await this.#dialAll(abandon.signal);
      if (this.#state !== 'connecting') throw this.#closedError();
    } catch (error) {
      const failure = this.state === 'closed' ? this.#closedError() : TransportError.from(error, 'ERR_DIAL');
      // Links that are still being dialled would have no owner.
      abandon.abort(failure);
      this.#dropChannels(failure);
      this.#opening = null;
      if (this.#state === 'connecting') this.#retryLater(failure);
      throw failure;
    }
    this.#opening = null;
    this.#attempt = 0;
    this.#become('open', null);
  }

  async #dialAll(signal: AbortSignal): Promise<void> {
    const { carrier, plan, connectTimeoutMs, handshake, createChannel, keepAlive } = this.#options;
    const channels: Channel[] = [];
    const onReached = (): void => {
      this.#isReached = true;
    };
    const dials = plan.map(async (_purpose, index) => {
      return carrier.dial(
        this.endpoint,
        (link) => {
          onReached();
          const channel = createChannel(link);
          channels[index] = channel;
          this.#channels.push(channel);
          channel.attachment = this;
          return channel;
        },
        { timeoutMs: connectTimeoutMs, signal, onReached },
      );
    });
    const [link] = (await Promise.all(dials)) as [Link];
    const [first] = channels as [Channel];
    const peer = await shakeHands(first, { ...handshake, signal }).catch((error: unknown) => {
      throw refusedCertificate(link, first, error) ?? error;
    });
    // A server excuses so many silent channels for each handshake, and no more. In turn, because each one writes into memory of its own.
    for (let index = NODE_CHANNELS; index < channels.length; index += NODE_CHANNELS)
      await shakeHands(channels[index] as Channel, { ...handshake, signal });
    for (const channel of channels) {
      if (channel.state !== 'open')
        throw new DialError('ERR_DIAL', {}, `${formatEndpoint(this.endpoint)} closed one of several channels while connecting`);
      channel.agree(first.streamVersion, first.peerVersion);
      keepAlive.add(channel);
    }
    this.#peer = peer;
    this.#allByPurpose = groupByPurpose(channels, plan);
    this.#byPurpose = this.#allByPurpose;
  }

  /** One of the channels does not answer pings, or does again. Calls go to other nodes until all of them do. */
  onSuspect(isSuspected: boolean): void {
    if (this.#state !== 'open') return;
    this.#suspectCount += isSuspected ? 1 : -1;
    this.#byPurpose = this.#suspectCount > 0 ? NO_CHANNELS : this.#allByPurpose;
    if (debug.enabled) debug('node %s %s', formatEndpoint(this.endpoint), isSuspected ? 'does not answer a ping' : 'answers again');
  }

  /** Closes the other channels when one of them has ended. */
  onChannelClosed(error: TransportError | null): void {
    if (this.#state !== 'open') return;
    this.#dropChannels(error);
    this.#retryLater(error);
  }

  #dropChannels(error: TransportError | null): void {
    const channels = this.#channels;
    this.#channels = [];
    this.#forgetChannels();
    this.#peer = null;
    for (const channel of channels) {
      this.#options.keepAlive.remove(channel);
      // Report one loss once.
      channel.attachment = null;
      channel.abort(error);
    }
  }

  /** No channel is in turn from here on. */
  #forgetChannels(): void {
    this.#byPurpose = NO_CHANNELS;
    this.#allByPurpose = NO_CHANNELS;
    this.#suspectCount = 0;
  }

  /** Schedules the next attempt after a failure, unless `attempts` are used up. */
  #retryLater(error: TransportError | null): void {
    const { reconnect } = this.#options;
    if (reconnect === false || this.#attempt >= (reconnect.attempts ?? DEFAULT_ATTEMPTS)) {
      if (reconnect !== false) this.#restUntil = performance.now() + (reconnect.maxMs ?? DEFAULT_MAX_WAIT_MS);
      this.#become('idle', error);
      return;
    }
    const waitMs = backOffMs(this.#attempt++, reconnect);
    // `random` is a function of the user, who may have closed the client in it.
    if (this.state === 'closed') return;
    this.#failedAt = performance.now();
    this.#connectAfter(new Promise<void>((resolve) => (this.#wake = resolve)));
    this.#wakeAt(this.#failedAt + waitMs);
    this.#become('waiting', error);
  }

  /** Takes no more calls, waits at most `drainMs` for those in flight, closes every channel. Idempotent. */
  async close(drainMs: number): Promise<void> {
    const channels = this.#channels;
    this.#stop();
    await Promise.all(channels.map((channel) => channel.close(drainMs)));
  }

  /** Closes every channel now. Idempotent. */
  abort(): void {
    const channels = this.#channels;
    this.#stop();
    for (const channel of channels) channel.abort();
  }

  #stop(): void {
    if (this.#state === 'closed') return;
    this.#forgetChannels();
    this.#become('closed', null);
    for (const channel of this.#channels) this.#options.keepAlive.remove(channel);
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#wake?.();
    this.#abandon?.abort(this.#closedError());
  }

  #closedError(): TransportError {
    return new ConnectionLostError('ERR_CLOSED', { delivery: 'not-sent' }, `the client of ${formatEndpoint(this.endpoint)} is closed`);
  }

  #become(state: ConnectionState, error: TransportError | null): void {
    this.#state = state;
    this.#options.onState(this, state, error);
  }
}

/** Returns why a handshake failed if the peer most likely refused a client certificate: in TLS 1.3 it does so when the link is up already. */
function refusedCertificate({ shownCertificate, remote }: Link, { receivedCount }: Channel, error: unknown): TransportError | null {
  if (shownCertificate === undefined || receivedCount > 0) return null;
  if (!(error instanceof HandshakeError && error.code === 'ERR_HANDSHAKE' && error.cause instanceof ConnectionLostError)) return null;
  return clientCertificateRefused(formatEndpoint(remote), shownCertificate, null, error);
}

type ChannelsByPurpose = Readonly<Record<Purpose, readonly Channel[]>>;

const NO_CHANNELS: ChannelsByPurpose = { recovery: [], bulk: [], reg: [], state: [], ping: [] };

function groupByPurpose(channels: readonly Channel[], plan: readonly Purpose[]): ChannelsByPurpose {
  const of = (purpose: Purpose): readonly Channel[] => channels.filter((_channel, index) => plan[index] === purpose);
  const reg = of('reg');
  const orReg = (purpose: Purpose): readonly Channel[] => (plan.includes(purpose) ? of(purpose) : reg);
  return { recovery: orReg('recovery'), bulk: orReg('bulk'), reg, state: orReg('state'), ping: orReg('ping') };
}
