import type { AnswerOf, AnyAction, Purpose, ReceivedOf, RequestOf, ResponseOf } from '../../protocol/action/define-action.ts';
import { NO_TASK } from '../../protocol/codec/task-id.ts';
import { HeaderCache } from '../../protocol/frame/native/header-cache.ts';
import { SharedView } from '../../protocol/frame/native/shared-view.ts';
import type { RequestHeaders } from '../../protocol/frame/native/variable-header.ts';
import { type CallOptions, compose, type Service } from '../call/call.ts';
import { type ActionMetrics, CallMetrics } from '../call/call-metrics.ts';
import { publishUnconnectedCall } from '../call/diagnostics.ts';
import { type AnyHandler, Dispatcher, type Handler, type HandlerOptions } from '../call/dispatcher.ts';
import type { ServerCallContext } from '../call/server-context.ts';
import { isAction, notAnAction, wrongCall } from '../call/wrong-call.ts';
import { DEFAULT_TRANSPORT_PORT, parseEndpoint } from '../carrier/endpoint.ts';
import type { Endpoint } from '../carrier/link.ts';
import { tcp } from '../carrier/tcp.ts';
import { Channel, type ChannelOptions } from '../channel/channel.ts';
import { answerHandshakes } from '../channel/handshake.ts';
import { KeepAlive } from '../channel/keep-alive.ts';
import { UsageError } from '../../protocol/error/transport-error.ts';
import { RequestHeads } from '../../protocol/frame/native/request-head.ts';
import { badTimeout, cancelledBeforeSending } from '../channel/outgoing-calls.ts';
import { type SendOptions, sendOptions } from '../channel/send-options.ts';
import { PeerReleases } from '../channel/peer-releases.ts';
import type { OwnIdentity } from '../channel/own-identity.ts';
import { closeUnsent } from '../channel/unsent-source.ts';
import { UnreadWatch } from '../channel/unread-watch.ts';
import type { VersionPolicy } from '../channel/version-policy.ts';
import { type EventOf, type EventListener, Listeners } from '../util/listeners.ts';
import { SignalRegistry } from '../util/signal-registry.ts';
import { mayBeIgnored } from '../util/user-code.ts';
import { wireLimits } from '../util/wire-limits.ts';
import { checkClientOptions, type ClientNumbers, identityOf, toClientOptions, versionsOf } from './check-client-options.ts';
import { CLIENT_EVENTS, type ClientCallContext, type ClientEvent, type ClientOptions } from './client-options.ts';
import { Connection } from './connection.ts';
import { InterceptedCalls } from './intercepted-calls.ts';
import { channelPlan } from './connection-profile.ts';
import { NodePool, type NodeStatus } from './node-pool.ts';

const DEFAULT_DRAIN_MS = 10_000;

/**
 * A client: calls actions on OpenSearch nodes, or on any server of this protocol. It connects with the first call.
 *
 * @example
 * await using client = createClient('127.0.0.1:9300');
 * const health = await client.call(cluster.health, { level: 'INDICES' });
 */
export class Client implements AsyncDisposable {
  /** What the client answers when a peer asks it for a handshake. */
  readonly identity: OwnIdentity;
  readonly #options: ClientOptions;
  readonly #numbers: ClientNumbers;
  readonly #plain: SendOptions;
  readonly #versions: VersionPolicy;
  readonly #plan: readonly Purpose[];
  readonly #nodes: NodePool;
  readonly #keepAlive: KeepAlive;
  readonly #metrics: CallMetrics | null;
  readonly #dispatcher: Dispatcher;
  readonly #channelOptions: ChannelOptions;
  readonly #service: Service<ClientCallContext> | null;
  readonly #intercepted: InterceptedCalls;
  readonly #listeners: Listeners<ClientEvent>;
  #closing: Promise<void> | null = null;

