import type { TransportError } from '../../protocol/error/transport-error.ts';
import type { WireLimits } from '../../protocol/wire/limits.ts';
import type { Interceptor } from '../call/call.ts';
import { ADMISSION_CHECKS } from '../call/admission.ts';
import type { ServerCallContext } from '../call/server-context.ts';
import type { Carrier, Endpoint } from '../carrier/link.ts';
import { IDENTITY_CHECKS, type OwnIdentity } from '../channel/own-identity.ts';
import {
  isBoolean,
  isCarrier,
  isCount,
  isDuration,
  isFunction,
  isListOf,
  isName,
  isOptions,
  isRelease,
  type OptionChecks,
} from '../util/check-options.ts';
import { areWireLimits } from '../util/wire-limits.ts';

/** An event of a server. */
export type ServerEvent =
  | { readonly type: 'channelOpened'; readonly remote: Endpoint }
  | { readonly type: 'channelClosed'; readonly remote: Endpoint; readonly error: TransportError | null }
  /** A connection was closed before it could be used; `remote` is null if the system did not even hand it over (too many open files). */
  | { readonly type: 'channelRefused'; readonly remote: Endpoint | null; readonly error: TransportError }
  /** A handler threw an error that is not an answer to its caller, or its answer could not be written. */
  | { readonly type: 'handlerFailed'; readonly action: string; readonly error: unknown };

/** Every type of event of a server. */
export const SERVER_EVENTS: Readonly<Record<ServerEvent['type'], true>> = {
  channelOpened: true,
  channelClosed: true,
  channelRefused: true,
  handlerFailed: true,
};

/** Node ids of a server. Clients such as the Java SDK of extensions compare them with the ids of the node they were told to call. */
export type ServerIdentityOptions = Partial<Pick<OwnIdentity, 'nodeId' | 'ephemeralId'>>;

/** Options of a server. */
export interface ServerOptions {
  /** Medium to listen on. @default tcp() */
  readonly carrier?: Carrier;
  /** Name of the node in handshakes and error messages. @default 'opensearch-transport' */
  readonly nodeName?: string;
  /** Name of the cluster in handshakes. @default 'opensearch' */
  readonly clusterName?: string;
  /** Node ids that handshakes present. @default random ids, new for every server */
  readonly identity?: ServerIdentityOptions;
  /** Version that handshakes answer, and the newest stream version of answers. @default '2.19.0' */
  readonly version?: string;
  readonly limits?: Partial<WireLimits>;
  /** Upper bound on requests that are served or wait, over all connections; further ones are refused. @default 10_000 */
  readonly maxInFlight?: number;
  /**
   * Upper bound on the bytes of the bodies of these requests, over all connections; further requests are refused. Bytes count as they arrive. When the
   * bound is reached, requests whose bodies are incomplete and have made no progress for a second are refused to make room. @default 268_435_456 (256 MiB)
   */
  readonly maxInFlightBytes?: number;
  /**
   * Fair share of one connection, and of one host, as a fraction of both bounds: above 0, at most 1. When only this fraction of a bound is still free, it
   * is kept for connections and hosts that hold less than their share. 1 keeps nothing back. @default 0.25
   */
  readonly maxInFlightShare?: number;
  /**
   * Upper bound on bytes that wait to be written to one connection, its answers and requests together. While it is exceeded, answers of handlers that still
   * run are dropped: their callers get an error with status 429. The server stops reading requests of the connection at 1 MiB, or at this bound if it
   * is smaller. On all connections together, 1.5 times `maxBufferedBytes` may wait. Beyond that, a connection on which bytes wait gets no further answers,
   * and connections whose peer reads nothing for 2 seconds are closed. For a quarter of a second, a connection on which nothing waits still gets its answers, up to 3 times
   * `maxBufferedBytes` on all together. Small answers go further, and a single answer is never dropped because it is large.
   */
  readonly maxBufferedBytes?: number;
  /**
   * Upper bound on open connections, those with a TLS handshake under way included. When it is reached, the oldest connection that has never sent a
   * message is closed for a new one. If there is none, an idle connection of the host with the most connections is closed, but only if that host has
   * more than 13, the number that one node opens. One in the middle of a message that has brought less than 64 KiB for 5 seconds counts as idle, too, unless
   * a handler is at work on it. Otherwise the new connection is closed. @default 1_000
   */
  readonly maxConnections?: number;
  /** Upper bound on open connections of one host. When it is reached, one of the host makes way as above. @default Infinity */
  readonly maxConnectionsPerHost?: number;
  /**
   * Time for the first message of a connection, in milliseconds; Infinity for no limit. Pings are no messages. A node opens 13 connections and
   * performs the handshake on the first one only, so for each handshake this timeout does not apply to 12 silent connections of its host. For nodes with more (`transport.connections_per_node`) use
   * Infinity. @default 30_000
   */
  readonly handshakeTimeoutMs?: number;
  /**
   * Once a message has begun, each such period must bring 1 KiB more of it, or its end; otherwise the connection is closed. In milliseconds; Infinity for
   * no limit. Connections that are quiet between
   * messages stay. It is also the time in which a peer has to read 1 KiB of what waits to be written to it. @default 60_000
   */
  readonly stallTimeoutMs?: number;
  /** Wrapped around every handler but those of the two handshakes, the first outermost; handlers with `exempt: true` included. */
  readonly interceptors?: readonly Interceptor<ServerCallContext>[];
  /** Counts and times requests, see {@link Server.metrics}. @default false */
  readonly metrics?: boolean;
  /** Called with every event; {@link Server.on} adds listeners of one type. What it throws becomes a process warning. */
  readonly onEvent?: (event: ServerEvent) => void;
}

/** The checks of a server's options. */
export const SERVER_CHECKS: OptionChecks<ServerOptions> = {
  ...ADMISSION_CHECKS,
  carrier: isCarrier,
  nodeName: isName,
  clusterName: isName,
  identity: isOptions<ServerIdentityOptions>('identity', { nodeId: IDENTITY_CHECKS.nodeId, ephemeralId: IDENTITY_CHECKS.ephemeralId }),
  version: isRelease,
  limits: areWireLimits,
  maxBufferedBytes: isCount(1),
  maxConnections: isCount(1),
  maxConnectionsPerHost: isCount(1),
  handshakeTimeoutMs: isDuration,
  stallTimeoutMs: isDuration,
  interceptors: isListOf('an array of interceptors', isFunction),
  metrics: isBoolean,
  onEvent: isFunction,
};
