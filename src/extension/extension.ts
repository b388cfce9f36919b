import {
  type ExtensionRestRequest,
  initializeExtension,
  restExecuteOnExtension,
  type RestExecuteOnExtensionResponse,
} from '../protocol/action/extension/node-to-extension.ts';
import { registerRestActions } from '../protocol/action/extension/extension-to-node.ts';
import type { ReceivedOf } from '../protocol/action/define-action.ts';
import { StatusError } from '../protocol/error/status-error.ts';
import { TransportError, UsageError } from '../protocol/error/transport-error.ts';
import type { WireLimits } from '../protocol/wire/limits.ts';
import { versionText } from '../protocol/wire/version.ts';
import type { Interceptor } from '../transport/call/call.ts';
import type { ServerCallContext } from '../transport/call/server-context.ts';
import type { Carrier, Endpoint } from '../transport/carrier/link.ts';
import { type CloseOptions, Server } from '../transport/server/server.ts';
import { errorResponse } from './error-response.ts';
import { registrationOf } from './registration.ts';
import { createRequest } from './request.ts';
import { RequestDeadline } from './request-deadline.ts';
import { ownerOf, pathSegments } from './request-path.ts';
import { answerMessage, type ExtensionResponse, toExtensionResponse } from './response.ts';
import { defineDeprecatedRoute, defineRoute, type RouteHandler, type RouteMethod, type RouteOptions } from './route.ts';
import { RouteTable } from './route-table.ts';

/** A node that made this process its extension. */
export interface HostNode {
  readonly name: string;
  readonly version: string;
  /** Name and unique id under which the node knows the extension. */
  readonly extensionName: string;
  readonly uniqueId: string;
}

/** What is told of an extension. */
export type ExtensionEvent =
  /** A node has initialised the extension. */
  | { readonly type: 'initialized'; readonly node: HostNode }
  /** The node serves the routes. */
  | { readonly type: 'registered'; readonly node: HostNode; readonly routes: number }
  /** The node refused the routes; `error.reason` has its words. */
  | { readonly type: 'rejected'; readonly node: HostNode; readonly error: TransportError }
  /** A handler threw something that is no answer to its client. */
  | { readonly type: 'handlerFailed'; readonly method: string; readonly path: string; readonly error: unknown };

/** How an extension is set up. Its name and unique id come from the node. */
export interface ExtensionOptions {
  /** Port to listen on; 0 takes a free one. */
  readonly port: number;
  /** Address to bind. @default '127.0.0.1' */
  readonly host?: string;
  /** @default tcp() */
  readonly carrier?: Carrier;
  /** Time for a handler, in milliseconds. A node gives up after 10 seconds. @default 9_500 */
  readonly timeoutMs?: number;
  readonly limits?: Partial<WireLimits>;
  /** Wrapped around everything the node asks, the first outermost. */
  readonly interceptors?: readonly Interceptor<ServerCallContext>[];
  /** Told what happens. Must not throw. @default refusals and failures of handlers become process warnings */
  readonly onEvent?: (event: ExtensionEvent) => void;
}

const DEFAULT_TIMEOUT_MS = 9_500;

/** Nodes remembered: whoever can connect can say that it is one. */
const MAX_NODES = 1000;

/**
 * A process that OpenSearch nodes serve routes of: it answers their handshakes and `initialize`, registers its routes and executes them. One
 * extension may serve several nodes.
 *
 * @example
 * const ext = extension({ port: 4500 });
 * ext.get('/hello/{name}', ({ params }) => ({ greeting: `Hello, ${params.name}` }));
 * await ext.listen();
 * @see extensions.md §1
 */
export class Extension implements AsyncDisposable {
  readonly #options: ExtensionOptions;
  readonly #timeoutMs: number;
  readonly #routes = new RouteTable();
  readonly #nodes = new Map<string, HostNode>();
  readonly #server: Server;

