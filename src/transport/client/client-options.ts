import { type TransportError, UsageError } from '../../protocol/error/transport-error.ts';
import type { WireLimits } from '../../protocol/wire/limits.ts';
import { parseVersion, type VersionId, versionText } from '../../protocol/wire/version.ts';
import type { CallContext, Interceptor } from '../call/call.ts';
import type { AdmissionLimits } from '../call/dispatcher.ts';
import type { ServerCallContext } from '../call/server-context.ts';
import type { Carrier, Endpoint } from '../carrier/link.ts';
import { DEFAULT_TIMEOUT_MS } from '../channel/outgoing-calls.ts';
import { type OwnIdentity, randomNodeId } from '../channel/own-identity.ts';
import { CLIENT_VERSIONS, type VersionPolicy } from '../channel/version-policy.ts';
import { atLeast, checkNames, type OptionNames, positiveMs, timerMs } from '../util/check-options.ts';
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

/** What a client's interceptors see besides action and request. */
export interface ClientCallContext extends CallContext {
  /** Time for the whole call, in milliseconds. */
  readonly timeoutMs: number;
  readonly compress: boolean;
}

/** How a client serves the requests of its nodes. */
export interface ClientServeOptions extends AdmissionLimits {
  /** Wrapped around every handler but those of the handshakes, the first outermost. */
  readonly interceptors?: readonly Interceptor<ServerCallContext>[];
}

/** How a client is set up. */
export interface ClientOptions {
  /** Nodes as `host:port`; the port is 9300 unless given. Calls go to those that are connected, in turn. */
  readonly nodes: readonly string[];
  /** @default tcp() */
  readonly carrier?: Carrier;
  /** Name the nodes' cluster must have. @default any */
  readonly clusterName?: string;
  /** Time for a whole call, in milliseconds. @default 30_000 */
  readonly timeoutMs?: number;
  /** Time to connect, and again for the handshakes, in milliseconds. @default 30_000 */
  readonly connectTimeoutMs?: number;
  /** Channels per node: one in all, OpenSearch's own 13, or numbers by purpose. @default 'single' */
  readonly profile?: 'single' | 'node' | ConnectionProfile;
  /** Compresses requests unless the call says otherwise. @default false */
  readonly compress?: boolean;
  /** Milliseconds between keep-alive pings on idle channels; 0 for none. @default 0 */
  readonly pingIntervalMs?: number;
  /** Attempts after a loss, and the waits between them; false for none. @default { attempts: 3, baseMs: 1000, factor: 2, maxMs: 30_000 } */
  readonly reconnect?: ReconnectOptions | false;
  readonly limits?: Partial<WireLimits>;
  /** Calls in flight per channel. @default 100_000 */
  readonly maxInFlight?: number;
  /** Bytes that may wait to be written per channel before calls are refused. @default 268_435_456 (256 MiB) */
  readonly maxBufferedBytes?: number;
  /** Wrapped around every call, the first outermost. */
  readonly interceptors?: readonly Interceptor<ClientCallContext>[];
  /** Counts calls and times them, see {@link Client.metrics}. @default false */
  readonly metrics?: boolean;
  /** Newest version to speak. @default '3.9.0' */
  readonly version?: string;
  /** Oldest and first refused version of a node. @default { from: '2.11.0', below: '4.0.0' } */
  readonly acceptVersions?: { readonly from?: string; readonly below?: string };
  /** Who the client says it is when a peer asks it for a handshake. @default name 'client', random ids, version as below */
  readonly identity?: Partial<OwnIdentity>;
  /** Limits and interceptors of requests that nodes send to {@link Client.handle}. */
  readonly serve?: ClientServeOptions;
  /** Called with every event; {@link Client.on} adds listeners of one type. What it throws becomes a process warning. */
  readonly onEvent?: (event: ClientEvent) => void;
}

