import { initializeExtension, restExecuteOnExtension, updateSettings } from '../protocol/action/extension/node-to-extension.ts';
import type { AnyAction, ReceivedOf, RequestOf, ResponseOf } from '../protocol/action/define-action.ts';
import { oneLine } from '../protocol/error/printable.ts';
import { TransportError, UsageError } from '../protocol/error/transport-error.ts';
import type { CallOptions } from '../transport/call/call.ts';
import type { ServerCallContext } from '../transport/call/server-context.ts';
import type { Endpoint } from '../transport/carrier/link.ts';
import { tcp } from '../transport/carrier/tcp.ts';
import { type CloseOptions, Server } from '../transport/server/server.ts';
import type { ServerEvent } from '../transport/server/server-options.ts';
import { checkOptions } from '../transport/util/check-options.ts';
import { type EventListener, type EventOf, Listeners } from '../transport/util/listeners.ts';
import type { ActionHandler, ActionOptions, TypedActionHandler } from './actions/action-handler.ts';
import { ExtensionActions } from './actions/extension-actions.ts';
import { decodeResponse, encodeRequest } from './actions/typed-action.ts';
import { EXTENSION_CHECKS, EXTENSION_EVENTS, type ExtensionEvent, type ExtensionOptions } from './extension-options.ts';
import { warningOf } from './extension-warning.ts';
import { type InitializeOptions, initializeTargets } from './initialize/initialize-options.ts';
import { Initializer } from './initialize/initializer.ts';
import { ArrivalWatch } from './node/arrival-watch.ts';
import { watchSharedLoops } from './node/event-loops.ts';
import { HostNode } from './node/host-node.ts';
import { KnownNodes } from './node/known-nodes.ts';
import { Registration } from './node/registration.ts';
import { RouteRegistration } from './node/route-registration.ts';
import { checkUnderGenericRoutes } from './rest/generic-routes.ts';
import { defineDeprecatedRoute, defineRoute, type Route, type RouteHandler, type RouteMethod, type RouteOptions } from './rest/route.ts';
import { RouteExecutor } from './rest/route-executor.ts';
import { RouteTable } from './rest/route-table.ts';
import { routed, socketsFor } from './sockets/answer-on.ts';
import { supervision } from './supervisor/supervised.ts';
import { ExtensionSettings } from './settings/extension-settings.ts';
import type { SettingDefinition } from './settings/setting.ts';
import type { IndexSettingHandle, SettingHandle } from './settings/setting-handle.ts';
import type { RestClient } from './rest/rest-client.ts';
import { RestClients } from './tokens/rest-clients.ts';
import type { SettingType } from '../protocol/action/extension/setting-type.ts';

const DEFAULT_TIMEOUT_MS = 9_500;

const DEFAULT_SETTINGS_INTERVAL_MS = 1_000;

/** Milliseconds in which a node is expected after the extension began to listen. */
const DEFAULT_NODE_WAIT_MS = 10_000;

/** Options of {@link Extension.remote}. */
export interface RemoteOptions extends CallOptions {
  /** The node to call through. @default the node that initialised the extension first */
  readonly node?: HostNode;
}

/**
 * An extension: a process whose routes OpenSearch nodes serve. It answers their handshakes and `initialize`, registers its routes and executes them. One
 * extension may serve several nodes.
 *
 * @example
 * const ext = extension({ port: 4500 });
 * ext.get('/hello/{name}', ({ params }) => ({ greeting: `Hello, ${params.name}` }));
 * await ext.listen();
 * @see extensions.md §1
 */
export class Extension implements AsyncDisposable {
  readonly #address: { readonly port: number; readonly host?: string };
  readonly #events: Listeners<ExtensionEvent>;
  readonly #hasGenericRoutes: boolean;
  readonly #routes = new RouteTable();
  readonly #actions: ExtensionActions;
  readonly #routeRegistration: RouteRegistration;
  readonly #nodes = new KnownNodes((node) => this.#emit({ type: 'disconnected', node }));
  readonly #registration = new Registration();
  readonly #initializer = new Initializer({ nodes: () => this.#nodes.nodes, emit: (event) => this.#emit(event) });
  readonly #arrivalWatch: ArrivalWatch;
  readonly #settings: ExtensionSettings;
  readonly #restClients: RestClients;
  readonly #server: Server;
  readonly #carrier: string;

