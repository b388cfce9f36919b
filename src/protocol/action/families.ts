// The families of actions, one line each: the catalogue, names in code, the documentation and the tests take them from here.
export * as cluster from './cluster/cluster.ts';
export * as docs from './docs/docs.ts';
export * as extension from './extension/extension.ts';
export * as indices from './indices/indices.ts';
export * as internal from './internal/internal.ts';
