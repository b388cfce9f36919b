import * as cluster from './cluster/cluster.ts';
import * as docs from './docs/docs.ts';
import * as indices from './indices/indices.ts';
import type { RestAction } from './rest-action.ts';

/** The REST forms of actions, family by family: each family's file lists its own. */
export const restActions: readonly RestAction[] = Object.freeze(
  [cluster, docs, indices].flatMap((family) => Object.values<RestAction>(family)),
);
