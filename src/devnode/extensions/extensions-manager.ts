import { lookup } from 'node:dns/promises';
import type { AnyAction } from '../../protocol/action/define-action.ts';
import {
  addSettingsUpdateConsumer,
  extensionProxyAction,
  registerCustomSettings,
  registerRestActions,
  registerTransportActions,
  requestTransportAction,
} from '../../protocol/action/extension/extension-to-node.ts';
import { initializeExtension } from '../../protocol/action/extension/node-to-extension.ts';
import { toTransportAddress } from '../../protocol/codec/ip-address.ts';
import type { Settings } from '../../protocol/codec/settings.ts';
import { reasonOf } from '../../protocol/error/reason-of.ts';
import type { TransportError } from '../../protocol/error/transport-error.ts';
import type { WireLimits } from '../../protocol/wire/limits.ts';
import { formatEndpoint } from '../../transport/carrier/endpoint.ts';
import type { Carrier } from '../../transport/carrier/link.ts';
import { randomNodeId } from '../../transport/channel/own-identity.ts';
import type { Connection, ConnectionState } from '../../transport/client/connection.ts';
import { boundedName } from '../../transport/util/bounded-text.ts';
import { waitUntil } from '../../transport/util/deadline-wheel.ts';
import type { NodeFacts } from '../node-facts.ts';
import { RestAnswer } from '../rest/rest-answer.ts';
import type { RestController } from '../rest/rest-controller.ts';
import type { RestRequest } from '../rest/rest-request.ts';
import type { RestResult } from '../rest/rest-handler.ts';
import { CustomSettings, type SettingRegistry } from './custom-settings.ts';
import { Deprecations } from './deprecations.ts';
import type { NodeExtensionEvent } from './extension-events.ts';
import { ExtensionLinks } from './extension-links.ts';
import { ExtensionQuestions } from './extension-questions.ts';
import { objectOf } from './install-body.ts';
import {
  checkInstallMembers,
  describeExtension,
  installMembers,
  type InstallMembers,
  InstallRefusal,
  portOf,
  versionsOf,
} from './install-request.ts';
import { InstalledExtension } from './installed-extension.ts';
import type { NodeActions } from './node-actions.ts';
import { builtInRoles, sourceNode } from './node-description.ts';
import { ProxiedActions } from './proxied-actions.ts';
import { NO_TOKEN } from './rest-forwarding.ts';
import { RestRegistration } from './rest-registration.ts';
import { RouteBook } from './route-book.ts';

/** Time that an extension has for a request: a constant of nodes, in milliseconds. */
const REQUEST_TIMEOUT_MS = 10_000;

/** Time to find the address of a host, in milliseconds. */
const LOOKUP_TIMEOUT_MS = 10_000;

/** Upper bound on extensions that a node is told of. */
const MAX_EXTENSIONS = 1000;

/** What the extensions of a node need of it. */
export interface ExtensionsManagerOptions {
  readonly controller: RestController;
  /** The actions of the node: extensions may call all of them. */
  readonly actions: NodeActions;
  readonly facts: NodeFacts;
  /** The settings that the node was started with. */
  readonly startUp: Settings;
  readonly settings: SettingRegistry;
  /** Opens the connections to extensions. */
  readonly carrier: Carrier;
  readonly limits?: Partial<WireLimits> | undefined;
  /** Whether requests to extensions are compressed. @default false */
  readonly compress?: boolean | undefined;
  /** Time between pings on idle connections to extensions, in milliseconds; 0 for none. @default 0 */
  readonly pingIntervalMs?: number | undefined;
  /** Time that an extension has for a request, in milliseconds. A constant in genuine nodes. @default 10_000 */
  readonly timeoutMs?: number | undefined;
  readonly emit: (event: NodeExtensionEvent) => void;
}

/** An extension as its node shows it. */
export interface NodeExtension {
  readonly uniqueId: string;
  readonly name: string;
  /** Where it listens, such as `127.0.0.1:4500`. */
  readonly address: string;
  /** Routes that are served, as `GET /path`, below `/_extensions/_<uniqueId>`. */
  readonly routes: readonly string[];
  readonly isConnected: boolean;
  /** Whether it answered its initialisation with its own name. It is served without, too. */
  readonly isInitialized: boolean;
}

/**
 * The extensions of a node: initialises them when REST asks for it, serves what they call, and passes REST requests on to them.
 *
 * @see extensions.md §1
 */
