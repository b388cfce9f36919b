import {
  addSettingsUpdateConsumer,
  type AddSettingsUpdateConsumerRequest,
  registerCustomSettings,
  type RegisterCustomSettingsRequest,
  registerRestActions,
  type RegisterRestActionsRequest,
  registerTransportActions,
  type RegisterTransportActionsRequest,
} from '../../protocol/action/extension/extension-to-node.ts';
import type { ExtensionAcknowledgedResponse } from '../../protocol/action/extension/both-ways.ts';
import type { InitializeExtensionRequest } from '../../protocol/action/extension/node-to-extension.ts';
import { type AnyAction, type Action, defineAction } from '../../protocol/action/define-action.ts';
import { rest } from '../../protocol/codec/primitives.ts';
import { TransportError } from '../../protocol/error/transport-error.ts';
import type { VersionId } from '../../protocol/wire/version.ts';
import type { PeerChannel } from '../../transport/call/peer-channel.ts';
import type { ServerCallContext } from '../../transport/call/server-context.ts';
import type { HostNode } from '../node/host-node.ts';
import { DeprecatedPaths } from './deprecated-paths.ts';
import { genericRoutes } from './generic-routes.ts';

/** Time for what a worker asks of a node, in milliseconds: the worker has deadlines of its own. */
const PASS_TIMEOUT_MS = 600_000;

/** Upper bound on names remembered as registered with one node. */
const MAX_REGISTERED = 10_000;

/** An action whose bytes are passed on as they are. */
export type BytesAction = Action<Buffer, Uint8Array, Buffer, Uint8Array>;

/** Returns an action of this name that passes bytes on. */
function bytesAction(name: string): BytesAction {
  return defineAction({ name, request: rest, response: rest });
}

/** Passes a request on to a channel, and the headers of its answer back. */
export function passOn<A extends AnyAction>(
  channel: Pick<PeerChannel, 'call'>,
  action: A,
  request: Parameters<typeof channel.call<A>>[1],
  context: ServerCallContext,
  timeoutMs: number,
): ReturnType<typeof channel.call<A>> {
  return channel.call(action, request, {
    timeoutMs,
    signal: context.signal,
    headers: context.headers,
    parentTask: context.parentTask,
    compress: context.compressed,
    onResponseHeaders: (headers) => {
      for (const [name, values] of Object.entries(headers)) for (const value of values) context.addResponseHeader(name, value);
    },
  });
}

/**
 * A node that has initialised the supervisor as its extension: what it said, and what is registered with it. A node accepts most registrations once, so those of
 * later workers are answered here.
 *
 * @see extensions.md §1.4, §1.6
 */
export class NodeSession {
  readonly node: HostNode;
  readonly channel: PeerChannel;
  /** What the node said when it initialised the extension. Workers are told the same. */
  readonly request: InitializeExtensionRequest;
  /** Version of the node's messages. */
  readonly version: VersionId;
  readonly #settings = new Set<string>();
  readonly #actions = new Set<string>();
  readonly #consumers = new Set<string>();
  readonly #deprecated = new DeprecatedPaths();

  constructor(node: HostNode, channel: PeerChannel, request: InitializeExtensionRequest, version: VersionId) {
    this.node = node;
    this.channel = channel;
    this.request = request;
    this.version = version;
  }

  /** Registers routes that match every path. @returns how many @throws as the node refuses them */
  async registerGenericRoutes(depth: number): Promise<number> {
    const { uniqueId } = this.node;
    const restActions = genericRoutes(uniqueId, depth);
    const { status } = await this.channel.call(registerRestActions, { uniqueId, restActions });
    if (!status) throw new TransportError('ERR_REMOTE', {}, 'the node did not acknowledge the routes');
    return restActions.length;
  }

  /**
   * Registers deprecated routes that the node does not know yet, so that it logs their use.
   *
   * @throws the node's error
   * @see {@link DeprecatedPaths}
   */
  async registerDeprecated(request: RegisterRestActionsRequest): Promise<void> {
    for (const { route, message } of this.#deprecated.added(request)) {
      await this.channel.call(registerRestActions, { uniqueId: this.node.uniqueId, deprecatedRestActions: [route, message] });
    }
  }

  /** Registers the settings that the node does not know yet: it would unregister the others. @throws the node's error */
  registerSettings(request: RegisterCustomSettingsRequest): Promise<ExtensionAcknowledgedResponse> | ExtensionAcknowledgedResponse {
    const settings = request.settings.filter(({ key }) => remember(this.#settings, key));
    if (settings.length === 0) return { status: true };
    return this.channel.call(registerCustomSettings, { uniqueId: request.uniqueId, settings });
  }

  /** Registers the transport actions that the node does not know yet. @throws the node's error */
  async registerActions(request: RegisterTransportActionsRequest): Promise<ExtensionAcknowledgedResponse> {
    const transportActions = request.transportActions.filter((name) => !this.#actions.has(name));
    if (transportActions.length === 0) return { status: true };
    const answer = await this.channel.call(registerTransportActions, { ...request, transportActions });
    if (answer.status) for (const name of transportActions) remember(this.#actions, name);
    return answer;
  }

  /** Subscribes to settings that are not subscribed to yet: the node would send each change twice. @throws the node's error */
  async addConsumers(request: AddSettingsUpdateConsumerRequest): Promise<ExtensionAcknowledgedResponse> {
    const settings = request.settings.filter(({ key }) => !this.#consumers.has(key));
    if (settings.length === 0) return { status: true };
    const answer = await this.channel.call(addSettingsUpdateConsumer, { ...request, settings });
    if (answer.status) for (const { key } of settings) remember(this.#consumers, key);
    return answer;
  }

  /** Passes any other request of a worker on to the node. */
  pass(body: Buffer, context: ServerCallContext): Promise<Buffer> {
    return passOn(this.channel, bytesAction(context.action), body, context, PASS_TIMEOUT_MS);
  }
}

/** Returns whether a name is new, and remembers it. */
function remember(names: Set<string>, name: string): boolean {
  if (names.has(name) || names.size >= MAX_REGISTERED) return false;
  names.add(name);
  return true;
}
