import { struct } from '../../codec/combinators.ts';
import { rest, string } from '../../codec/primitives.ts';
import { defineAction } from '../define-action.ts';
import { extensionRequest } from './extension-request.ts';

/**
 * Node to extension: `str` cluster name, then `opt` ClusterState and `bool` waited, which stay bytes: the layout of the state follows the node's
 * release.
 *
 * @memory owned
 */
export const clusterStateResponse = struct({ clusterName: string, state: rest }, 'ClusterStateResponse');

/** The cluster state as an extension asks for it. REST's `_cluster/state` is easier to read. @see extensions.md §1.3 no. 9 */
export const extensionClusterState = defineAction({
  name: 'internal:discovery/clusterstate',
  request: extensionRequest('REQUEST_EXTENSION_CLUSTER_STATE'),
  response: clusterStateResponse,
  summary: 'Gives an extension the cluster state',
  idempotent: true,
});
