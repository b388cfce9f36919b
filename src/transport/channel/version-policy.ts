import { VersionError } from '../../protocol/error/transport-error.ts';
import {
  judgeHeaderVersion,
  minVersion,
  V_1_0_0,
  V_2_0_0,
  V_2_11_0,
  V_2_19_0,
  V_2_19_6,
  V_3_0_0,
  V_3_9_0,
  V_4_0_0,
  V_LEGACY_6_8_0,
  V_LEGACY_7_10_2,
  V_LEGACY_7_9_99,
  type VersionId,
  versionText,
} from '../../protocol/wire/version.ts';

/** The versions an endpoint speaks. The range is our own rule, not a node's `isCompatible`. @see architecture.md §6 */
export interface VersionPolicy {
  /** The release we answer to handshakes, and the newest stream version of our answers. @default 2.19.0 for servers */
  readonly own: VersionId;
  /** Oldest peer accepted by a client. @default 2.11.0 */
  readonly oldest: VersionId;
  /** First version that is too new. @default 4.0.0 */
  readonly below: VersionId;
}

/** The versions of servers and extensions: they take the frames of every 2.x and 3.x node, and answer 2.19.0. */
export const SERVER_VERSIONS: VersionPolicy = { own: V_2_19_0, oldest: V_2_0_0, below: V_4_0_0 };

/** The versions of clients: up to the newest stream version this package knows. */
export const CLIENT_VERSIONS: VersionPolicy = { own: V_3_9_0, oldest: V_2_11_0, below: V_4_0_0 };

/** The header version of our handshake requests: one that every 2.x and 3.x node takes. @see wire-format.md §6.5 */
export const HANDSHAKE_HEADER_VERSION: VersionId = V_2_19_0;

/**
 * Returns null when a frame with this header version is read, else the error that ends the channel. A handshake is judged as a genuine node of release
 * `own` judges it; the answer to one may also have a version that only 2.x nodes take.
 *
 * @param own the release we claim to be. @default 2.19.0
 * @see wire-format.md §6.5
 */
// hot: call
export function checkFrameVersion(
  version: VersionId,
  isHandshake: boolean,
  isResponse = false,
  own: VersionId = SERVER_VERSIONS.own,
): VersionError | null {
  if (isHandshake) return checkHandshakeVersion(version, isResponse, own);
  if (version >= V_2_0_0 && version < V_4_0_0) return null;
  return unsupported(`Received message from unsupported version: [${versionText(version)}] minimal compatible version is: [2.0.0]`);
}

function checkHandshakeVersion(version: VersionId, isResponse: boolean, own: VersionId): VersionError | null {
  const verdict = judgeHeaderVersion(own, version, true);
  if (verdict.accepted || (isResponse && judgeHeaderVersion(V_2_19_6, version, true).accepted)) return null;
  return unsupported(verdict.error ?? '');
}

function unsupported(text: string): VersionError {
  return new VersionError('ERR_VERSION', { delivery: 'maybe-sent' }, text);
}

/** Returns the header version of an answer: the older of our release and the request's version, as a node of our release reads it. */
export function answerVersion(version: VersionId, own: VersionId): VersionId {
  const seen = version === V_LEGACY_7_9_99 && own >= V_3_0_0 ? V_1_0_0 : version;
  return minVersion(seen, own);
}

/** Returns the release that the answer to a TCP handshake names: ours, but to Elasticsearch 6.8 a 2.x node says 7.10.2. @see wire-format.md §6.4 */
export function releaseToldTo(headerVersion: VersionId, own: VersionId): VersionId {
  return headerVersion === V_LEGACY_6_8_0 && own < V_3_0_0 ? V_LEGACY_7_10_2 : own;
}

/** Returns null when a client accepts a peer of this version, else the error that names both. */
export function checkPeerVersion(remote: VersionId, policy: VersionPolicy, label: string): VersionError | null {
  if (remote >= policy.oldest && remote < policy.below) return null;
  const range = `${versionText(policy.oldest)} up to but not including ${versionText(policy.below)}`;
  return new VersionError(
    'ERR_VERSION',
    {},
    `${label} runs ${versionText(remote)}, we speak ${versionText(policy.own)} and accept ${range}`,
  );
}
