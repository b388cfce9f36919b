// Types of the values that actions of several families hold: every family's door exports them.
export type { Build } from '../../codec/build.ts';
export type { DiscoveryNode, DiscoveryNodeInit } from '../../codec/discovery-node.ts';
export type { ExceptionExtra, ExceptionInit, ExceptionValue, NamedLists } from '../../codec/exception/exception-value.ts';
export type { GenericEntries, GenericMap, GenericValue, ScriptedAvg, ZonedTime } from '../../codec/generic-kinds.ts';
export type { GeoPoint } from '../../codec/geo-point.ts';
export type { IndicesOption, IndicesOptions, WildcardState } from '../../codec/indices-options.ts';
export type { NodeRole, NodeRoleInit } from '../../codec/node-role.ts';
export type { RestStatus } from '../../codec/rest-status.ts';
export type { Settings, SettingValue } from '../../codec/settings.ts';
export type { Index, ShardId } from '../../codec/shard-id.ts';
export type { TaskId } from '../../codec/task-id.ts';
export type { TimeUnit, TimeValue } from '../../codec/time-value.ts';
export type { TransportAddress } from '../../codec/transport-address.ts';
export type { InitOf } from '../../codec/typed.ts';
export type { RemoteStackFrame } from '../../error/remote-error.ts';
export type { ActiveShardCount } from './active-shard-count.ts';
export type { TimeInit } from './timeout.ts';
export type * from '../signature-types.ts';