  /** @throws ERR_CONFIG, ERR_BAD_ENDPOINT */
  constructor(options: ClientOptions) {
    this.#numbers = checkClientOptions(options);
    this.#options = options;
    this.#listeners = new Listeners('client', CLIENT_EVENTS, options.onEvent);
    this.#plain = { headers: null, parentTask: NO_TASK, compress: options.compress ?? false, onResponseHeaders: null };
    this.#versions = versionsOf(options);
    this.identity = identityOf(options, this.#versions.own);
    this.#dispatcher = new Dispatcher(options.serve?.interceptors, options.serve);
    answerHandshakes(this.#dispatcher, this.identity);
    this.#plan = channelPlan(options.profile ?? 'single');
    this.#keepAlive = new KeepAlive(this.#numbers.pingIntervalMs, onSuspect);
    this.#metrics = options.metrics === true ? new CallMetrics() : null;
    this.#channelOptions = {
      role: 'dialed',
      several: this.#plan.length > 1,
      limits: wireLimits(options.limits),
      headers: new HeaderCache(),
      views: new SharedView(),
      heads: new RequestHeads(),
      releases: new PeerReleases(),
      signals: new SignalRegistry(),
      dispatcher: this.#dispatcher,
      nodeName: this.identity.nodeName,
      version: this.#versions.own,
      maxInFlight: this.#numbers.maxInFlight,
      maxBufferedBytes: this.#numbers.maxBufferedBytes,
      unread: new UnreadWatch(this.#numbers.stallTimeoutMs),
      incomingMetrics: null,
      outgoingMetrics: this.#metrics,
      observer: {
        onChannelClosed: (channel, error) => {
          if (channel.attachment instanceof Connection) channel.attachment.onChannelClosed(error);
        },
        onHandshake: () => undefined,
        onHandlerError: (action, error) => this.#listeners.emit({ type: 'handlerFailed', action, error }),
      },
    };
    const { interceptors = [] } = options;
    this.#intercepted = new InterceptedCalls(this.#channelOptions.signals);
    this.#service =
      interceptors.length === 0 ? null : compose(interceptors, (call) => this.#transmitCall(call.action, call.request, call.context));
    const connections = options.nodes.map((node) => this.#connection(parseEndpoint(node, { defaultPort: DEFAULT_TRANSPORT_PORT })));
    this.#nodes = new NodePool(connections, this.#channelOptions.signals);
  }

  #connection(endpoint: Endpoint): Connection {
    const options = this.#options;
    const { connectTimeoutMs } = this.#numbers;
    return new Connection(endpoint, {
      carrier: options.carrier ?? tcp(),
      plan: this.#plan,
      handshake: { versions: this.#versions, timeoutMs: connectTimeoutMs, clusterName: options.clusterName ?? null },
      connectTimeoutMs,
      reconnect: options.reconnect ?? {},
      keepAlive: this.#keepAlive,
      createChannel: (link) => new Channel(link, this.#channelOptions),
      onState: (_connection, state, error) => this.#listeners.emit({ type: 'connection', node: endpoint, state, error }),
    });
  }

  /** The state of each node, in the order given. */
  get nodes(): readonly NodeStatus[] {
    return this.#nodes.statuses;
  }

  /**
   * Adds a listener of one type of event. Several may be added; one that throws, or whose promise rejects, causes a process warning and nothing else.
   *
   * @example client.on('connection', ({ node, state }) => console.log(node.host, state));
   * @throws ERR_USAGE for an unknown type of event
   */
  on<Type extends ClientEvent['type']>(type: Type, listener: EventListener<EventOf<ClientEvent, Type>>): this {
    this.#listeners.add(type, listener);
    return this;
  }

  /** Removes a listener that {@link on} added. @throws ERR_USAGE for an unknown type of event */
  off<Type extends ClientEvent['type']>(type: Type, listener: EventListener<EventOf<ClientEvent, Type>>): this {
    this.#listeners.remove(type, listener);
    return this;
  }

  /** Counts and durations of calls by action; empty unless the client was made with `metrics: true`. */
  get metrics(): readonly ActionMetrics[] {
    return this.#metrics?.snapshot() ?? [];
  }

  /** Number of calls that wait for an answer. */
  get inFlight(): number {
    let calls = 0;
    for (const { inFlightCount } of this.#nodes.channels()) calls += inFlightCount;
    return calls;
  }

  /** Number of answers to calls that were given up (`late`), and of answers with an unknown request id (`unknown`). Both are dropped. */
  get strayAnswers(): { readonly late: number; readonly unknown: number } {
    let late = 0;
    let unknown = 0;
    for (const { lateAnswerCount, unknownAnswerCount } of this.#nodes.channels()) {
      late += lateAnswerCount;
      unknown += unknownAnswerCount;
    }
    return { late, unknown };
  }

  /**
   * Registers the handler of an action that nodes send to this client, on the connections it opened. Requests are admitted, intercepted and answered
   * as by a server.
   *
   * @param handler as {@link Handler}
   * @throws ERR_DUPLICATE_ACTION if the action has a handler, ERR_CONFIG for a bad option
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
   * @example client.handleOthers((body, { action }) => Buffer.from(`${action}: ${body.length} bytes`));
   * @throws ERR_DUPLICATE_ACTION if there is one, ERR_USAGE if it is not a function, ERR_CONFIG for a bad option
   */
  handleOthers(handler: AnyHandler, options: HandlerOptions = {}): this {
    this.#dispatcher.handleOthers(handler, options);
    return this;
  }

  /**
   * Connects to every node and resolves with their states once the first is connected. Calls do this by themselves.
   *
   * @throws as {@link call}, if no node can be reached
   */
  async connect(options: Pick<CallOptions, 'timeoutMs' | 'signal'> = {}): Promise<readonly NodeStatus[]> {
    const { timeoutMs = this.#numbers.timeoutMs, signal = null } = options;
    if (!(timeoutMs > 0)) throw badTimeout('connect', timeoutMs);
    await this.#nodes.wait('connect', timeoutMs, signal);
    return this.nodes;
  }

  /**
   * Calls an action on one of the connected nodes and resolves with its decoded response.
   *
   * @param options.timeoutMs whole-call deadline in milliseconds, connecting included. @default the client's, 30_000
   * @throws ERR_DEADLINE (`phase` says where the time went), ERR_CANCELLED, ERR_CONNECTION_LOST, ERR_DIAL, ERR_HANDSHAKE, ERR_VERSION, ERR_TLS,
   *   ERR_CERT_UNTRUSTED, ERR_OVERLOADED, ERR_USAGE, ERR_MESSAGE_TOO_LARGE, ERR_REMOTE, ERR_UNKNOWN_ACTION, ERR_DECODE, ERR_CLOSED.
   *   Each carries `delivery`: `not-sent` may always be repeated
   * @memory byte fields of the request are given until the promise settles, and for good when its `delivery` is `maybe-sent`: they may still be on
   *   their way. Byte fields of the response are owned
   * @see wire-format.md §4
   */
  // hot: call
  call<A extends AnyAction>(action: A, request: RequestOf<A>, options?: CallOptions): Promise<ResponseOf<A>> {
    try {
      if (this.#service !== null) return this.#intercept(this.#service, action, request, options);
      if (options === undefined) return this.#transmit(action, request, this.#numbers.timeoutMs, null, this.#plain);
      const { timeoutMs = this.#numbers.timeoutMs, signal = null } = options;
      return this.#transmit(action, request, timeoutMs, signal, sendOptions(options, this.#plain));
    } catch (error) {
      return Promise.reject(wrongCall(action, error));
    }
  }

  #intercept<A extends AnyAction>(
    service: Service<ClientCallContext>,
    action: A,
    request: unknown,
    options: CallOptions = {},
  ): Promise<ResponseOf<A>> {
    if (!isAction(action)) throw notAnAction(action);
    const context = this.#contextOf(options);
    const isCancelled = context.signal?.aborted === true;
    if (this.#closing === null && !isCancelled) return this.#intercepted.run(service, action, request, context) as Promise<ResponseOf<A>>;
    closeUnsent(action.request, request);
    throw isCancelled ? cancelledBeforeSending(action.name, context.signal as AbortSignal) : closedClient(action.name);
  }

  #contextOf({ headers, parentTask, signal, timeoutMs, compress, onResponseHeaders }: CallOptions): ClientCallContext {
    return {
      headers: headers ?? NO_HEADERS,
      parentTask: parentTask ?? NO_TASK,
      signal: signal ?? null,
      timeoutMs: timeoutMs ?? this.#numbers.timeoutMs,
      compress: compress ?? this.#plain.compress,
      onResponseHeaders: onResponseHeaders ?? null,
    };
  }

  #transmitCall(action: AnyAction, request: unknown, context: ClientCallContext): Promise<unknown> {
    const { headers, parentTask, compress, signal, onResponseHeaders } = context;
    const isPlain = headers === NO_HEADERS && parentTask === NO_TASK && compress === this.#plain.compress && onResponseHeaders === null;
    const options = isPlain ? this.#plain : { headers, parentTask, compress, onResponseHeaders };
    // An interceptor that gave the call up may not wait for it.
    return mayBeIgnored(this.#transmit(action, request, this.#intercepted.onSent(context), signal, options));
  }

  // hot: call
  #transmit<A extends AnyAction>(
    action: A,
    request: unknown,
    timeoutMs: number,
    signal: AbortSignal | null,
    options: SendOptions,
  ): Promise<ResponseOf<A>> {
    const channel = this.#nodes.pick(action.purpose);
    if (channel === null) return this.#transmitOnceConnected(action, request, timeoutMs, signal, options);
    return channel.transmit(action, request, timeoutMs, signal, options);
  }

  async #transmitOnceConnected<A extends AnyAction>(
    action: A,
    request: unknown,
    timeoutMs: number,
    signal: AbortSignal | null,
    options: SendOptions,
  ): Promise<ResponseOf<A>> {
    if (!isAction(action)) throw notAnAction(action);
    if (!(timeoutMs > 0)) {
      closeUnsent(action.request, request);
      const error = badTimeout(action.name, timeoutMs);
      publishUnconnectedCall(action.name, 0, error);
      throw error;
    }
    const began = performance.now();
    for (;;) {
      const left = timeoutMs - (performance.now() - began);
      try {
        await this.#nodes.wait(action.name, left, signal, timeoutMs);
      } catch (error) {
        this.#metrics?.record(action, performance.now() - began, error);
        publishUnconnectedCall(action.name, performance.now() - began, error);
        closeUnsent(action.request, request);
        throw error;
      }
      const channel = this.#nodes.pick(action.purpose);
      if (channel !== null) {
        const stillMs = Math.max(1, Math.round(timeoutMs - (performance.now() - began)));
        return channel.transmit(action, request, stillMs, signal, options);
      }
    }
  }

  /** Takes no more calls, waits for those in flight, closes every connection. Idempotent. @param options.drainMs milliseconds @default 10_000 */
  close({ drainMs = DEFAULT_DRAIN_MS }: { readonly drainMs?: number } = {}): Promise<void> {
    this.#closing ??= this.#drain(drainMs);
    return this.#closing;
  }

  async #drain(drainMs: number): Promise<void> {
    const began = performance.now();
    await this.#nodes.close(drainMs);
    await this.#intercepted.drain(drainMs - (performance.now() - began));
    this.#keepAlive.stop();
    this.#channelOptions.signals.clear();
  }

  /** Closes everything now; calls in flight fail with ERR_CONNECTION_LOST. Idempotent. */
  abort(): void {
    this.#nodes.abort();
    this.#intercepted.abort();
    void this.close({ drainMs: 0 });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function onSuspect({ attachment }: Channel, isSuspected: boolean): void {
  if (attachment instanceof Connection) attachment.onSuspect(isSuspected);
}

function closedClient(what: string): UsageError {
  return new UsageError('ERR_CLOSED', {}, `${what}: the client is closed`);
}

const NO_HEADERS: RequestHeaders = Object.freeze({});

/**
 * Makes a client; see {@link Client}. It connects with the first call.
 *
 * @param target a node as `host:port`, or options
 * @throws ERR_CONFIG, ERR_BAD_ENDPOINT
 */
export function createClient(target: string | ClientOptions): Client {
  return new Client(toClientOptions(target));
}
