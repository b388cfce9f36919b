import { HeaderCache } from '../../protocol/frame/native/header-cache.ts';
import { RequestHeads } from '../../protocol/frame/native/request-head.ts';
import { SharedView } from '../../protocol/frame/native/shared-view.ts';
import type { WireLimits } from '../../protocol/wire/limits.ts';
import { Dispatcher } from '../../transport/call/dispatcher.ts';
import type { Carrier, Endpoint, Link } from '../../transport/carrier/link.ts';
import { Channel, type ChannelOptions } from '../../transport/channel/channel.ts';
import { answerHandshakes } from '../../transport/channel/handshake.ts';
import type { OwnIdentity } from '../../transport/channel/own-identity.ts';
import { PeerReleases } from '../../transport/channel/peer-releases.ts';
import { UnreadWatch } from '../../transport/channel/unread-watch.ts';
import { Connection, type ConnectionOptions } from '../../transport/client/connection.ts';
import { channelPlan } from '../../transport/client/connection-profile.ts';
import { SignalRegistry } from '../../transport/util/signal-registry.ts';
import { wireLimits } from '../../transport/util/wire-limits.ts';
import { IdlePings } from './idle-pings.ts';
import { acceptedVersions, handshakeVersion } from './node-description.ts';

/** Time to connect to an extension, and again for its handshakes, in milliseconds: `transport.connect_timeout` of a node. */
const CONNECT_TIMEOUT_MS = 30_000;
/** Upper bound on calls in flight per channel. */
const MAX_IN_FLIGHT = 10_000;
/** Upper bound on bytes that wait to be written per channel. */
const MAX_BUFFERED_BYTES = 256 * 1024 * 1024;
/** Time in which an extension has to read 1 KiB of what waits to be written to it, in milliseconds. */
const STALL_TIMEOUT_MS = 60_000;

/** How a node connects to its extensions. */
export interface ExtensionLinksOptions {
  readonly carrier: Carrier;
  readonly identity: OwnIdentity;
  readonly limits: Partial<WireLimits> | undefined;
  readonly pingIntervalMs: number;
  /** A handler of the node failed. */
  readonly onHandlerError: (action: string, error: unknown) => void;
}

/** Opens the 13 connections of a node to an extension, and serves what extensions ask on them. */
export class ExtensionLinks {
  /** Serves the requests of extensions. */
  readonly dispatcher = new Dispatcher();
  readonly #options: ExtensionLinksOptions;
  readonly #channelOptions: ChannelOptions;
  readonly #pings: IdlePings;

  constructor(options: ExtensionLinksOptions) {
    this.#options = options;
    this.#pings = new IdlePings(options.pingIntervalMs);
    answerHandshakes(this.dispatcher, options.identity);
    this.#channelOptions = {
      role: 'dialed',
      several: true,
      limits: wireLimits(options.limits),
      headers: new HeaderCache(),
      views: new SharedView(),
      heads: new RequestHeads(),
      releases: new PeerReleases(),
      signals: new SignalRegistry(),
      dispatcher: this.dispatcher,
      nodeName: options.identity.nodeName,
      version: options.identity.version,
      maxInFlight: MAX_IN_FLIGHT,
      maxBufferedBytes: MAX_BUFFERED_BYTES,
      unread: new UnreadWatch(STALL_TIMEOUT_MS),
      incomingMetrics: null,
      outgoingMetrics: null,
      observer: {
        onChannelClosed: (channel, error) => {
          if (channel.attachment instanceof Connection) channel.attachment.onChannelClosed(error);
        },
        onHandshake: () => undefined,
        onHandlerError: options.onHandlerError,
      },
    };
  }

  /** Returns a connection that is not open yet. It shakes hands on its first channel, and is never opened again. */
  connectionTo(endpoint: Endpoint, onState: ConnectionOptions['onState']): Connection {
    const { version } = this.#options.identity;
    return new Connection(endpoint, {
      carrier: this.#options.carrier,
      plan: channelPlan('node'),
      handshake: {
        versions: acceptedVersions(version),
        timeoutMs: CONNECT_TIMEOUT_MS,
        clusterName: null,
        headerVersion: handshakeVersion(version),
      },
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      reconnect: false,
      keepAlive: this.#pings,
      createChannel: (link: Link) => new Channel(link, this.#channelOptions),
      onState,
    });
  }

  /** Forgets what calls waited for. For a node that has closed every connection. */
  close(): void {
    this.#channelOptions.signals.clear();
  }
}
