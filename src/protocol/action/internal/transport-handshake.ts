import { optional, struct } from '../../codec/combinators.ts';
import { discoveryNodeWithAttributes } from '../../codec/discovery-node.ts';
import { empty, string, version } from '../../codec/primitives.ts';
import { defineAction } from '../define-action.ts';

/**
 * `internal:transport/handshake`: who a node is. Response: `opt` DiscoveryNode with attributes, `str` cluster name, `vInt` version.
 *
 * @see wire-format.md §7
 */
export const transportHandshake = defineAction({
  name: 'internal:transport/handshake',
  request: empty,
  response: struct({ discoveryNode: optional(discoveryNodeWithAttributes), clusterName: string, version }),
  summary: 'Asks a node who it is',
  idempotent: true,
});
