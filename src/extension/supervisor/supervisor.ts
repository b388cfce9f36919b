import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  handleRemoteTransportAction,
  handleTransportAction,
  type ExtensionRestRequest,
  initializeExtension,
  type InitializeExtensionRequest,
  restExecuteOnExtension,
  updateSettings,
} from '../../protocol/action/extension/node-to-extension.ts';
import { oneLine } from '../../protocol/error/printable.ts';
import { StatusError } from '../../protocol/error/status-error.ts';
import { TransportError } from '../../protocol/error/transport-error.ts';
import type { PeerChannel } from '../../transport/call/peer-channel.ts';
import type { ServerCallContext } from '../../transport/call/server-context.ts';
import type { Endpoint } from '../../transport/carrier/link.ts';
import { tcp } from '../../transport/carrier/tcp.ts';
import { Server } from '../../transport/server/server.ts';
import { checkOptions, configError, describe } from '../../transport/util/check-options.ts';
import { type EventListener, type EventOf, Listeners } from '../../transport/util/listeners.ts';
import type { ExtensionEvent } from '../extension-options.ts';
import type { InitializeOptions } from '../initialize/initialize-options.ts';
import { Initializer } from '../initialize/initializer.ts';
import { HostNode } from '../node/host-node.ts';
import { routed, socketsFor } from '../sockets/answer-on.ts';
import type { NodeSockets } from '../sockets/node-sockets.ts';
import { FileWatcher } from './file-watcher.ts';
import { HeldRequests } from './held-requests.ts';
import type { InitializeMessage, ListenMessage } from './messages.ts';
import { NodeSession } from './node-session.ts';
import { NodeSessions } from './node-sessions.ts';
import { RequestForwarder } from './request-forwarder.ts';
import { endOnSignals } from './process-signals.ts';
import {
  completed,
  type CompleteOptions,
  SUPERVISOR_CHECKS,
  SUPERVISOR_EVENTS,
  type SupervisorEvent,
  type SupervisorOptions,
} from './supervisor-options.ts';
import { watchedPaths } from './watched-paths.ts';
import type { ServedRoute } from './served-routes.ts';
import type { Worker } from './worker.ts';
import type { WorkerConnection } from './worker-connection.ts';
import { Workers } from './workers.ts';

/**
 * Keeps the sockets of nodes while the process that runs the extension is replaced: nodes do not let an extension come back, so this is what makes a restart
 * of an extension possible. The supervisor is the extension for the nodes, and the nodes for the worker, which is an unchanged extension file.
 *
 * @example
 * const supervisor = supervise('./ext.js');
 * supervisor.on('reloaded', ({ tookMs }) => console.log(`reloaded in ${tookMs} ms`));
 */
export class Supervisor implements AsyncDisposable {
  readonly #options: CompleteOptions;
  readonly #events: Listeners<SupervisorEvent>;
  readonly #sessions = new NodeSessions();
  readonly #initializer = new Initializer({ nodes: () => this.nodes, emit: (event) => this.#onInitializerEvent(event) });
  readonly #server: Server;
  readonly #sockets: NodeSockets | null;
  readonly #workers: Workers;
  readonly #held: HeldRequests<WorkerConnection>;
  readonly #forwarder: RequestForwarder;
  readonly #watcher: FileWatcher | null;
  readonly #forgetSignals: () => void;
  readonly #watchedChannels = new WeakSet<AbortSignal>();
  #listening: Promise<Endpoint> | null = null;
  #endpoint: Endpoint | null = null;
  #closing: Promise<void> | null = null;

