import { UsageError } from '../protocol/error/transport-error.ts';
import { randomNodeId } from '../transport/channel/own-identity.ts';
import { tcp } from '../transport/carrier/tcp.ts';
import { createServer, type Server } from '../transport/server/server.ts';
import { checkOptions, configError } from '../transport/util/check-options.ts';
import { type EventListener, type EventOf, Listeners } from '../transport/util/listeners.ts';
import { DEV_NODE_CHECKS, DEV_NODE_EVENTS, type DevNodeEvent, type DevNodeOptions } from './dev-node-options.ts';
import { installCat } from './endpoints/cat.ts';
import { installHealth } from './endpoints/health.ts';
import { installMain } from './endpoints/main.ts';
import { installNativeSettings } from './extensions/native-settings.ts';
import { installNodes } from './endpoints/nodes.ts';
import { installSettings } from './endpoints/settings.ts';
import { installState } from './endpoints/state.ts';
import { ExtensionsManager, type NodeExtension } from './extensions/extensions-manager.ts';
import { ExtensionFaults } from './extensions/faulty-carrier.ts';
import { NodeActions } from './extensions/node-actions.ts';
import { NodeFacts } from './node-facts.ts';
import type { NodeParts } from './node-parts.ts';
import { lineOf, majorOf } from './releases.ts';
import { HttpFront } from './rest/http-front.ts';
import { DEFAULT_HTTP_LIMITS } from './rest/http-limits.ts';
import { RestController } from './rest/rest-controller.ts';
import { ClusterSettings } from './settings/cluster-settings.ts';
import { startUpSettings } from './start-up-settings.ts';
import type { DocumentStore } from './store/document-store.ts';
import { installStore } from './install-store.ts';

/** The lines of releases whose behaviour a development node has. */
const MAJORS = [2, 3];

/** Time for requests that are served when a node closes, in milliseconds. */
const DRAIN_MS = 1000;

/** What a development node is made of; each part registers its routes and its native actions. */
const PARTS: readonly ((parts: NodeParts) => void)[] = [
  installMain,
  installHealth,
  installSettings,
  installNodes,
  installState,
  installCat,
  installNativeSettings,
];

/**
 * A stand-in for an OpenSearch node, for development: it speaks REST and the transport protocol over real sockets and behaves as a genuine node. It is no
 * database: nothing outlives it.
 *
 * @example
 * await using node = await devNode({ version: '3.9.0' });
 * await fetch(`${node.httpUrl}/_cluster/health`);
 */
export class DevNode implements AsyncDisposable {
  /** Disturbs the connections to extensions, for testing them. */
  readonly faults: ExtensionFaults = new ExtensionFaults();
  readonly #events: Listeners<DevNodeEvent>;
  readonly #front: HttpFront;
  readonly #facts: NodeFacts;
  readonly #server: Server;
  readonly #extensions: ExtensionsManager;
  readonly #store: DocumentStore;
  readonly #options: DevNodeOptions;
  #closing: Promise<void> | null = null;

  /** Use {@link devNode}. @throws ERR_CONFIG */
  constructor(options: DevNodeOptions) {
    checkOptions('a development node', options, DEV_NODE_CHECKS);
    const { version = '3.9.0', clusterName = 'dev-node', nodeName = 'dev-node' } = options;
    if (!MAJORS.includes(majorOf(version))) throw configError(`version must be one of 2.x or 3.x, got '${version}'`);
    this.#options = options;
    this.#events = new Listeners('development node', DEV_NODE_EVENTS, options.onEvent);
    this.#server = createServer({ version, clusterName, nodeName });
    this.#facts = new NodeFacts(this.#server.identity, version, { cluster: randomNodeId(), state: randomNodeId() });
    const line = lineOf(version);
    const controller = new RestController();
    const { host = '127.0.0.1', httpPort = 0, transportPort = 0, compress = false, pingIntervalMs = 0 } = options;
    const startUp = startUpSettings({ clusterName, nodeName, host, httpPort, transportPort, compress, pingIntervalMs });
    const settings = new ClusterSettings({ line: majorOf(version) === 2 ? 2 : 3, startUp });
    const actions = new NodeActions();
    actions.serveOn(this.#server);
    const parts = { controller, server: actions, facts: this.#facts, settings };
    for (const install of PARTS) install(parts);
    this.#extensions = new ExtensionsManager({
      controller,
      actions,
      facts: this.#facts,
      startUp,
      settings,
      carrier: this.faults.on(tcp()),
      compress,
      pingIntervalMs,
      timeoutMs: options.extensionTimeoutMs,
      emit: (event) => this.#events.emit(event),
    });
    this.#store = installStore(parts, { maxDocs: options.maxDocs });
    this.#front = new HttpFront({
      controller,
      limits: { ...DEFAULT_HTTP_LIMITS, maxHeaderSize: line.maxHeaderSize, ...options.limits },
      headers: line.hasVersionHeader ? { 'X-OpenSearch-Version': `OpenSearch/${version} (opensearch)` } : {},
      onAnswered: ({ method, uri, status, ms }) => this.#events.emit({ type: 'request', method, path: uri, status, ms }),
    });
  }

  /** Release whose behaviour the node has. */
  get version(): string {
    return this.#facts.release;
  }

  /** Where REST is served, such as `http://127.0.0.1:9200`. */
  get httpUrl(): string {
    const { host, port } = this.#facts.http;
    return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  }

  /** Where the transport protocol is served, such as `127.0.0.1:9300`. */
  get address(): string {
    const { host, port } = this.#facts.transport;
    return `${host.includes(':') ? `[${host}]` : host}:${port}`;
  }

  /** The extensions that the node was told of by `POST /_extensions/initialize`. */
  get extensions(): readonly NodeExtension[] {
    return this.#extensions.extensions;
  }

  /** Adds a listener of one type of event. @throws ERR_USAGE for an unknown type of event */
  on<Type extends DevNodeEvent['type']>(type: Type, listener: EventListener<EventOf<DevNodeEvent, Type>>): this {
    this.#events.add(type, listener);
    return this;
  }

  /** Removes a listener that {@link on} added. @throws ERR_USAGE for an unknown type of event */
  off<Type extends DevNodeEvent['type']>(type: Type, listener: EventListener<EventOf<DevNodeEvent, Type>>): this {
    this.#events.remove(type, listener);
    return this;
  }

  /** Binds both ports; {@link devNode} calls it. @throws ERR_ADDRESS_IN_USE, ERR_CONFIG, ERR_DIAL, ERR_CLOSED */
  async listen(): Promise<void> {
    if (this.#closing !== null) throw new UsageError('ERR_CLOSED', {}, 'the development node is closed');
    const { host = '127.0.0.1', httpPort = 0, transportPort = 0 } = this.#options;
    this.#facts.transport = await this.#server.listen({ host, port: transportPort });
    this.#facts.http = await this.#front.listen(host, httpPort);
  }

  /** Ends everything: requests that are served get a second, then every connection is closed. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    await this.#front.close(DRAIN_MS);
    await this.#extensions.close(0);
    await this.#server.close({ drainMs: DRAIN_MS });
    this.#store.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/**
 * Starts a development node; see {@link DevNode}.
 *
 * @throws ERR_CONFIG, ERR_ADDRESS_IN_USE, ERR_DIAL
 */
export async function devNode(options: DevNodeOptions = {}): Promise<DevNode> {
  const node = new DevNode(options);
  try {
    await node.listen();
  } catch (error) {
    await node.close();
    throw error;
  }
  return node;
}
