// The family `cluster` and its door: its actions, one line each, then their types.
export { health } from './health.ts';
export { liveness } from './liveness.ts';
export { main } from './main.ts';

export type { ClusterHealthRequest, ClusterHealthRequestInit, HealthLevel, HealthStatus, Priority } from './health-request.ts';
export type {
  ClusterAwarenessAttributesHealth,
  ClusterAwarenessAttributesHealthInit,
  ClusterAwarenessAttributeValueHealth,
  ClusterHealthResponse,
  ClusterHealthResponseInit,
  ClusterIndexHealth,
  ClusterIndexHealthInit,
  ClusterShardHealth,
  ShardCounts,
} from './health-response.ts';
export type { LivenessRequest, LivenessResponse, LivenessResponseInit } from './liveness.ts';
export type { MainRequest, MainResponse } from './main.ts';
export type { ClusterManagerReadRequest, ClusterManagerRequest, ClusterManagerTimes } from '../shared/cluster-manager-request.ts';
export type * from '../shared/shared-types.ts';
