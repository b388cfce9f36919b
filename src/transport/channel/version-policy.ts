import { VersionError } from '../../protocol/error/transport-error.ts';
import {
  isOpenSearchVersion,
  V_2_0_0,
  V_2_11_0,
  V_2_19_0,
  V_3_9_0,
  V_4_0_0,
  V_LEGACY_6_7_99,
  V_LEGACY_7_9_99,
  type VersionId,
  versionText,
} from '../../protocol/wire/version.ts';

/** Which versions an endpoint speaks. Our own rule, not the node's `isCompatible`. @see architecture.md §6 */
export interface VersionPolicy {
  /** What we answer to handshakes and the newest stream version we write in answers. @default 2.19.0 for servers */
  readonly own: VersionId;
  /** Oldest peer accepted by a client. @default 2.11.0 */
  readonly oldest: VersionId;
  /** First version that is too new. @default 4.0.0 */
  readonly below: VersionId;
}

/** A server's, and an extension's: everything a node of any 2.x or 3.x puts in a frame is taken, 2.19.0 is answered. */
export const SERVER_VERSIONS: VersionPolicy = { own: V_2_19_0, oldest: V_2_0_0, below: V_4_0_0 };

/** A client's: newest stream version this package knows. */
export const CLIENT_VERSIONS: VersionPolicy = { own: V_3_9_0, oldest: V_2_11_0, below: V_4_0_0 };

/** The version in the header of our handshake requests: the one that every 2.x and 3.x node takes. @see wire-format.md §6.5 */
export const HANDSHAKE_HEADER_VERSION: VersionId = V_2_19_0;

/** What a frame's version must be for its body to be readable, or the error that ends the channel. */
export function checkFrameVersion(version: VersionId, handshake: boolean): VersionError | null {
  if (version > 0 && isOpenSearchVersion(version) && version < V_4_0_0 && (handshake || version >= V_2_0_0)) return null;
  if (handshake && (version === V_LEGACY_7_9_99 || version === V_LEGACY_6_7_99)) return null;
  const text = `Received ${handshake ? 'handshake ' : ''}message from unsupported version: [${versionText(version)}] minimal compatible version is: [2.0.0]`;
  return new VersionError('ERR_VERSION', { delivery: 'maybe-sent' }, text);
}

/** Whether a client goes on with a peer of this version, or the error that names both. */
export function checkPeerVersion(remote: VersionId, policy: VersionPolicy, label: string): VersionError | null {
  if (remote >= policy.oldest && remote < policy.below) return null;
  const range = `${versionText(policy.oldest)} up to but not including ${versionText(policy.below)}`;
  return new VersionError(
    'ERR_VERSION',
    {},
    `${label} runs ${versionText(remote)}, we speak ${versionText(policy.own)} and accept ${range}`,
  );
}