  /** @throws ERR_CONFIG for a bad option or file */
  constructor(file: string | URL, options: SupervisorOptions) {
    checkOptions('a supervisor', options, SUPERVISOR_CHECKS);
    const path = pathOf(file);
    this.#options = completed(options);
    this.#events = new Listeners('supervisor', SUPERVISOR_EVENTS, options.onEvent);
    const emit = (event: SupervisorEvent): void => this.#emit(event);
    const { carrier = tcp(), limits = {} } = options;
    this.#server = new Server({
      carrier,
      limits,
      nodeName: 'extension',
      onEvent: (event) => {
        if (event.type === 'channelOpened') this.#initializer.onConnection();
        else if (event.type === 'channelRefused') emit(event);
      },
    });
    this.#sockets = socketsFor(this.#options.answerOn, this.#server);
    this.#held = new HeldRequests(this.#options);
    this.#workers = new Workers({
      ...this.#options,
      file: path,
      sessions: () => this.#sessions.all,
      onListen: (worker, message) => this.#onListen(worker, message),
      onInitialize: (worker, message) => this.#onInitialize(worker, message),
      onReady: () => this.#held.retry(),
      emit,
    });
    const connectionOf = (session: NodeSession): WorkerConnection | null => this.#workers.connectionOf(session);
    this.#forwarder = new RequestForwarder({ ...this.#options, held: this.#held, connectionOf, lack: () => this.#workers.lack, emit });
    this.#serve();
    const paths = watchedPaths(path, this.#options.watch);
    const { debounceMs } = this.#options;
    this.#watcher =
      paths.length === 0 ? null : new FileWatcher({ paths, debounceMs, onChange: (files) => void this.#workers.start(files) });
    this.#forgetSignals = this.#options.signals ? endOnSignals(this) : () => undefined;
    void this.#workers.start();
  }

  #serve(): void {
    const server = this.#server;
    const forwarder = this.#forwarder;
    server.handle(initializeExtension, (request, context) => this.#initialize(request, context));
    const execute = (request: ExtensionRestRequest, context: ServerCallContext) =>
      forwarder.rest(this.#sessions.ofUri(request.uri, context.channel) ?? unknownNode(), request, context);
    server.handle(restExecuteOnExtension, routed(this.#sockets, execute));
    server.handle(updateSettings, (request, context) => forwarder.pass(this.#sessionOf(context), updateSettings, request, context, true));
    server.handle(handleTransportAction, (request, context) =>
      forwarder.pass(this.#sessionOf(context), handleTransportAction, request, context, false),
    );
    server.handle(handleRemoteTransportAction, (request, context) =>
      forwarder.pass(this.#sessionOf(context), handleRemoteTransportAction, request, context, false),
    );
  }

  #sessionOf({ channel }: ServerCallContext): NodeSession {
    return this.#sessions.ofChannel(channel) ?? unknownNode();
  }

  /** Where nodes reach the extension; null until the first worker has called `listen()`. */
  get endpoint(): Endpoint | null {
    return this.#endpoint;
  }

  /** The nodes that have initialised the extension and are still connected. */
  get nodes(): readonly HostNode[] {
    return this.#sessions.all.map(({ node }) => node);
  }

  /** The routes that the worker serves; none before a node has initialised the extension. */
  get routes(): readonly ServedRoute[] {
    const [session] = this.#sessions.all;
    return session === undefined ? [] : (this.#workers.connectionOf(session)?.routes.list ?? []);
  }

  /** Process id of the worker that serves; null while there is none. */
  get pid(): number | null {
    return this.#workers.pid;
  }

  /** Adds a listener of one type of event, as {@link Extension.on}. @throws ERR_USAGE for an unknown type of event */
  on<Type extends SupervisorEvent['type']>(type: Type, listener: EventListener<EventOf<SupervisorEvent, Type>>): this {
    this.#events.add(type, listener);
    return this;
  }

  /** Removes a listener that {@link on} added. @throws ERR_USAGE for an unknown type of event */
  off<Type extends SupervisorEvent['type']>(type: Type, listener: EventListener<EventOf<SupervisorEvent, Type>>): this {
    this.#events.remove(type, listener);
    return this;
  }

  /**
   * Starts a new worker, and resolves when it has taken over. The worker before it finishes its requests and ends.
   *
   * @throws why the new worker cannot serve; then the one before it goes on
   */
  async reload(): Promise<void> {
    const failure = await this.#workers.start();
    if (failure !== null) throw failure;
  }

  /**
   * Makes nodes initialise the extension, as {@link Extension.initialize} does. The file of the extension may do it itself instead.
   *
   * @throws as {@link Extension.initialize}; ERR_USAGE before the event `listening`
   */
  initialize(urls: string | readonly string[], options: InitializeOptions): Promise<void> {
    return this.#initializer.initialize(urls, options);
  }

  /** Takes no more requests, ends the worker, and closes the connections of nodes, which do not come back by themselves. Idempotent. */
  close({ drainMs = this.#options.drainMs }: { readonly drainMs?: number } = {}): Promise<void> {
    this.#closing ??= this.#close(drainMs);
    return this.#closing;
  }

  async #close(drainMs: number): Promise<void> {
    this.#forgetSignals();
    this.#initializer.close();
    this.#watcher?.close();
    this.#held.clear();
    await this.#server.close({ drainMs });
    await this.#workers.close(drainMs);
  }

  /** Kills the worker and closes every connection now; requests in flight are lost. Idempotent. */
  abort(): void {
    this.#workers.kill();
    this.#server.abort();
    void this.close({ drainMs: 0 });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Listens where the first worker wanted to; later ones get the same address. */
  async #onListen(worker: Worker, { wanted, carrier: name }: ListenMessage): Promise<void> {
    const { carrier = tcp() } = this.#options;
    try {
      if (name !== carrier.name)
        throw configError(`the extension has the carrier ${name} and its supervisor ${carrier.name}: give supervise() the same carrier`);
      const { port = wanted.port } = this.#options;
      this.#listening ??= this.#server.listen({ ...wanted, port });
      const endpoint = await this.#listening;
      if (this.#endpoint === null) {
        this.#endpoint = endpoint;
        this.#initializer.onListening(endpoint);
        this.#emit({ type: 'listening', endpoint });
      }
      worker.send({ kind: 'listening', endpoint });
    } catch (error) {
      this.#listening = null;
      const failure = TransportError.from(error);
      worker.send({ kind: 'listening', error: { code: failure.code, message: failure.message } });
      throw failure;
    }
  }

  /** A worker wants nodes to initialise the extension. Those that have are not asked again, so later workers are answered at once. */
  #onInitialize(worker: Worker, { id, urls, options }: InitializeMessage): void {
    this.#initializer.initialize(urls, options).then(
      () => worker.send({ kind: 'reply', id, isDone: true }),
      (thrown: unknown) => {
        const { code, message } = TransportError.from(thrown);
        worker.send({ kind: 'reply', id, error: { code, message } });
      },
    );
  }

  /** The node chooses name and unique id. The answer is the worker's own: it has to repeat the name. */
  #initialize(request: InitializeExtensionRequest, { channel, version }: ServerCallContext) {
    channel.ended.throwIfAborted();
    const { extension } = request;
    if (this.#sessions.isFull) throw new StatusError(429, 'rejected_execution_exception', 'too many nodes have initialised the extension');
    if (this.#sessions.begunBy(channel, extension.id) === undefined) {
      void this.#register(new NodeSession(new HostNode(request, channel), channel, request, version));
    }
    return { name: extension.name, implementedInterfaces: ['Extension', 'ActionExtension'] };
  }

  /** Never throws. */
  async #register(session: NodeSession): Promise<void> {
    const { node, channel } = session;
    this.#sessions.add(session);
    this.#watch(channel);
    void this.#sockets?.learn(channel);
    this.#emit({ type: 'initialized', node });
    const attached = this.#workers.attach(session);
    const { registration } = node;
    try {
      const routes = await session.registerGenericRoutes(this.#options.maxDepth);
      // Whoever waits for the node wants answers of the worker.
      await attached;
      registration.status = 'acknowledged';
      this.#emit({ type: 'registered', node, routes });
    } catch (thrown) {
      const error = TransportError.from(thrown);
      registration.status = 'rejected';
      registration.error = error;
      this.#emit({ type: 'rejected', node, error });
    }
  }

  #watch({ ended }: PeerChannel): void {
    if (this.#watchedChannels.has(ended)) return;
    this.#watchedChannels.add(ended);
    const onEnd = (): void => {
      for (const session of this.#sessions.removeOf(ended)) {
        this.#workers.detach(session);
        this.#emit({ type: 'disconnected', node: session.node });
      }
    };
    ended.addEventListener('abort', onEnd, { once: true });
  }

  #onInitializerEvent(event: ExtensionEvent): void {
    if (event.type === 'reinitializing' || event.type === 'reinitializationFailed') this.#emit(event);
  }

  #emit(event: SupervisorEvent): void {
    if (isOfInitializer(event)) this.#initializer.onEvent(event);
    this.#events.emit(event);
    if (this.#events.hears(event.type)) return;
    const warning = warningOf(event);
    if (warning !== null) process.emitWarning(oneLine(warning));
  }
}

/** Returns whether an event says what became of a node. */
function isOfInitializer(event: SupervisorEvent): event is Extract<SupervisorEvent, ExtensionEvent & { readonly node: HostNode }> {
  return 'node' in event;
}

function unknownNode(): never {
  throw new StatusError(500, 'illegal_state_exception', 'no node has initialised the extension on a connection of this host');
}

/** Returns the process warning for an event without a listener, or null. */
function warningOf(event: SupervisorEvent): string | null {
  switch (event.type) {
    case 'rejected':
      return `node ${event.node.name} refused routes: ${event.error.message}`;
    case 'reinitializationFailed':
      return `${event.url} does not initialise the extension again: ${event.error.message}`;
    case 'reloadFailed':
      return `the new worker cannot serve: ${event.error.message}`;
    case 'workerExited':
      return `the worker ended (${event.signal ?? `code ${event.code}`}); the next one starts in ${event.restartInMs} ms`;
    case 'requestFailed':
      return `${event.method ?? event.action} ${event.uri ?? ''} was answered ${event.status}: ${event.reason}`;
    default:
      return null;
  }
}

function pathOf(file: unknown): string {
  if (file instanceof URL) return fileURLToPath(file);
  if (typeof file === 'string' && file !== '') return resolve(file.startsWith('file:') ? fileURLToPath(file) : file);
  throw configError(`the file of a supervised extension must be a path such as './ext.js', got ${describe(file)}`);
}

/**
 * Runs the file of an extension in a process of its own, and replaces that process when the file changes or the process ends; nodes notice nothing.
 *
 * @param file path, relative to the working directory, or URL of a module that makes an extension and calls its `listen()`
 * @throws ERR_CONFIG
 */
export function supervise(file: string | URL, options: SupervisorOptions = {}): Supervisor {
  return new Supervisor(file, options);
}
