import { randomBytes } from 'node:crypto';
import type { DiscoveryNode } from '../../protocol/codec/discovery-node.ts';
import { toTransportAddress } from '../../protocol/codec/ip-address.ts';
import type { VersionId } from '../../protocol/wire/version.ts';
import type { Endpoint } from '../carrier/link.ts';
import { isCount, isName, type OptionChecks } from '../util/check-options.ts';

/** The identity of a client or server: what its answers to handshakes say. */
export interface OwnIdentity {
  readonly nodeName: string;
  readonly clusterName: string;
  /** Persistent node id: it survives restarts. OpenSearch uses 22 characters of URL-safe base64. */
  readonly nodeId: string;
  /** Id of this run of the node: it changes with every start. */
  readonly ephemeralId: string;
  /** Release of the node. */
  readonly version: VersionId;
}

/** The checks of an identity's options. */
export const IDENTITY_CHECKS: OptionChecks<OwnIdentity> = {
  nodeName: isName,
  clusterName: isName,
  nodeId: isName,
  ephemeralId: isName,
  version: isCount(1),
};

/** Returns a new node id in OpenSearch's form: 16 random bytes in URL-safe base64. */
export function randomNodeId(): string {
  return randomBytes(16).toString('base64url');
}

/** Returns the node that a transport handshake presents. It has no roles, so a cluster assigns no work to it. */
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