  constructor(options: ExtensionOptions) {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, onEvent: _onEvent, port: _port, host: _host, ...server } = options;
    if (!(timeoutMs > 0)) throw new UsageError('ERR_CONFIG', {}, `timeoutMs: ${String(timeoutMs)} is no number of milliseconds above 0`);
    this.#options = options;
    this.#timeoutMs = timeoutMs;
    this.#server = new Server({ ...server, nodeName: 'extension' });
    this.#server.handle(initializeExtension, (request, context) => this.#initialize(request, context));
    this.#server.handle(restExecuteOnExtension, (message, context) => this.#execute(message, context));
  }

  /** The nodes that have initialised the extension, one for each unique id. */
  get nodes(): readonly HostNode[] {
    return [...this.#nodes.values()];
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
    this.#checkOpen(method, path);
    this.#routes.add(defineRoute(method, path, handler, options));
    return this;
  }

  /** Adds a route whose use nodes log as deprecated. @throws as {@link get} */
  deprecated<const Path extends string>(method: RouteMethod, path: Path, message: string, handler: RouteHandler<Path>): this {
    this.#checkOpen(method, path);
    this.#routes.add(defineDeprecatedRoute(method, path, message, handler));
    return this;
  }

  /** A node takes the routes of an extension once. @see extensions.md §1.4 */
  #checkOpen(method: string, path: string): void {
    if (this.#nodes.size === 0) return;
    throw new UsageError('ERR_USAGE', {}, `${method} ${path}: a node has the routes already; add every route before listen()`);
  }

  /**
   * Listens for nodes.
   *
   * @returns the address with the actual port, for the body of `POST /_extensions/initialize`
   * @throws ERR_ADDRESS_IN_USE, ERR_DIAL, ERR_USAGE, ERR_CLOSED
   */
  listen(): Promise<Endpoint> {
    const { port, host } = this.#options;
    return this.#server.listen(host === undefined ? { port } : { port, host });
  }

  /** Lets requests under way finish, then closes every connection. The nodes do not come back by themselves. Idempotent. */
  close(options?: CloseOptions): Promise<void> {
    return this.#server.close(options);
  }

  /** Closes everything now; what is under way is lost. Idempotent. */
  abort(): void {
    this.#server.abort();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Name and unique id are the node's: whatever it calls us, we answer to it. */
  #initialize({ sourceNode, extension }: ReceivedOf<typeof initializeExtension>, context: ServerCallContext) {
    const node: HostNode = {
      name: sourceNode.name,
      version: versionText(sourceNode.versionId),
      extensionName: extension.name,
      uniqueId: extension.id,
    };
    this.#remember(node);
    this.#emit({ type: 'initialized', node });
    void this.#register(node, context);
    return { name: extension.name, implementedInterfaces: ['Extension', 'ActionExtension'] };
  }

  #remember(node: HostNode): void {
    this.#nodes.set(node.uniqueId, node);
    if (this.#nodes.size <= MAX_NODES) return;
    const [oldest] = this.#nodes.keys();
    this.#nodes.delete(oldest as string);
  }

  /** Tells the node about the routes, on the connection that initialised us. Never throws. */
  async #register(node: HostNode, { channel }: ServerCallContext): Promise<void> {
    const { routes } = this.#routes;
    if (routes.length === 0) return;
    try {
      const { status } = await channel.call(registerRestActions, registrationOf(routes, node.uniqueId));
      if (!status) throw new TransportError('ERR_REMOTE', {}, 'the node did not acknowledge the routes');
      this.#emit({ type: 'registered', node, routes: routes.length });
    } catch (error) {
      this.#emit({ type: 'rejected', node, error: TransportError.from(error) });
    }
  }

  // hot: extension
  #execute(
    message: ExtensionRestRequest,
    context: ServerCallContext,
  ): RestExecuteOnExtensionResponse | Promise<RestExecuteOnExtensionResponse> {
    const deadline = new RequestDeadline(this.#timeoutMs, context.signal);
    let result: unknown;
    try {
      result = this.#run(message, context, deadline);
    } catch (error) {
      deadline.done();
      return answerMessage(this.#failed(message, error), message);
    }
    if (isPromise(result)) return this.#await(message, deadline, result);
    deadline.done();
    return answerMessage(this.#answer(message, result), message);
  }

  #run(message: ExtensionRestRequest, context: ServerCallContext, deadline: RequestDeadline): unknown {
    const segments = pathSegments(message.uri, message.path, ownerOf(message.uri, this.#nodes.keys()));
    const match = this.#routes.match(message.method, segments);
    if (match.kind === 'route') {
      const opaqueId = context.headers['X-Opaque-Id'] ?? null;
      return match.route.handler(createRequest(message, match, { opaqueId, signal: () => deadline.signal }));
    }
    if (match.kind === 'wrong-method') {
      const reason = `${message.method} is not allowed for ${message.path}, allowed: ${match.allow.join(', ')}`;
      throw new StatusError(405, 'method_not_allowed_exception', reason, { headers: { Allow: [match.allow.join(', ')] } });
    }
    throw new StatusError(404, 'resource_not_found_exception', `no route for ${message.method} ${message.path}`);
  }

  async #await(message: ExtensionRestRequest, deadline: RequestDeadline, promised: PromiseLike<unknown>) {
    let answer: ExtensionResponse;
    try {
      answer = this.#answer(message, await deadline.race(promised));
    } catch (error) {
      answer = this.#failed(message, error);
    }
    return answerMessage(answer, message);
  }

  #answer(message: ExtensionRestRequest, result: unknown): ExtensionResponse {
    try {
      return toExtensionResponse(result);
    } catch (error) {
      return this.#failed(message, error);
    }
  }

  #failed(message: ExtensionRestRequest, error: unknown): ExtensionResponse {
    if (!(error instanceof StatusError)) {
      this.#emit({ type: 'handlerFailed', method: message.method, path: message.path, error });
    }
    return errorResponse(error);
  }

  #emit(event: ExtensionEvent): void {
    const { onEvent } = this.#options;
    if (onEvent !== undefined) onEvent(event);
    else if (event.type === 'rejected') process.emitWarning(`${event.node.name} refused the routes: ${event.error.message}`);
    else if (event.type === 'handlerFailed') process.emitWarning(`${event.method} ${event.path} failed: ${String(event.error)}`);
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}

/** Makes an extension; see {@link Extension}. @throws ERR_CONFIG */
export function extension(options: ExtensionOptions): Extension {
  return new Extension(options);
}
