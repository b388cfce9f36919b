import { randomBytes } from 'node:crypto';
import type { DiscoveryNode } from '../../protocol/codec/discovery-node.ts';
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
    address: { ip: ipHex(address.host), host: address.host, port: address.port },
    streamAddress: null,
    attributes: {},
    roles: [],
    versionId: identity.version,
  };
}

/** The 4 or 16 bytes of an IP address in hex; names become the loopback address. */
function ipHex(host: string): string {
  if (/^\d+(\.\d+){3}$/.test(host)) return Buffer.from(host.split('.').map(Number)).toString('hex');
  if (!host.includes(':')) return '7f000001';
  const [head = '', tail] = host.split('%', 1)[0]?.split('::') ?? [];
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const zeros = new Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0000');
  return [...before, ...zeros, ...after].join('');
}

/** Groups of four hex digits; an IPv4 tail makes two. */
function groups(text: string): string[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => (group.includes('.') ? (ipHex(group).match(/.{4}/g) ?? []) : [group.padStart(4, '0')]));
}
