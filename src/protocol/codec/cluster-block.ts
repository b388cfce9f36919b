import type { OutOf } from './codec.ts';
import { enumSet, optional, struct } from './combinators.ts';
import { boolean, string, vInt } from './primitives.ts';
import { restStatus } from './rest-status.ts';

/** What a {@link clusterBlock} blocks, by ordinal. */
const CLUSTER_BLOCK_LEVELS = ['READ', 'WRITE', 'METADATA_READ', 'METADATA_WRITE', 'CREATE_INDEX'] as const;

/**
 * A block of a cluster or an index.
 *
 * `vInt` id, `opt str` uuid, `str` description, enum set levels, `bool` retryable, `bool` disable state persistence, `str` REST status, `bool`
 * allow release resources.
 *
 * @see wire-format.md §11.11
 */
export const clusterBlock = struct(
  {
    id: vInt,
    uuid: optional(string),
    description: string,
    levels: enumSet('cluster block level', CLUSTER_BLOCK_LEVELS),
    retryable: boolean,
    disableStatePersistence: boolean,
    status: restStatus,
    allowReleaseResources: boolean,
  },
  'ClusterBlock',
);

/** What {@link clusterBlock} holds. */
export type ClusterBlock = OutOf<typeof clusterBlock>;
