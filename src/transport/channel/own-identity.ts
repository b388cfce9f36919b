import { randomBytes } from 'node:crypto';
import type { DiscoveryNode } from '../../protocol/codec/discovery-node.ts';
import { toTransportAddress } from '../../protocol/codec/ip-address.ts';
import type { VersionId } from '../../protocol/wire/version.ts';
import type { Endpoint } from '../carrier/link.ts';

/** Who an endpoint says it is. */
export interface OwnIdentity {
  readonly nodeName: string;
  readonly clusterName: string;
  /** Persistent id: 22 characters of URL-safe base64. */
  readonly nodeId: string;
  /** New at every start. */
  readonly ephemeralId: string;
  /** What is answered to handshakes. */
  readonly version: VersionId;
}

/** A node id as OpenSearch makes them: 16 random bytes in URL-safe base64. */
export function randomNodeId(): string {
  return randomBytes(16).toString('base64url');
}

/** The node an endpoint presents in a transport handshake: no roles, so that nobody gives it work. */
export function ownNode(identity: OwnIdentity, address: Endpoint): DiscoveryNode {
  return {
    name: identity.nodeName,
    id: identity.nodeId,
    ephemeralId: identity.ephemeralId,
    hostName: address.host,
    hostAddress: address.host,
    address: toTransportAddress(address),
    streamAddress: null,
    attributes: {},
    roles: [],
    versionId: identity.version,
  };
}
