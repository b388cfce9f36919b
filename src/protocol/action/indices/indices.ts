// The family `indices` and its door: its actions, one line each, then their types.
export { createIndex as create } from './create-index.ts';
export { deleteIndex as delete } from './delete-index.ts';
export { refresh } from './refresh.ts';

export type { Alias, AliasInit, IndexContext, IndexContextInit } from './create-index.ts';
export type { CreateIndexRequest, CreateIndexRequestInit, CreateIndexResponse } from './create-index.ts';
export type { DeleteIndexRequest, DeleteIndexRequestInit, DeleteIndexResponse } from './delete-index.ts';
export type { RefreshRequest, RefreshRequestInit, RefreshResponse, RefreshResponseInit } from './refresh.ts';
export type { BroadcastRequest, BroadcastRequestInit, BroadcastResponse, BroadcastResponseInit } from '../shared/broadcast.ts';
export type { ShardOperationFailure, ShardOperationFailureInit } from '../shared/broadcast.ts';
export type { AcknowledgedRequest, ClusterManagerRequest, ClusterManagerTimes } from '../shared/cluster-manager-request.ts';
export type * from '../shared/shared-types.ts';