  /** @throws ERR_CONFIG for a bad option */
  constructor(options: ExtensionOptions) {
    checkOptions('an extension', options, EXTENSION_CHECKS);
    const {
      answerOn = 'request-socket',
      timeoutMs = DEFAULT_TIMEOUT_MS,
      nodeWaitMs = DEFAULT_NODE_WAIT_MS,
      strictParams = false,
      genericRoutes = false,
      settingsIntervalMs: intervalMs = DEFAULT_SETTINGS_INTERVAL_MS,
      ...others
    } = options;
    const { onEvent, port, host, carrier = tcp(), restUrl = null, ...server } = others;
    this.#restClients = new RestClients(this, restUrl, (node) => this.#initializer.urls.of(node));
    this.#arrivalWatch = new ArrivalWatch(nodeWaitMs, () => this.#onNoNode(nodeWaitMs));
    this.#hasGenericRoutes = genericRoutes;
    this.#routeRegistration = new RouteRegistration(this.#routes, genericRoutes);
    this.#address = host === undefined ? { port } : { port, host };
    this.#events = new Listeners('extension', EXTENSION_EVENTS, onEvent);
    this.#carrier = carrier.name;
    // A supervisor has the connections of nodes, and speaks TCP with its workers.
    this.#server = new Server({
      ...server,
      carrier: supervision() === null ? carrier : tcp(),
      nodeName: 'extension',
      onEvent: (event) => this.#onServerEvent(event),
    });
    this.#registration.add(watchSharedLoops((node) => this.#emit({ type: 'sharedEventLoops', node })));
    this.#registration.add(this.#routeRegistration.step);
    this.#actions = new ExtensionActions({ timeoutMs, nodes: () => this.nodes, emit: (event) => this.#emit(event) });
    this.#registration.add(this.#actions.step);
    this.#settings = new ExtensionSettings({ intervalMs, emit: (event) => this.#emit(event) });
    this.#registration.add(this.#settings.register);
    this.#server.handle(initializeExtension, (request, context) => this.#initialize(request, context));
    const executor = new RouteExecutor({
      routes: this.#routes,
      timeoutMs,
      strictParams,
      uniqueIds: () => this.#nodes.ids(),
      asCaller: (token, context) => this.#restClients.asCaller(token, context),
      emit: (event) => this.#emit(event),
    });
    const sockets = socketsFor(answerOn, this.#server);
    if (sockets !== null) this.#registration.add(({ channel }) => sockets.learn(channel));
    this.#server.handle(
      restExecuteOnExtension,
      routed(sockets, (message, context) => executor.execute(message, context)),
    );
    this.#actions.serve(this.#server);
  }

  /**
   * The nodes that have initialised the extension and are still connected, one for each node and unique id. At most 256 are remembered, and at most 8 of one
   * connection: any peer can claim to be a node.
   */
  get nodes(): readonly HostNode[] {
    return this.#nodes.nodes;
  }

  /** The connected node that initialised the extension first. @throws ERR_NO_NODE if no node is connected */
  get node(): HostNode {
    return this.#nodes.first;
  }

  /**
   * Adds a listener of one type of event. Several may be added; one that throws, or whose promise rejects, causes a process warning and nothing else.
   *
   * @example ext.on('handlerTimedOut', ({ method, route }) => console.log(method, route));
   * @throws ERR_USAGE for an unknown type of event
   */
  on<Type extends ExtensionEvent['type']>(type: Type, listener: EventListener<EventOf<ExtensionEvent, Type>>): this {
    this.#events.add(type, listener);
    return this;
  }

  /** Removes a listener that {@link on} added. @throws ERR_USAGE for an unknown type of event */
  off<Type extends ExtensionEvent['type']>(type: Type, listener: EventListener<EventOf<ExtensionEvent, Type>>): this {
    this.#events.remove(type, listener);
    return this;
  }

  /** @throws ERR_USAGE naming the rule of OpenSearch the route breaks; all of them are checked here, before a node sees the route */
  get<const Path extends string>(path: Path, handler: RouteHandler<Path>, options?: RouteOptions): this {
    return this.route('GET', path, handler, options);
  }

  /** @throws as {@link get} */
  post<const Path extends string>(path: Path, handler: RouteHandler<Path>, options?: RouteOptions): this {
    return this.route('POST', path, handler, options);
  }

  /** @throws as {@link get} */
  put<const Path extends string>(path: Path, handler: RouteHandler<Path>, options?: RouteOptions): this {
    return this.route('PUT', path, handler, options);
  }

  /** @throws as {@link get} */
  delete<const Path extends string>(path: Path, handler: RouteHandler<Path>, options?: RouteOptions): this {
    return this.route('DELETE', path, handler, options);
  }

  /** @throws as {@link get} */
  patch<const Path extends string>(path: Path, handler: RouteHandler<Path>, options?: RouteOptions): this {
    return this.route('PATCH', path, handler, options);
  }

  /** @throws as {@link get} */
  head<const Path extends string>(path: Path, handler: RouteHandler<Path>, options?: RouteOptions): this {
    return this.route('HEAD', path, handler, options);
  }

  /** @throws as {@link get} */
  options<const Path extends string>(path: Path, handler: RouteHandler<Path>, options?: RouteOptions): this {
    return this.route('OPTIONS', path, handler, options);
  }

  /** Adds a route of any method. @throws as {@link get} */
  route<const Path extends string>(method: RouteMethod, path: Path, handler: RouteHandler<Path>, options?: RouteOptions): this {
    if (!this.#hasGenericRoutes) this.#checkOpen(method, path);
    this.#addRoute(defineRoute(method, path, handler, options));
    return this;
  }

  /** Adds a route whose use nodes log as deprecated. It may be added at any time: nodes that are connected are told at once. @throws as {@link get} */
  deprecated<const Path extends string>(method: RouteMethod, path: Path, message: string, handler: RouteHandler<Path>): this {
    const route = defineDeprecatedRoute(method, path, message, handler);
    this.#addRoute(route);
    for (const node of this.nodes) {
      if (this.#routeRegistration.needs(node)) void this.#registerLater(node, this.#routeRegistration.addDeprecated(node, route));
    }
    return this;
  }

  /**
   * Adds a transport action that other extensions, and plug-ins of the node, can call: bytes in, bytes out. The name `*` adds a handler for every action that
   * has none of its own. Actions may be added at any time: nodes that are connected are told at once.
   *
   * @example ext.action('greet', async (bytes) => Buffer.from(`hello ${bytes}`));
   * @throws ERR_USAGE for a bad name; ERR_DUPLICATE_ACTION
   */
  action(name: string, handler: ActionHandler, options?: ActionOptions): this;
  /** Adds a transport action whose requests and answers have codecs. @throws as the form with bytes */
  action<A extends AnyAction>(action: A, handler: TypedActionHandler<A>): this;
  action(action: string | AnyAction, handler: ActionHandler | TypedActionHandler<AnyAction>, options?: ActionOptions): this {
    const added = this.#actions.add(action, handler, options);
    for (const node of this.nodes) {
      if (this.#actions.needs(node)) void this.#registerLater(node, this.#actions.register(node, added));
    }
    return this;
  }

  /**
   * Calls a transport action of another extension through a node, by default the one that initialised the extension first. The node gives up after 10 seconds.
   *
   * @example await ext.remote('greet', Buffer.from('hi'), { timeoutMs: 5_000 });
   * @throws RemoteActionError (unknown, refused, timed out, gone), RemoteError (its handler failed), ERR_NO_NODE, and as a client's call
   */
  remote(action: string, request: Uint8Array, options?: RemoteOptions): Promise<Buffer>;
  /** Calls a transport action whose requests and answers have codecs. @throws as the form with bytes */
  remote<A extends AnyAction>(action: A, request: RequestOf<A>, options?: RemoteOptions): Promise<ResponseOf<A>>;
  async remote(action: string | AnyAction, request: unknown, { node = this.node, ...options }: RemoteOptions = {}): Promise<unknown> {
    if (typeof action === 'string') return node.remote(action, request as Uint8Array, options);
    return decodeResponse(action, await node.remote(action.name, encodeRequest(action, request as never), options));
  }

  /** Returns a client of the REST API of a node, by default {@link node}, that sends the token of the extension's service account. */
  asService(node?: HostNode): RestClient {
    return this.#restClients.asService(node);
  }

  /**
   * Adds a setting, which is registered with every node that initialises the extension.
   *
   * @example const greeting = ext.setting(setting.string('custom.hello.greeting', { default: 'Hello', dynamic: true }));
   * @throws ERR_USAGE for a key that was added before, and once a node has initialised the extension
   */
  setting<T extends SettingType>(definition: SettingDefinition<T, 'node'>): SettingHandle<T>;
  setting<T extends SettingType>(definition: SettingDefinition<T, 'index'>): IndexSettingHandle;
  setting<T extends SettingType>(definition: SettingDefinition<T>): SettingHandle<T> | IndexSettingHandle {
    if (this.#nodes.size > 0) {
      throw new UsageError(
        'ERR_USAGE',
        {},
        `cannot add the setting '${definition.key}' after a node has initialised the extension; add it before listen()`,
      );
    }
    const handle = this.#settings.add(definition as SettingDefinition<T, 'node'>);
    if (this.#settings.size === 1) this.#server.handle(updateSettings, (message) => ({ status: this.#settings.update(message) }));
    return handle;
  }

  #addRoute(route: Route): void {
    if (this.#hasGenericRoutes) checkUnderGenericRoutes(route);
    this.#routes.add(route);
  }

  /** A node takes the routes of an extension once. @see extensions.md §1.4 */
  #checkOpen(method: string, path: string): void {
    if (this.#nodes.size === 0) return;
    throw new UsageError(
      'ERR_USAGE',
      {},
      `${method} ${path}: cannot add a route after a node has registered them; add every route before listen(), or use genericRoutes`,
    );
  }

  /**
   * Listens for nodes. Under a supervisor, the supervisor listens for them.
   *
   * @returns the address with the actual port, for the body of `POST /_extensions/initialize`
   * @throws ERR_ADDRESS_IN_USE, ERR_DIAL, ERR_USAGE, ERR_CLOSED
   */
  async listen(): Promise<Endpoint> {
    const supervisor = supervision();
    const wanted = { ...this.#address, carrier: this.#carrier };
    const endpoint = supervisor === null ? await this.#server.listen(this.#address) : await supervisor.listen(this.#server, wanted);
    this.#initializer.onListening(endpoint);
    if (this.#nodes.size === 0) this.#arrivalWatch.start();
    return endpoint;
  }

  /**
   * Makes nodes initialise the extension. Resolves when every one of them has initialised it and acknowledged its routes and all else that it registers. A
   * node that has done so before under this unique id, and is still connected, is not asked again. When a node goes away, for example to restart, it is asked
   * again until it is back: events `reinitializing` and `reinitializationFailed`.
   *
   * @param urls REST URL of a node, for example `http://127.0.0.1:9200`, or of several: a node does not tell the others of its cluster
   * @example await ext.initialize('http://127.0.0.1:9200', { name: 'Hello', uniqueId: 'hello' });
   * @throws ERR_CONFIG for a bad option; ERR_USAGE for a bad URL, and before {@link listen}; ERR_DIAL if a node cannot be reached; ERR_VERSION if it is older
   *   than 2.9, or 4.0 or later; ERR_REMOTE with the words of a node that refused; ERR_DEADLINE with what to check if nothing came of it; ERR_CANCELLED, ERR_CLOSED
   */
  async initialize(urls: string | readonly string[], options: InitializeOptions): Promise<void> {
    const supervisor = supervision();
    if (supervisor === null) return this.#initializer.initialize(urls, options);
    for (const target of initializeTargets(urls, options)) this.#initializer.urls.add(target, null);
    return supervisor.initialize(urls, options);
  }

  /** Waits for requests in flight, then closes every connection. Nodes do not connect again by themselves. Idempotent. */
  close(options?: CloseOptions): Promise<void> {
    this.#end();
    return this.#server.close(options);
  }

  /** Closes every connection now; requests in flight are lost. Idempotent. */
  abort(): void {
    this.#end();
    this.#server.abort();
  }

  #end(): void {
    this.#initializer.close();
    this.#arrivalWatch.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The node chooses name and unique id. @throws as the constructor of {@link HostNode} and {@link KnownNodes.add} */
  #initialize(request: ReceivedOf<typeof initializeExtension>, { channel }: ServerCallContext) {
    // An interceptor may have taken longer than the node stayed: its 'disconnected' would never come.
    channel.ended.throwIfAborted();
    const node = new HostNode(request, channel);
    const isNew = this.#nodes.add(node);
    this.#arrivalWatch.stop();
    this.#emit({ type: 'initialized', node });
    if (isNew) void this.#register(node);
    return { name: node.extensionName, implementedInterfaces: ['Extension', 'ActionExtension'] };
  }

  /** Never throws. */
  async #registerLater(node: HostNode, registered: Promise<void>): Promise<void> {
    try {
      await registered;
      this.#emit({ type: 'registered', node, routes: this.#routes.routes.length });
    } catch (error) {
      this.#emit({ type: 'rejected', node, error: TransportError.from(error) });
    }
  }

  /** Registers the extension with the node. Never throws. */
  async #register(node: HostNode): Promise<void> {
    const { registration } = node;
    try {
      await this.#registration.run(node);
      registration.status = 'acknowledged';
      this.#emit({ type: 'registered', node, routes: this.#routes.routes.length });
    } catch (thrown) {
      const error = TransportError.from(thrown);
      registration.status = 'rejected';
      registration.error = error;
      this.#emit({ type: 'rejected', node, error });
    }
    await supervision()?.registered(node);
  }

  #onNoNode(waitMs: number): void {
    const { endpoint, connections } = this.#initializer;
    if (endpoint !== null) this.#emit({ type: 'noNode', endpoint, waitMs, connections });
  }

  #onServerEvent(event: ServerEvent): void {
    if (event.type === 'channelOpened') this.#initializer.onConnection();
    else if (event.type === 'handlerFailed') this.#emit({ type: 'requestFailed', action: event.action, error: event.error });
    else if (event.type === 'channelRefused') this.#emit(event);
  }

  #emit(event: ExtensionEvent): void {
    this.#initializer.onEvent(event);
    this.#events.emit(event);
    if (this.#events.hears(event.type)) return;
    const warning = warningOf(event);
    if (warning !== null) process.emitWarning(oneLine(warning));
  }
}

/** Makes an extension; see {@link Extension}. @throws ERR_CONFIG */
export function extension(options: ExtensionOptions): Extension {
  return new Extension(options);
}