export class ExtensionsManager {
  readonly #options: ExtensionsManagerOptions;
  readonly #links: ExtensionLinks;
  readonly #extensions = new Map<string, InstalledExtension>();
  #isClosed = false;

  constructor(options: ExtensionsManagerOptions) {
    this.#options = options;
    const { facts, actions, controller, carrier, limits, pingIntervalMs = 0 } = options;
    const onHandlerError = (action: string, error: unknown): void => this.#refused(null, action, error);
    this.#links = new ExtensionLinks({ carrier, identity: facts.identity, limits, pingIntervalMs, onHandlerError });
    this.#serveRest();
    this.#serveActions();
    new ExtensionQuestions(facts, options.startUp, () => this.#extensions.values()).serveOn(actions);
    actions.serveOn(this.#links.dispatcher);
    controller.register('POST', '/_extensions/initialize', async (request) => this.#initialise(request));
  }

  /** The extensions that the node was told of, in that order. */
  get extensions(): readonly NodeExtension[] {
    return [...this.#extensions.values()].map(({ uniqueId, name, address, routes, isConnected, isInitialized }) => {
      return { uniqueId, name, address: formatEndpoint(address), routes: [...routes], isConnected, isInitialized };
    });
  }

  readonly #find = (uniqueId: string): InstalledExtension | undefined => this.#extensions.get(uniqueId);

  #serveRest(): void {
    const { actions, controller, emit, facts, timeoutMs = REQUEST_TIMEOUT_MS } = this.#options;
    const routes = new RestRegistration({
      controller,
      book: new RouteBook(facts.identity.version, (name) => actions.has(name)),
      deprecations: new Deprecations(`OpenSearch-${facts.release}-unknown`),
      timeoutMs,
      find: this.#find,
      onDeprecated: (uniqueId, message) => emit({ type: 'deprecatedRouteUsed', uniqueId, message }),
      onUnfit: (uniqueId, uri, reason) => emit({ type: 'answerUnfit', uniqueId, uri, reason }),
    });
    actions.handle(registerRestActions, (request) => {
      const registered = this.#attempt(request.uniqueId, registerRestActions, () => routes.register(request));
      emit({ type: 'routesRegistered', uniqueId: request.uniqueId ?? '', routes: registered });
      return { status: true };
    });
  }

  #serveActions(): void {
    const { actions, settings, emit, timeoutMs = REQUEST_TIMEOUT_MS } = this.#options;
    const proxied = new ProxiedActions(this.#find, timeoutMs);
    const custom = new CustomSettings(settings, this.#find, (uniqueId, key, error) => {
      emit({ type: 'settingNotDelivered', uniqueId, key, error });
    });
    actions.handle(registerTransportActions, ({ uniqueId, transportActions }) => {
      const register = (): boolean => proxied.register(uniqueId ?? '', transportActions);
      return { status: this.#attempt(uniqueId, registerTransportActions, register) };
    });
    actions.handle(requestTransportAction, (request) => proxied.callFromExtension(request));
    actions.handle(extensionProxyAction, (request) => proxied.callFromNode(request));
    actions.handle(registerCustomSettings, (request) => {
      this.#attempt(request.uniqueId, registerCustomSettings, () => custom.register(request));
      return { status: true };
    });
    actions.handle(addSettingsUpdateConsumer, (request) => {
      return { status: this.#attempt(request.extensionNode.id, addSettingsUpdateConsumer, () => custom.subscribe(request)) };
    });
  }

  /** Does what an extension asks for, and tells listeners of a refusal. */
  #attempt<T>(uniqueId: string | null, action: AnyAction, step: () => T): T {
    try {
      return step();
    } catch (error) {
      this.#refused(uniqueId, action.name, error);
      throw error;
    }
  }

  #refused(uniqueId: string | null, action: string, error: unknown): void {
    const shown = error instanceof Error ? error : new Error(reasonOf(error));
    this.#options.emit({ type: 'extensionRefused', uniqueId: uniqueId === null ? null : boundedName(uniqueId), action, error: shown });
  }

