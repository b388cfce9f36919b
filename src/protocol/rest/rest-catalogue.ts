import { restCluster } from './cluster/rest-cluster.ts';
import { restDocs } from './docs/rest-docs.ts';
import { restIndices } from './indices/rest-indices.ts';
import type { RestAction } from './rest-action.ts';

/** The REST forms of actions, family by family. */
export const restActions: readonly RestAction[] = Object.freeze([...restCluster, ...restDocs, ...restIndices]);
