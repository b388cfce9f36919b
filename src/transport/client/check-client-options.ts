import { parseVersion, type VersionId, versionText } from '../../protocol/wire/version.ts';
import { ADMISSION_CHECKS } from '../call/admission.ts';
import { DEFAULT_TIMEOUT_MS } from '../channel/outgoing-calls.ts';
import { IDENTITY_CHECKS, type OwnIdentity, randomNodeId } from '../channel/own-identity.ts';
import { CLIENT_VERSIONS, type VersionPolicy } from '../channel/version-policy.ts';
import {
  checkOptions,
  configError,
  describe,
  isBoolean,
  isCarrier,
  isCount,
  isDuration,
  isFunction,
  isListOf,
  isName,
  isNumber,
  isOneOf,
  isOptions,
  isRelease,
  isText,
  isTimer,
  isTimerFrom,
  isValueOr,
  type OptionCheck,
  type OptionChecks,
  required,
} from '../util/check-options.ts';
import { areWireLimits } from '../util/wire-limits.ts';
import type { AcceptedVersions, ClientOptions, ClientServeOptions } from './client-options.ts';
import type { ReconnectOptions } from './connection.ts';
import { areChannelCounts } from './connection-profile.ts';

const areInterceptors = isListOf('an array of interceptors', isFunction);

const areNodes: OptionCheck = (name, value) => {
  const hint = typeof value === 'string' ? " (for one node without other options, call createClient('127.0.0.1:9300'))" : '';
  isListOf(`an array of nodes such as ['127.0.0.1:9300']${hint}`, isText)(name, value);
  if ((value as readonly string[]).length === 0) throw configError(`${name} must have at least one node, for example '127.0.0.1:9300'`);
};

const isProfile: OptionCheck = (name, value) => {
  if (typeof value === 'object') areChannelCounts(name, value);
  else isOneOf('single', 'node')(name, value);
};

const CHECKS: OptionChecks<ClientOptions> = {
  nodes: required(areNodes),
  carrier: isCarrier,
  clusterName: isName,
  timeoutMs: isDuration,
  connectTimeoutMs: isDuration,
  profile: isProfile,
  compress: isBoolean,
  pingIntervalMs: isTimer,
  reconnect: isValueOr(
    false,
    isOptions<ReconnectOptions>('reconnect', {
      attempts: isCount(0),
      baseMs: isTimerFrom(1),
      factor: isNumber(1),
      maxMs: isTimerFrom(1),
      random: isFunction,
    }),
  ),
  limits: areWireLimits,
  maxInFlight: isCount(1),
  maxBufferedBytes: isCount(1),
  stallTimeoutMs: isDuration,
  interceptors: areInterceptors,
  metrics: isBoolean,
  version: isRelease,
  acceptVersions: isOptions<AcceptedVersions>('acceptVersions', { from: isRelease, below: isRelease }),
  identity: isOptions<OwnIdentity>('identity', IDENTITY_CHECKS),
  serve: isOptions<ClientServeOptions>('serve', { ...ADMISSION_CHECKS, interceptors: areInterceptors }),
  onEvent: isFunction,
};

const DEFAULT_MAX_IN_FLIGHT = 100_000;
const DEFAULT_MAX_BUFFERED_BYTES = 256 * 1024 * 1024;
const DEFAULT_STALL_TIMEOUT_MS = 60_000;

/** The numbers among the options, complete. */
export interface ClientNumbers {
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly pingIntervalMs: number;
  readonly maxInFlight: number;
  readonly maxBufferedBytes: number;
  readonly stallTimeoutMs: number;
}

/** Checks the options of a client and returns the numbers among them, complete. @throws ERR_CONFIG naming the option, its value and what is expected */
export function checkClientOptions(options: ClientOptions): ClientNumbers {
  checkOptions('a client', options, CHECKS);
  return {
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    connectTimeoutMs: options.connectTimeoutMs ?? DEFAULT_TIMEOUT_MS,
    pingIntervalMs: options.pingIntervalMs ?? 0,
    maxInFlight: options.maxInFlight ?? DEFAULT_MAX_IN_FLIGHT,
    maxBufferedBytes: options.maxBufferedBytes ?? DEFAULT_MAX_BUFFERED_BYTES,
    stallTimeoutMs: options.stallTimeoutMs ?? DEFAULT_STALL_TIMEOUT_MS,
  };
}

/** Returns the options of a client that was given a node, or options. @throws ERR_CONFIG if the target is neither */
export function toClientOptions(target: string | ClientOptions): ClientOptions {
  if (typeof target === 'string') return { nodes: [target] };
  if (typeof target === 'object' && target !== null && !Array.isArray(target)) return target;
  throw configError(`a client must be given a node such as '127.0.0.1:9300' or an options object, got ${describe(target)}`);
}

/** Returns the versions a client speaks and accepts. @throws ERR_CONFIG for a version newer than this package speaks */
export function versionsOf({ version, acceptVersions = {} }: ClientOptions): VersionPolicy {
  const { own, oldest, below } = CLIENT_VERSIONS;
  const policy = {
    own: version === undefined ? own : parseVersion(version),
    oldest: acceptVersions.from === undefined ? oldest : parseVersion(acceptVersions.from),
    below: acceptVersions.below === undefined ? below : parseVersion(acceptVersions.below),
  };
  if (policy.own > own) throw configError(`version must be at most ${versionText(own)}, the newest this package speaks, got '${version}'`);
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
