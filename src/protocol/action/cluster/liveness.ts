import { optional, struct } from '../../codec/combinators.ts';
import { type DiscoveryNode, type DiscoveryNodeInit, discoveryNode } from '../../codec/discovery-node.ts';
import { empty, string } from '../../codec/primitives.ts';
import { type InitOf, typed } from '../../codec/typed.ts';
import { defineAction } from '../define-action.ts';

/** A request without fields: `{}`. */
export type LivenessRequest = Record<never, never>;

/** Says that a node lives. */
export interface LivenessResponse {
  readonly clusterName: string;
  /** The node that answers, without its attributes; null until it is part of a cluster. */
  readonly node: DiscoveryNode | null;
}

/** A {@link LivenessResponse} to send. */
export interface LivenessResponseInit extends InitOf<LivenessResponse, 'clusterName', { readonly node: DiscoveryNodeInit | null }> {}

/**
 * `cluster:monitor/nodes/liveness`: a cheap sign of life. Response: `str` cluster name, `opt` DiscoveryNode without attributes.
 *
 * @see wire-format.md §11.3
 */
export const liveness = defineAction({
  name: 'cluster:monitor/nodes/liveness',
  request: empty,
  response: typed<LivenessResponse, LivenessResponseInit>()(struct({ clusterName: string, node: optional(discoveryNode) })),
  summary: 'A cheap sign of life of a node',
  idempotent: true,
  purpose: 'state',
});
