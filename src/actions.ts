export { catalogue, findAction, shortNameOf } from './protocol/action/catalogue.ts';
export * as cluster from './protocol/action/cluster/cluster.ts';
export * as docs from './protocol/action/docs/docs.ts';
export * as indices from './protocol/action/indices/indices.ts';
export * as internal from './protocol/action/internal/internal.ts';
