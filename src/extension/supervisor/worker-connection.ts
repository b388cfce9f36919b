import {
  addSettingsUpdateConsumer,
  registerCustomSettings,
  registerRestActions,
  type RegisterRestActionsRequest,
  registerTransportActions,
} from '../../protocol/action/extension/extension-to-node.ts';
import { initializeExtension } from '../../protocol/action/extension/node-to-extension.ts';
import { TransportError } from '../../protocol/error/transport-error.ts';
import { minVersion, V_3_9_0, versionText } from '../../protocol/wire/version.ts';
import type { AnyAction, RequestOf, ResponseOf } from '../../protocol/action/define-action.ts';
import type { ServerCallContext } from '../../transport/call/server-context.ts';
import { formatEndpoint } from '../../transport/carrier/endpoint.ts';
import type { Endpoint } from '../../transport/carrier/link.ts';
import { Client } from '../../transport/client/client.ts';
import { waitUntil } from '../../transport/util/deadline-wheel.ts';
import { type NodeSession, passOn } from './node-session.ts';
import { type PlainError, workerRegistered } from './messages.ts';
import { ServedRoutes } from './served-routes.ts';

/** What a worker is connected with. */
export interface WorkerConnectionOptions {
  readonly session: NodeSession;
  readonly local: Endpoint;
  /** Time to connect, to initialise the worker and for its registration, in milliseconds. */
  readonly timeoutMs: number;
  /** Told when the connection ends by itself. */
  readonly onLost: (error: TransportError) => void;
  /** Told when the node refuses something that the worker registers. */
  readonly onRejected: (session: NodeSession, error: TransportError) => void;
}

/**
 * The connection to a worker in the name of one node: the worker sees that node, with its identity, its release and its requests. One connection for each node, so
 * that their request ids and answers never mix.
 */
export class WorkerConnection {
  readonly session: NodeSession;
  readonly #client: Client;
  readonly #options: WorkerConnectionOptions;
  #routes: ServedRoutes | null = null;
  #isRegistered = false;
  /** Ends the wait for the registrations of the worker. */
  #onRegistered: (() => void) | null = null;
  #state: 'opening' | 'ready' | 'closed' = 'opening';
  #inFlight = 0;
  #onIdle: (() => void) | null = null;

  constructor(options: WorkerConnectionOptions) {
    this.#options = options;
    this.session = options.session;
    const { session } = options;
    const { sourceNode } = session.request;
    const client = new Client({
      nodes: [formatEndpoint(options.local)],
      // The stream version that worker and supervisor agree on is the one that node and supervisor did: bodies are passed on as they are.
      version: versionText(minVersion(sourceNode.versionId, V_3_9_0)),
      identity: { nodeName: sourceNode.name, nodeId: sourceNode.id, ephemeralId: sourceNode.ephemeralId },
      connectTimeoutMs: options.timeoutMs,
      reconnect: false,
      onEvent: (event) => {
        if (event.type === 'connection' && event.state === 'idle') this.#lose(event.error);
      },
    });
    this.#client = client;
    client.handle(registerRestActions, (request) => this.#register(request));
    client.handle(registerCustomSettings, (request) => session.registerSettings(request));
    client.handle(registerTransportActions, (request) => session.registerActions(request));
    client.handle(addSettingsUpdateConsumer, (request) => session.addConsumers(request));
    client.handle(workerRegistered, (body) => this.#onWorkerRegistered(body));
    client.handleOthers((body, context) => session.pass(body, context));
  }

  /** True while requests may be given to the worker. */
  get isReady(): boolean {
    return this.#state === 'ready';
  }

  get routes(): ServedRoutes {
    return this.#routes ?? NO_ROUTES;
  }

  /**
   * Connects, initialises the worker as the node did, and waits until it has registered everything: before that its settings have no values.
   *
   * @throws what failed
   */
  async open(): Promise<void> {
    const { timeoutMs } = this.#options;
    await this.#client.connect({ timeoutMs });
    await this.#client.call(initializeExtension, this.session.request, { timeoutMs });
    await this.#registered(timeoutMs);
    if (this.#state === 'opening') this.#state = 'ready';
  }

  #registered(timeoutMs: number): Promise<void> {
    if (this.#isRegistered || this.#state === 'closed') return Promise.resolve();
    return new Promise((resolve, reject) => {
      const stop = waitUntil(timeoutMs, () => {
        reject(new TransportError('ERR_DEADLINE', {}, `the worker did not register its routes and settings within ${timeoutMs} ms`));
      });
      this.#onRegistered = () => {
        stop();
        resolve();
      };
    });
  }

  #onWorkerRegistered(body: Buffer): Buffer {
    if (body.length > 0) {
      const { code, message } = JSON.parse(body.toString()) as PlainError;
      this.#options.onRejected(this.session, new TransportError((code ?? 'ERR_REMOTE') as never, {}, message));
    }
    this.#isRegistered = true;
    this.#onRegistered?.();
    return Buffer.alloc(0);
  }

  /** The worker registers its routes: nodes have generic ones, so only deprecated routes are told to them. */
  #register(request: RegisterRestActionsRequest): { readonly status: boolean } {
    const routes = new ServedRoutes(request.restActions, request.deprecatedRestActions);
    this.#routes = routes;
    const { session } = this;
    session.registerDeprecated(request).catch((error: unknown) => {
      this.#options.onRejected(session, TransportError.from(error));
    });
    return { status: true };
  }

  /** Passes a request of the node on to the worker. @throws as of a client's call */
  async call<A extends AnyAction>(action: A, request: RequestOf<A>, context: ServerCallContext, timeoutMs: number): Promise<ResponseOf<A>> {
    this.#inFlight++;
    try {
      return await passOn(this.#client, action, request, context, timeoutMs);
    } finally {
      if (--this.#inFlight === 0) this.#onIdle?.();
    }
  }

  #lose(error: TransportError | null): void {
    if (this.#state === 'closed') return;
    this.#end();
    this.#options.onLost(error ?? new TransportError('ERR_CONNECTION_LOST', {}, 'the worker closed its connection'));
  }

  /** Waits for requests in flight, then closes. @param drainMs time for them */
  async drain(drainMs: number): Promise<void> {
    const began = performance.now();
    if (this.#inFlight > 0 && drainMs > 0) {
      await new Promise<void>((resolve) => {
        const stop = waitUntil(drainMs, resolve);
        this.#onIdle = () => {
          stop();
          resolve();
        };
      });
    }
    this.#end();
    await this.#client.close({ drainMs: Math.max(0, drainMs - (performance.now() - began)) });
  }

  /** Closes at once: the node or the worker has gone. */
  abort(): void {
    this.#end();
    this.#client.abort();
  }

  #end(): void {
    this.#state = 'closed';
    this.#onRegistered?.();
  }
}

const NO_ROUTES = new ServedRoutes([], []);
