import {
  type ExtensionRestRequest,
  initializeExtension,
  restExecuteOnExtension,
} from '../../src/protocol/action/extension/node-to-extension.ts';
import { registerRestActions } from '../../src/protocol/action/extension/extension-to-node.ts';
import type { ResponseOf } from '../../src/protocol/action/define-action.ts';
import { HeaderCache } from '../../src/protocol/frame/native/header-cache.ts';
import { SharedView } from '../../src/protocol/frame/native/shared-view.ts';
import { DEFAULT_LIMITS } from '../../src/protocol/wire/limits.ts';
import { parseVersion } from '../../src/protocol/wire/version.ts';
import { Dispatcher } from '../../src/transport/call/dispatcher.ts';
import { tcp } from '../../src/transport/carrier/tcp.ts';
import { Channel } from '../../src/transport/channel/channel.ts';
import { shakeHands } from '../../src/transport/channel/handshake.ts';
import { RequestHeads } from '../../src/protocol/frame/native/request-head.ts';
import { PeerReleases } from '../../src/transport/channel/peer-releases.ts';
import { ownNode, randomNodeId } from '../../src/transport/channel/own-identity.ts';
import { UnreadWatch } from '../../src/transport/channel/unread-watch.ts';
import { CLIENT_VERSIONS } from '../../src/transport/channel/version-policy.ts';
import { SignalRegistry } from '../../src/transport/util/signal-registry.ts';

/** The body of `POST /_extensions/initialize`. */
export interface InitializeBody {
  readonly name: string;
  readonly uniqueId: string;
  readonly hostAddress: string;
  readonly port: string | number;
  readonly opensearchVersion: string;
  readonly minimumCompatibleVersion: string;
}

/** An answer as the client of a node gets it. */
export interface RestAnswer {
  readonly status: string;
  readonly contentType: string;
  readonly body: string;
}

/**
 * Plays the node of an extension: dials it, shakes hands, initialises it with a JSON body as the node's REST interface takes it, accepts its
 * routes, and passes requests to them. A path parameter is passed on by name, as a node does.
 */
export class ActingNode implements AsyncDisposable {
  readonly #channel: Channel;
  readonly #uniqueId: string;
  readonly #routes: readonly string[];

  private constructor(channel: Channel, uniqueId: string, routes: readonly string[]) {
    this.#channel = channel;
    this.#uniqueId = uniqueId;
    this.#routes = routes;
  }

  /** The routes the extension registered: `METHOD /path uniqueName`. */
  get routes(): readonly string[] {
    return this.#routes;
  }

  /** Resolves when the extension has answered and registered its routes. */
  static async initialize(extension: InitializeBody): Promise<ActingNode> {
    const dispatcher = new Dispatcher();
    const registered = new Promise<readonly string[]>((resolve) => {
      dispatcher.handle(registerRestActions, ({ restActions }) => {
        resolve(restActions);
        return { status: true };
      });
    });
    const channel = await dial(extension, dispatcher);
    const answer = await channel.call(initializeExtension, identities(extension));
    if (answer.name !== extension.name) throw new Error(`the extension calls itself ${answer.name}, not ${extension.name}`);
    return new ActingNode(channel, extension.uniqueId, await registered);
  }

  /** What `METHOD /_extensions/_uniqueId/path` answers. */
  async execute(method: ExtensionRestRequest['method'], path: string, body = ''): Promise<RestAnswer> {
    const answer = await this.#channel.call(restExecuteOnExtension, {
      method,
      uri: `/_extensions/_${this.#uniqueId}${path}`,
      path,
      params: this.#params(method, path),
      mediaType: body === '' ? null : 'application/json',
      content: Buffer.from(body),
      principalIdentifierToken: 'noopToken',
    });
    return rendered(answer);
  }

  #params(method: string, path: string): Record<string, string> {
    const given = path.split('/');
    for (const route of this.#routes) {
      const [routeMethod, pattern = ''] = route.split(' ');
      const names = pattern.split('/');
      if (routeMethod !== method || names.length !== given.length) continue;
      return Object.fromEntries(names.flatMap((name, at) => (name.startsWith('{') ? [[name.slice(1, -1), given[at] ?? '']] : [])));
    }
    return {};
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#channel.close(1_000);
  }
}

const VERSION = parseVersion('2.19.0');

async function dial({ hostAddress, port }: InitializeBody, dispatcher: Dispatcher): Promise<Channel> {
  const made: Channel[] = [];
  await tcp().dial({ host: hostAddress, port: Number(port) }, (link) => {
    const channel = new Channel(link, {
      role: 'dialed',
      several: false,
      limits: DEFAULT_LIMITS,
      headers: new HeaderCache(),
      views: new SharedView(),
      heads: new RequestHeads(),
      releases: new PeerReleases(),
      signals: new SignalRegistry(),
      dispatcher,
      nodeName: 'acting-node',
      version: VERSION,
      maxInFlight: 100,
      maxBufferedBytes: DEFAULT_LIMITS.maxFrameBytes,
      unread: new UnreadWatch(60_000),
      incomingMetrics: null,
      outgoingMetrics: null,
      observer: { onChannelClosed: () => undefined, onHandshake: () => undefined, onHandlerError: () => undefined },
    });
    made.push(channel);
    return channel;
  });
  const [channel] = made as [Channel];
  await shakeHands(channel, { versions: CLIENT_VERSIONS, timeoutMs: 10_000, signal: null, clusterName: null });
  return channel;
}

function identities({ name, uniqueId, hostAddress, port, opensearchVersion, minimumCompatibleVersion }: InitializeBody) {
  const own = { nodeName: 'acting-node', clusterName: 'acting', nodeId: randomNodeId(), ephemeralId: randomNodeId(), version: VERSION };
  const there = {
    nodeName: name,
    clusterName: 'acting',
    nodeId: uniqueId,
    ephemeralId: randomNodeId(),
    version: parseVersion(opensearchVersion),
  };
  return {
    sourceNode: ownNode(own, { host: '127.0.0.1', port: 9300 }),
    extension: {
      ...ownNode(there, { host: hostAddress, port: Number(port) }),
      minimumCompatibleVersionId: parseVersion(minimumCompatibleVersion),
    },
  };
}

function rendered({ status, contentType, content }: ResponseOf<typeof restExecuteOnExtension>): RestAnswer {
  return { status, contentType, body: content.toString('utf8') };
}
