import type { DiscoveryNodeInit } from '../../protocol/codec/discovery-node.ts';
import { toTransportAddress } from '../../protocol/codec/ip-address.ts';
import { V_3_0_0, V_4_0_0, V_2_0_0, V_2_19_0, V_LEGACY_7_9_99, type VersionId, versionId } from '../../protocol/wire/version.ts';
import type { VersionPolicy } from '../../transport/channel/version-policy.ts';
import type { NodeFacts } from '../node-facts.ts';

/** What a node is, as far as its extensions are told. */
export type ToldFacts = Pick<NodeFacts, 'identity' | 'transport'>;

const isOf3 = (version: VersionId): boolean => version >= V_3_0_0;

/** Names of the roles a node has by itself, which it writes for each extension, too. @see extensions.md §2.5 */
export function builtInRoles(version: VersionId): readonly string[] {
  return ['cluster_manager', 'data', 'ingest', 'remote_cluster_client', isOf3(version) ? 'warm' : 'search'];
}

/** Roles of a node that was told none. */
const USUAL_ROLES = ['cluster_manager', 'data', 'ingest', 'remote_cluster_client'];

/** Returns the node as its messages describe it. */
export function sourceNode({ identity, transport: address }: ToldFacts): DiscoveryNodeInit {
  return {
    name: identity.nodeName,
    id: identity.nodeId,
    ephemeralId: identity.ephemeralId,
    hostName: address.host,
    hostAddress: address.host,
    address: toTransportAddress(address),
    roles: USUAL_ROLES,
    versionId: identity.version,
  };
}

/** Returns the versions of extensions that a node accepts: up to 3.9 on 2.19, from 2.19 on 3.x. @see extensions.md §2.4 */
export function acceptedVersions(version: VersionId): VersionPolicy {
  const range = isOf3(version) ? { oldest: V_2_19_0, below: versionId(4, 1, 0) } : { oldest: V_2_0_0, below: V_4_0_0 };
  return { own: version, ...range };
}

/** Returns the version in the header of a node's own handshake. @see extensions.md §2.4 */
export function handshakeVersion(version: VersionId): VersionId {
  return isOf3(version) ? V_2_19_0 : V_LEGACY_7_9_99;
}
