import { V_2_17_0, V_3_2_0 } from '../wire/version.ts';
import type { Codec, OutOf } from './codec.ts';
import { from, list, map, optional, since, struct, withDefault } from './combinators.ts';
import { nodeRoles } from './node-role.ts';
import { string, vInt } from './primitives.ts';
import { transportAddress } from './transport-address.ts';

type Attributes = Readonly<Record<string, string>>;

const attributes: Codec<Record<string, string>, Attributes> = map(string);

/** Writers leave the attributes out: an empty map stands in their place. */
const withheld: typeof attributes = { ...attributes, write: (output) => output.writeVInt(0) };

const nodeWith = (attributesCodec: typeof attributes) =>
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

/** A node of a cluster. */
export type DiscoveryNode = OutOf<typeof discoveryNode>;

const nodesOf = (node: typeof discoveryNode) => struct({ clusterManagerNodeId: optional(string), nodes: list(node) }, 'DiscoveryNodes');

/**
 * `bool` has a cluster manager, its id as `str` if so, `list` of nodes. Which node is the local one is not on the wire.
 *
 * @see wire-format.md §7.2
 */
export const discoveryNodes = nodesOf(discoveryNode);

/** Like {@link discoveryNodes}, with attributes: the form of the cluster state. */
export const discoveryNodesWithAttributes = nodesOf(discoveryNodeWithAttributes);