const NAMES: OptionNames<ClientOptions> = {
  nodes: true,
  carrier: true,
  clusterName: true,
  timeoutMs: true,
  connectTimeoutMs: true,
  profile: true,
  compress: true,
  pingIntervalMs: true,
  reconnect: true,
  limits: true,
  maxInFlight: true,
  maxBufferedBytes: true,
  interceptors: true,
  metrics: true,
  version: true,
  acceptVersions: true,
  identity: true,
  serve: true,
  onEvent: true,
};

const IDENTITY_NAMES: OptionNames<OwnIdentity> = { nodeName: true, clusterName: true, nodeId: true, ephemeralId: true, version: true };

const SERVE_NAMES: OptionNames<ClientServeOptions> = { interceptors: true, maxInFlight: true, maxInFlightBytes: true };

const RECONNECT_NAMES: OptionNames<ReconnectOptions> = { attempts: true, baseMs: true, factor: true, maxMs: true, random: true };

const DEFAULT_MAX_IN_FLIGHT = 100_000;
const DEFAULT_MAX_BUFFERED_BYTES = 256 * 1024 * 1024;

/** The numbers among the options, checked and complete. */
export interface ClientNumbers {
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly pingIntervalMs: number;
  readonly maxInFlight: number;
  readonly maxBufferedBytes: number;
}

/** @throws ERR_CONFIG for an unknown option, and for a number that makes no sense */
export function checkClientOptions(options: ClientOptions): ClientNumbers {
  checkNames('a client', options, NAMES);
  if (options.nodes.length === 0) throw new UsageError('ERR_CONFIG', {}, 'nodes: at least one node is needed, for example 127.0.0.1:9300');
  checkNames('identity', options.identity ?? {}, IDENTITY_NAMES);
  checkNames('serve', options.serve ?? {}, SERVE_NAMES);
  if (typeof options.reconnect === 'object') checkReconnect(options.reconnect);
  return {
    timeoutMs: positiveMs('timeoutMs', options.timeoutMs ?? DEFAULT_TIMEOUT_MS),
    connectTimeoutMs: positiveMs('connectTimeoutMs', options.connectTimeoutMs ?? DEFAULT_TIMEOUT_MS),
    pingIntervalMs: timerMs('pingIntervalMs', options.pingIntervalMs ?? 0),
    maxInFlight: atLeast(1, 'maxInFlight', options.maxInFlight ?? DEFAULT_MAX_IN_FLIGHT),
    maxBufferedBytes: atLeast(1, 'maxBufferedBytes', options.maxBufferedBytes ?? DEFAULT_MAX_BUFFERED_BYTES),
  };
}

function checkReconnect(options: ReconnectOptions): void {
  checkNames('reconnect', options, RECONNECT_NAMES);
  const { attempts = 0, baseMs = 0, factor = 1, maxMs = 0 } = options;
  atLeast(0, 'reconnect.attempts', attempts);
  timerMs('reconnect.baseMs', baseMs);
  timerMs('reconnect.maxMs', maxMs);
  atLeast(1, 'reconnect.factor', factor);
}

/** @throws ERR_CONFIG for a version newer than this package speaks, ERR_USAGE for what is none */
export function versionsOf({ version, acceptVersions = {} }: ClientOptions): VersionPolicy {
  const { own, oldest, below } = CLIENT_VERSIONS;
  const policy = {
    own: version === undefined ? own : parseVersion(version),
    oldest: acceptVersions.from === undefined ? oldest : parseVersion(acceptVersions.from),
    below: acceptVersions.below === undefined ? below : parseVersion(acceptVersions.below),
  };
  if (policy.own > own)
    throw new UsageError('ERR_CONFIG', {}, `version '${version}' is newer than this package speaks (${versionText(own)})`);
  return policy;
}

/** Returns the identity of a client: what its options say, completed. */
export function identityOf({ identity = {}, clusterName }: ClientOptions, version: VersionId): OwnIdentity {
  return {
    nodeName: identity.nodeName ?? 'client',
    clusterName: identity.clusterName ?? clusterName ?? 'opensearch',
    nodeId: identity.nodeId ?? randomNodeId(),
    ephemeralId: identity.ephemeralId ?? randomNodeId(),
    version: identity.version ?? version,
  };
}
