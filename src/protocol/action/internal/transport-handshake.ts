import { optional, struct } from '../../codec/combinators.ts';
import { type DiscoveryNode, type DiscoveryNodeInit, discoveryNodeWithAttributes } from '../../codec/discovery-node.ts';
import { empty, string, version } from '../../codec/primitives.ts';
import { type InitOf, typed } from '../../codec/typed.ts';
import type { VersionId } from '../../wire/version.ts';
import { defineAction } from '../define-action.ts';

/** A request without fields: `{}`. */
export type TransportHandshakeRequest = Record<never, never>;

/** Who a node is. */
export interface TransportHandshakeResponse {
  /** The node with its attributes; null for a peer that is not a node of a cluster, such as an extension. */
  readonly discoveryNode: DiscoveryNode | null;
  readonly clusterName: string;
  /** Id of its release. */
  readonly version: VersionId;
}

/** A {@link TransportHandshakeResponse} to send. */
export interface TransportHandshakeResponseInit
  extends InitOf<TransportHandshakeResponse, 'clusterName' | 'version', { readonly discoveryNode: DiscoveryNodeInit | null }> {}

/**
 * `internal:transport/handshake`: asks a node who it is. Response: `opt` DiscoveryNode with attributes, `str` cluster name, `vInt` version.
 *
 * @see wire-format.md §7
 */
export const transportHandshake = defineAction({
  name: 'internal:transport/handshake',
  request: empty,
  response: typed<TransportHandshakeResponse, TransportHandshakeResponseInit>()(
    struct({ discoveryNode: optional(discoveryNodeWithAttributes), clusterName: string, version }),
  ),
  summary: 'Asks a node who it is',
  idempotent: true,
});