  /** Installs an extension, and starts it after that: the answer says nothing about its connection. */
  async #initialise(request: RestRequest): Promise<RestResult> {
    const { version } = this.#options.facts.identity;
    const body = await objectOf(request, version);
    try {
      const extension = await this.#install(installMembers(body, version));
      void this.#start(extension);
      return RestAnswer.json({ success: 'A request to initialize an extension has been sent.' }, { status: 202 });
    } catch (error) {
      return refusalText(error);
    }
  }

  /** @throws InstallRefusal */
  async #install(members: InstallMembers): Promise<InstalledExtension> {
    checkInstallMembers(members);
    this.#throwIfKnown(members);
    const { uniqueId, name, hostAddress } = members;
    const ip = await addressOf(hostAddress);
    const address = { host: ip, port: portOf(members.port) };
    const { identity } = this.#options.facts;
    const versions = versionsOf(members, identity.version);
    this.#throwIfKnown(members);
    const node = {
      name,
      id: uniqueId,
      ephemeralId: randomNodeId(),
      hostName: hostAddress,
      hostAddress,
      address: { ...toTransportAddress(address), host: hostAddress },
      roles: builtInRoles(identity.version),
      versionId: versions.opensearch,
      minimumCompatibleVersionId: versions.minimumCompatible,
      dependencies: [...members.dependencies],
    };
    const facts = { uniqueId, name, address, node, description: describeExtension(members) };
    const connect = (endpoint: typeof address): Connection => this.#links.connectionTo(endpoint, this.#onState(uniqueId));
    const extension = new InstalledExtension(facts, connect, this.#options.compress ?? false);
    this.#extensions.set(uniqueId, extension);
    return extension;
  }

  #throwIfKnown(members: InstallMembers): void {
    if (this.#isClosed) throw new InstallRefusal('the node is closed');
    if (this.#extensions.has(members.uniqueId))
      throw new InstallRefusal(`Duplicate uniqueId [${members.uniqueId}]. Did not load extension: ${describeExtension(members)}`);
    if (this.#extensions.size >= MAX_EXTENSIONS)
      throw new InstallRefusal(`the node takes at most ${MAX_EXTENSIONS} extensions; restart it to take others`);
  }

  /** Connects to an extension and tells it who it is. Its id is free again if it cannot be reached, and stays taken if it refuses. */
  async #start(extension: InstalledExtension): Promise<void> {
    const { uniqueId, name, node } = extension;
    try {
      await extension.connect();
    } catch (error) {
      this.#extensions.delete(uniqueId);
      this.#failed(uniqueId, error);
      return;
    }
    try {
      const request = { sourceNode: sourceNode(this.#options.facts), extension: node, serviceAccountHeader: NO_TOKEN };
      const answer = await extension.call(initializeExtension, request, { timeoutMs: Number.POSITIVE_INFINITY });
      if (answer.name !== name) throw new Error(`the extension answered with the name '${boundedName(answer.name)}', expected '${name}'`);
      extension.isInitialized = true;
      this.#options.emit({ type: 'extensionInitialized', uniqueId, name });
    } catch (error) {
      this.#failed(uniqueId, error);
    }
  }

  #failed(uniqueId: string, error: unknown): void {
    if (this.#isClosed) return;
    this.#options.emit({ type: 'extensionFailed', uniqueId, error: error instanceof Error ? error : new Error(reasonOf(error)) });
  }

  /** Returns what watches the connection to an extension. */
  #onState(uniqueId: string): (connection: Connection, state: ConnectionState, error: TransportError | null) => void {
    let wasOpen = false;
    return (_connection, state, error) => {
      if (state === 'open') wasOpen = true;
      else if (wasOpen && state === 'idle') this.#options.emit({ type: 'extensionDisconnected', uniqueId, error });
    };
  }

  /** Ends every connection; calls in flight get `drainMs` to be answered. Idempotent. */
  async close(drainMs: number): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#extensions.values()].map((extension) => extension.close(drainMs)));
    this.#links.close();
  }
}

/** Returns the IP address of a host. @throws InstallRefusal in the words of Java */
async function addressOf(host: string): Promise<string> {
  const name = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  try {
    return await inTime(lookup(name), LOOKUP_TIMEOUT_MS);
  } catch {
    throw new InstallRefusal(`${host}: Name or service not known`);
  }
}

async function inTime(found: Promise<{ readonly address: string }>, timeoutMs: number): Promise<string> {
  let stop: () => void = () => undefined;
  const late = new Promise<never>((_resolve, reject) => {
    stop = waitUntil(timeoutMs, () => reject(new Error('the name was not found in time')));
  });
  try {
    return (await Promise.race([found, late])).address;
  } finally {
    stop();
  }
}

/** Returns a refusal as text, with status 500. Other errors are thrown: they are answered as JSON. */
function refusalText(error: unknown): RestAnswer {
  if (error instanceof InstallRefusal) return RestAnswer.bytes({ status: 500, content: error.message });
  throw error;
}
