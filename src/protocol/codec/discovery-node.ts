import { V_2_17_0, V_3_2_0 } from '../wire/version.ts';
import type { Codec } from './codec.ts';
import { from, list, map, optional, since, struct, withDefault } from './combinators.ts';
import { type NodeRole, type NodeRoleInit, nodeRoles } from './node-role.ts';
import { string, vInt } from './primitives.ts';
import { type TransportAddress, transportAddress } from './transport-address.ts';
import { type InitOf, typed } from './typed.ts';

/** A node of a cluster. */
export interface DiscoveryNode {
  /** The name of its `node.name` setting. */
  readonly name: string;
  /** Persistent id: survives restarts. Of an extension, its unique id. */
  readonly id: string;
  /** Changes with each start of the node. */
  readonly ephemeralId: string;
  readonly hostName: string;
  readonly hostAddress: string;
  /** Where it listens for the transport protocol. */
  readonly address: TransportAddress;
  /** Where it listens for Arrow Flight streams; null without them. On the wire since 3.2.0. */
  readonly streamAddress: TransportAddress | null;
  /** Its `node.attr.*` settings. Empty in most messages: nodes since 2.17.0 send attributes only in transport handshakes and cluster states. */
  readonly attributes: Record<string, string>;
  /** Its roles, in ascending order of names. */
  readonly roles: NodeRole[];
  /** Id of its release: 137307827 is 3.9.0. `versionText` of `opensearch-transport/protocol` shows it. */
  readonly versionId: number;
}

/** A {@link DiscoveryNode} to send. */
export interface DiscoveryNodeInit
  extends InitOf<
    DiscoveryNode,
    'name' | 'id' | 'ephemeralId' | 'hostName' | 'hostAddress' | 'address' | 'versionId',
    { readonly attributes: Readonly<Record<string, string>>; readonly roles: readonly NodeRoleInit[] }
  > {}

type Attributes = Readonly<Record<string, string>>;

const attributes: Codec<Record<string, string>, Attributes> = map(string);

/** Writers leave the attributes out: an empty map stands in their place. */
const withheld: typeof attributes = { ...attributes, write: (output) => output.writeVInt(0) };

const nodeWith = (attributesCodec: typeof attributes): Codec<DiscoveryNode, DiscoveryNodeInit> =>
  typed<DiscoveryNode, DiscoveryNodeInit>()(
    struct(
      {
        name: string,
        id: string,
        ephemeralId: string,
        hostName: string,
        hostAddress: string,
        address: transportAddress,
        streamAddress: since(V_3_2_0, optional(transportAddress), null),
        attributes: withDefault(attributesCodec, {}),
        roles: withDefault(nodeRoles, []),
        versionId: vInt,
      },
      'DiscoveryNode',
    ),
  );

/**
 * A node of a cluster, without its attributes from stream version 2.17.0 on (an empty map stands in their place).
 *
 * `str` name, id, ephemeral id, host name, host address; TransportAddress; from 3.2.0 `opt` stream address; `map str str` attributes; roles;
 * `vInt` version id.
 *
 * @see wire-format.md §7.1
 */
export const discoveryNode = nodeWith(from(V_2_17_0, withheld, attributes));

/** A node of a cluster with its attributes, as the transport handshake and the cluster state send it. @see wire-format.md §7.1 */
export const discoveryNodeWithAttributes = nodeWith(attributes);

const nodesOf = (node: typeof discoveryNode) => struct({ clusterManagerNodeId: optional(string), nodes: list(node) }, 'DiscoveryNodes');

/**
 * `bool` has a cluster manager, its id as `str` if so, `list` of nodes. Which node is the local one is not on the wire.
 *
 * @see wire-format.md §7.2
 */
export const discoveryNodes = nodesOf(discoveryNode);

/** Like {@link discoveryNodes}, with attributes: the form of the cluster state. */
export const discoveryNodesWithAttributes = nodesOf(discoveryNodeWithAttributes);
