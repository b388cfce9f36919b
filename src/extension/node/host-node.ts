import type { AnyAction, RequestOf, ResponseOf } from '../../protocol/action/define-action.ts';
import type { DiscoveryExtensionNode } from '../../protocol/action/extension/both-ways.ts';
import {
  type ClusterStateResponse,
  extensionClusterState,
  extensionDependencyInformation,
  extensionEnvironmentSettings,
} from '../../protocol/action/extension/extension-info.ts';
import type { InitializeExtensionRequest } from '../../protocol/action/extension/node-to-extension.ts';
import type { Settings } from '../../protocol/codec/settings.ts';
import type { DiscoveryNode } from '../../protocol/codec/discovery-node.ts';
import { StatusError } from '../../protocol/error/status-error.ts';
import type { TransportError } from '../../protocol/error/transport-error.ts';
import { versionText } from '../../protocol/wire/version.ts';
import type { CallOptions } from '../../transport/call/call.ts';
import type { PeerChannel } from '../../transport/call/peer-channel.ts';
import { boundedName } from '../../transport/util/bounded-text.ts';
import { callRemote } from './remote-action.ts';

/** Longest id and name that a node may give the extension, in characters: nodes accept no longer names for its routes. */
const MAX_ID_CHARACTERS = 256;

/** Upper bound on remembered dependencies of an extension. */
const MAX_DEPENDENCIES = 256;

/** Another extension that this one needs, as its node was told. */
export interface RequiredExtension {
  readonly uniqueId: string;
  readonly version: string;
}

/** What the initialise request of a node says. */
export interface HostNodeFacts {
  readonly sourceNode: Pick<DiscoveryNode, 'id' | 'name' | 'versionId' | 'address'>;
  readonly extension: DiscoveryExtensionNode;
  readonly serviceAccountHeader: InitializeExtensionRequest['serviceAccountHeader'];
}

/** How far the registration with a node is. It belongs to a connection and a unique id, however often the node initialises the extension on it. */
export interface RegistrationState {
  status: 'running' | 'acknowledged' | 'rejected';
  /** The reason of a rejection. */
  error?: TransportError;
}

/** A node that has initialised this process as its extension, under one unique id. */
export class HostNode {
  /** Name of the node. A long one is cut. */
  readonly name: string;
  /** Release of the node, for example `3.9.0`. */
  readonly version: string;
  /** Id of the node. It stays the same when the node restarts. */
  readonly nodeId: string;
  /** Name under which the node knows the extension. */
  readonly extensionName: string;
  /** Unique id under which the node knows the extension. */
  readonly uniqueId: string;
  /** The extensions that this one needs, from the `dependencies` with which the node was told to initialise it. */
  readonly requiredExtensions: readonly RequiredExtension[];
  /** @internal Host at which the node tells others that it is. */
  readonly publishHost: string;
  readonly #channel: PeerChannel;
  readonly #extension: DiscoveryExtensionNode;
  readonly #serviceToken: string | null;
  #registration: RegistrationState = { status: 'running' };

  /**
   * @internal
   * @throws StatusError 400 for an id or a name that is too long, and for too many dependencies
   */
  constructor({ sourceNode, extension, serviceAccountHeader }: HostNodeFacts, channel: PeerChannel) {
    checkLength('unique id of an extension', extension.id);
    checkLength('name of an extension', extension.name);
    checkLength('id of a node', sourceNode.id);
    checkDependencies(extension.dependencies);
    this.name = boundedName(sourceNode.name);
    this.version = versionText(sourceNode.versionId);
    this.nodeId = sourceNode.id;
    this.publishHost = sourceNode.address.host;
    this.extensionName = extension.name;
    this.uniqueId = extension.id;
    this.requiredExtensions = extension.dependencies.map(({ uniqueId, version }) => ({ uniqueId, version: versionText(version) }));
    this.#channel = channel;
    this.#extension = extension;
    this.#serviceToken = serviceAccountHeader;
  }

  /** False once the connection by which the node initialised the extension has ended. It never becomes true again: a node that comes back is another object. */
  get isConnected(): boolean {
    return !this.#channel.ended.aborted;
  }

  /**
   * Calls an action of the node on the connection that it opened itself: every action of the catalogue, for example `cluster.health`.
   *
   * @throws as a client's call
   * @example await ext.node.call(cluster.health, {});
   */
  call<A extends AnyAction>(action: A, request: RequestOf<A>, options?: CallOptions): Promise<ResponseOf<A>> {
    return this.#channel.call(action, request, options);
  }

  /**
   * Calls a transport action of another extension of this node.
   *
   * @throws RemoteActionError, RemoteError, and as a client's call
   */
  remote(action: string, request: Uint8Array, options?: CallOptions): Promise<Buffer> {
    return callRemote(this, action, request, options);
  }

  /**
   * Returns the name of the cluster, and its state as bytes: their layout follows the release of the node. REST's `_cluster/state` is easier to read.
   *
   * @see extensions.md §1.3 no. 9
   */
  clusterState(options?: CallOptions): Promise<ClusterStateResponse> {
    return this.#channel.call(extensionClusterState, { uniqueId: this.uniqueId }, options);
  }

  /** Returns the settings that the node was started with, by their whole names. Secure settings are not among them. @see extensions.md §1.3 no. 7 */
  environment(options?: CallOptions): Promise<Settings> {
    return this.#channel.call(extensionEnvironmentSettings, { uniqueId: this.uniqueId }, options);
  }

  /** Returns the extensions of the node that need a version of this one which is the node's own version. @see extensions.md §1.3 no. 10 */
  dependencies(options?: CallOptions): Promise<DiscoveryExtensionNode[]> {
    return this.#channel.call(extensionDependencyInformation, { uniqueId: this.uniqueId }, options);
  }

  /** @internal The connection by which the node initialised the extension. */
  get channel(): PeerChannel {
    return this.#channel;
  }

  /** @internal */
  get registration(): RegistrationState {
    return this.#registration;
  }

  /** @internal */
  set registration(state: RegistrationState) {
    this.#registration = state;
  }

  /** @internal The extension as its node sees it, for messages that carry it. */
  get extensionNode(): DiscoveryExtensionNode {
    return this.#extension;
  }

  /** @internal The token of the extension's service account; null if the node sent none. A getter, so that `console.log` does not show it. */
  get serviceToken(): string | null {
    return this.#serviceToken;
  }
}

function checkLength(what: string, text: string): void {
  if (text.length <= MAX_ID_CHARACTERS) return;
  throw refusal(`the ${what} must have at most ${MAX_ID_CHARACTERS} characters, got ${text.length}`);
}

function checkDependencies(dependencies: HostNodeFacts['extension']['dependencies']): void {
  if (dependencies.length > MAX_DEPENDENCIES) {
    throw refusal(`an extension must have at most ${MAX_DEPENDENCIES} dependencies, got ${dependencies.length}`);
  }
  for (const { uniqueId } of dependencies) checkLength('unique id of a dependency', uniqueId);
}

function refusal(text: string): StatusError {
  return new StatusError(400, 'illegal_argument_exception', text);
}
