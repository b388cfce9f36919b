import { optional, struct } from '../../codec/combinators.ts';
import { discoveryNode } from '../../codec/discovery-node.ts';
import { empty, string } from '../../codec/primitives.ts';
import { defineAction } from '../define-action.ts';

/**
 * `cluster:monitor/nodes/liveness`: a cheap sign of life. Response: `str` cluster name, `opt` DiscoveryNode without attributes.
 *
 * @see wire-format.md §11.3
 */
export const liveness = defineAction({
  name: 'cluster:monitor/nodes/liveness',
  request: empty,
  response: struct({ clusterName: string, node: optional(discoveryNode) }),
  summary: 'A cheap sign of life of a node',
  idempotent: true,
  purpose: 'state',
});
