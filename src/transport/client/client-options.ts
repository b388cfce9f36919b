import type { TransportError } from '../../protocol/error/transport-error.ts';
import type { WireLimits } from '../../protocol/wire/limits.ts';
import type { CallContext, Interceptor, ResponseHeadersListener } from '../call/call.ts';
import type { AdmissionLimits } from '../call/admission.ts';
import type { ServerCallContext } from '../call/server-context.ts';
import type { Carrier, Endpoint } from '../carrier/link.ts';
import type { OwnIdentity } from '../channel/own-identity.ts';
import type { ConnectionState, ReconnectOptions } from './connection.ts';
import type { ConnectionProfile } from './connection-profile.ts';

/** An event of a client. */
export type ClientEvent =
  /** The connection to a node changed its state; `error` says why, if something failed. */
  | { readonly type: 'connection'; readonly node: Endpoint; readonly state: ConnectionState; readonly error: TransportError | null }
  /** A handler of {@link Client.handle} threw an error that is not an answer to its caller, or its answer could not be written. */
  | { readonly type: 'handlerFailed'; readonly action: string; readonly error: unknown };

/** Every type of event of a client. */
export const CLIENT_EVENTS: Readonly<Record<ClientEvent['type'], true>> = { connection: true, handlerFailed: true };

/** Context of a call, for interceptors of a client. */
export interface ClientCallContext extends CallContext {
  /** Time for the whole call, in milliseconds. */
  readonly timeoutMs: number;
  readonly compress: boolean;
  /** Called with the response headers of the answer; null if the caller does not ask for them. */
  readonly onResponseHeaders: ResponseHeadersListener | null;
}

/** Range of versions of nodes that a client accepts. */
export interface AcceptedVersions {
  /** Oldest version accepted. @default '2.11.0' */
  readonly from?: string;
  /** First version refused. @default '4.0.0' */
  readonly below?: string;
}

/** Options of the requests that a client serves. */
export interface ClientServeOptions extends AdmissionLimits {
  /** Wrapped around every handler but those of the two handshakes, the first outermost; handlers with `exempt: true` included. */
  readonly interceptors?: readonly Interceptor<ServerCallContext>[];
}

/** Options of a client. */
export interface ClientOptions {
  /** Nodes as `host:port`; the default port is 9300. Calls go to the connected nodes in turn. */
  readonly nodes: readonly string[];
  /** Medium to dial on. @default tcp() */
  readonly carrier?: Carrier;
  /** Name of the cluster that the nodes must belong to. @default any */
  readonly clusterName?: string;
  /** Time for a whole call, connecting included, in milliseconds; Infinity for no limit. @default 30_000 */
  readonly timeoutMs?: number;
  /** Time to connect (TLS included), and again for the handshakes, in milliseconds. @default 30_000 */
  readonly connectTimeoutMs?: number;
  /** Channels per node: one (`single`), OpenSearch's own 13 (`node`), or a number for each purpose. @default 'single' */
  readonly profile?: 'single' | 'node' | ConnectionProfile;
  /** Compresses requests unless the call says otherwise. @default false */
  readonly compress?: boolean;
  /**
   * Time between keep-alive pings on idle channels, in milliseconds; 0 for none. A channel that waits for an answer and has received nothing for half a
   * second is pinged in any case. While a ping is unanswered, calls go to other nodes. The channel is ended after twice this interval without
   * an answer, but after no more than 30 seconds; with 0, after 30 seconds. @default 0
   */
  readonly pingIntervalMs?: number;
  /**
   * Attempts to reach a node again, and the waits between them; false for none.
   *
   * @default { attempts: Infinity, baseMs: 1_000, factor: 2, maxMs: 5_000 }
   */
  readonly reconnect?: ReconnectOptions | false;
  readonly limits?: Partial<WireLimits>;
  /** Upper bound on calls in flight per channel; further calls are refused. @default 100_000 */
  readonly maxInFlight?: number;
  /**
   * Upper bound on bytes that wait to be written per channel; further calls are refused. The client's own answers, to requests that
   * the node sends it (`Client.handle`), have a lower bound: 64 MiB, or this bound if it is smaller. @default 268_435_456 (256 MiB)
   */
  readonly maxBufferedBytes?: number;
  /**
   * Time in which a node has to read 1 KiB of what waits to be written to it, in milliseconds; then its connection ends. Infinity for no limit.
   * @default 60_000
   */
  readonly stallTimeoutMs?: number;
  /**
   * Wrapped around every call, the first outermost. `timeoutMs`, `signal` and `close()` end a call whatever its interceptors do. Errors that they throw
   * reach the caller as they are; what is not an error becomes the cause of one.
   */
  readonly interceptors?: readonly Interceptor<ClientCallContext>[];
  /** Counts and times calls, see {@link Client.metrics}. @default false */
  readonly metrics?: boolean;
  /** Newest stream version to speak. @default '3.9.0' */
  readonly version?: string;
  /** Versions of nodes that are accepted. @default { from: '2.11.0', below: '4.0.0' } */
  readonly acceptVersions?: AcceptedVersions;
  /** Who the client says it is when a peer asks it for a handshake. @default node name 'client', random ids, `clusterName` and `version` as above */
  readonly identity?: Partial<OwnIdentity>;
  /** Limits and interceptors of requests that nodes send to {@link Client.handle}. */
  readonly serve?: ClientServeOptions;
  /** Called with every event; {@link Client.on} adds listeners of one type. What it throws becomes a process warning. */
  readonly onEvent?: (event: ClientEvent) => void;
}
