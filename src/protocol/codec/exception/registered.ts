import { parseVersion, V_3_0_0, type VersionId } from '../../wire/version.ts';
import type { RestStatus } from '../rest-status.ts';

/** Source of an exception's REST status: fixed by its class, the status of its cause, or computed from its extra fields. */
export type StatusSource = RestStatus | 'CAUSE' | 'FIELD';

/** An OpenSearch exception that has an id. */
export interface RegisteredException {
  readonly id: number;
  readonly class: string;
  readonly status: StatusSource;
  /** First stream version at which it is written under its id; 0 for all. */
  readonly since: VersionId;
}

interface Line {
  readonly class?: string;
  readonly status?: StatusSource;
  readonly since?: string;
}

interface Row {
  readonly line3: RegisteredException;
  /** Null where 2.x does not know the exception. */
  readonly line2: RegisteredException | null;
}

/** Differences between releases: `since` is a stream version, `line2` holds the facts of 2.19.6 that differ from 3.9.0. */
interface Differences {
  readonly since?: string;
  readonly line2?: Line | null;
}

function row(id: number, name: string, status: StatusSource = 'INTERNAL_SERVER_ERROR', { since, line2 = {} }: Differences = {}): Row {
  const line = (facts: Line): RegisteredException => ({
    id,
    class: facts.class ?? name,
    status: facts.status ?? status,
    since: sinceId(facts.since ?? since),
  });
  return { line3: line({}), line2: line2 === null ? null : line(line2) };
}

function sinceId(text: string | undefined): VersionId {
  return text === undefined ? 0 : parseVersion(text);
}

/** All registered exceptions: 156 in 3.9.0, 150 of them also in 2.19.6. @see wire-format.md §4.6, §4.7 */
const ROWS: readonly Row[] = [
  row(0, 'org.opensearch.core.index.snapshots.IndexShardSnapshotFailedException'),
  row(1, 'org.opensearch.search.dfs.DfsPhaseExecutionException', 'CAUSE'),
  row(2, 'org.opensearch.common.util.CancellableThreads$ExecutionCancelledException'),
  row(3, 'org.opensearch.discovery.ClusterManagerNotDiscoveredException', 'SERVICE_UNAVAILABLE'),
  row(4, 'org.opensearch.OpenSearchSecurityException', 'FIELD'),
  row(5, 'org.opensearch.index.snapshots.IndexShardRestoreException'),
  row(6, 'org.opensearch.indices.IndexClosedException', 'BAD_REQUEST'),
  row(7, 'org.opensearch.http.BindHttpException'),
  row(8, 'org.opensearch.action.search.ReduceSearchPhaseException', 'FIELD'),
  row(9, 'org.opensearch.node.NodeClosedException'),
  row(10, 'org.opensearch.index.engine.SnapshotFailedEngineException'),
  row(11, 'org.opensearch.index.shard.ShardNotFoundException', 'NOT_FOUND'),
  row(12, 'org.opensearch.transport.ConnectTransportException'),
  row(13, 'org.opensearch.transport.NotSerializableTransportException'),
  row(14, 'org.opensearch.transport.ResponseHandlerFailureTransportException'),
  row(15, 'org.opensearch.indices.IndexCreationException', 'CAUSE'),
  row(16, 'org.opensearch.index.IndexNotFoundException', 'NOT_FOUND'),
  row(17, 'org.opensearch.cluster.routing.IllegalShardRoutingStateException'),
  row(18, 'org.opensearch.action.support.broadcast.BroadcastShardOperationFailedException', 'CAUSE'),
  row(19, 'org.opensearch.ResourceNotFoundException', 'NOT_FOUND'),
  row(20, 'org.opensearch.transport.ActionTransportException'),
  row(21, 'org.opensearch.OpenSearchGenerationException'),
  row(23, 'org.opensearch.index.shard.IndexShardStartedException', 'NOT_FOUND'),
  row(24, 'org.opensearch.search.SearchContextMissingException', 'NOT_FOUND'),
  row(25, 'org.opensearch.script.GeneralScriptException', 'BAD_REQUEST'),
  row(27, 'org.opensearch.snapshots.SnapshotCreationException'),
  row(29, 'org.opensearch.index.engine.DocumentMissingException', 'NOT_FOUND'),
  row(30, 'org.opensearch.snapshots.SnapshotException'),
  row(31, 'org.opensearch.indices.InvalidAliasNameException', 'BAD_REQUEST'),
  row(32, 'org.opensearch.indices.InvalidIndexNameException', 'BAD_REQUEST'),
  row(33, 'org.opensearch.indices.IndexPrimaryShardNotAllocatedException'),
  row(34, 'org.opensearch.transport.TransportException'),
  row(35, 'org.opensearch.OpenSearchParseException', 'BAD_REQUEST'),
  row(36, 'org.opensearch.search.SearchException', 'CAUSE'),
  row(37, 'org.opensearch.index.mapper.MapperException'),
  row(38, 'org.opensearch.indices.InvalidTypeNameException', 'BAD_REQUEST'),
  row(39, 'org.opensearch.snapshots.SnapshotRestoreException'),
  row(40, 'org.opensearch.core.common.ParsingException', 'BAD_REQUEST'),
  row(41, 'org.opensearch.index.shard.IndexShardClosedException', 'NOT_FOUND'),
  row(42, 'org.opensearch.indices.recovery.RecoverFilesRecoveryException', 'CAUSE'),
  row(43, 'org.opensearch.index.translog.TruncatedTranslogException'),
  row(44, 'org.opensearch.indices.recovery.RecoveryFailedException'),
  row(45, 'org.opensearch.index.shard.IndexShardRelocatedException', 'NOT_FOUND'),
  row(46, 'org.opensearch.transport.NodeShouldNotConnectException'),
  row(48, 'org.opensearch.index.translog.TranslogCorruptedException'),
  row(49, 'org.opensearch.cluster.block.ClusterBlockException', 'FIELD'),
  row(50, 'org.opensearch.search.fetch.FetchPhaseExecutionException', 'CAUSE'),
  row(52, 'org.opensearch.index.engine.VersionConflictEngineException', 'CONFLICT'),
  row(53, 'org.opensearch.index.engine.EngineException'),
  row(55, 'org.opensearch.action.NoSuchNodeException'),
  row(56, 'org.opensearch.common.settings.SettingsException', 'BAD_REQUEST', { line2: { status: 'INTERNAL_SERVER_ERROR' } }),
  row(57, 'org.opensearch.indices.IndexTemplateMissingException', 'NOT_FOUND'),
  row(58, 'org.opensearch.transport.SendRequestTransportException', 'CAUSE'),
  row(62, 'org.opensearch.core.common.io.stream.NotSerializableExceptionWrapper', 'FIELD'),
  row(63, 'org.opensearch.indices.AliasFilterParsingException'),
  row(65, 'org.opensearch.gateway.GatewayException'),
  row(66, 'org.opensearch.index.shard.IndexShardNotRecoveringException', 'NOT_FOUND'),
  row(67, 'org.opensearch.http.HttpException'),
  row(68, 'org.opensearch.OpenSearchException'),
  row(69, 'org.opensearch.snapshots.SnapshotMissingException', 'NOT_FOUND'),
  row(70, 'org.opensearch.action.PrimaryMissingActionException'),
  row(71, 'org.opensearch.action.FailedNodeException'),
  row(72, 'org.opensearch.search.SearchParseException', 'BAD_REQUEST'),
  row(73, 'org.opensearch.snapshots.ConcurrentSnapshotExecutionException', 'CONFLICT', { line2: { status: 'SERVICE_UNAVAILABLE' } }),
  row(74, 'org.opensearch.common.blobstore.BlobStoreException'),
  row(75, 'org.opensearch.cluster.IncompatibleClusterStateVersionException'),
  row(76, 'org.opensearch.index.engine.RecoveryEngineException'),
  row(77, 'org.opensearch.common.util.concurrent.UncategorizedExecutionException'),
  row(78, 'org.opensearch.action.TimestampParsingException'),
  row(79, 'org.opensearch.action.RoutingMissingException', 'BAD_REQUEST'),
  row(81, 'org.opensearch.index.snapshots.IndexShardRestoreFailedException'),
  row(82, 'org.opensearch.repositories.RepositoryException'),
  row(83, 'org.opensearch.transport.ReceiveTimeoutTransportException'),
  row(84, 'org.opensearch.transport.NodeDisconnectedException'),
  row(86, 'org.opensearch.search.aggregations.AggregationExecutionException'),
  row(88, 'org.opensearch.indices.InvalidIndexTemplateException', 'BAD_REQUEST'),
  row(90, 'org.opensearch.index.engine.RefreshFailedEngineException'),
  row(91, 'org.opensearch.search.aggregations.AggregationInitializationException'),
  row(92, 'org.opensearch.indices.recovery.DelayRecoveryException'),
  row(94, 'org.opensearch.transport.client.transport.NoNodeAvailableException', 'SERVICE_UNAVAILABLE', {
    line2: { class: 'org.opensearch.client.transport.NoNodeAvailableException' },
  }),
  row(96, 'org.opensearch.snapshots.InvalidSnapshotNameException', 'BAD_REQUEST'),
  row(97, 'org.opensearch.index.shard.IllegalIndexShardStateException', 'NOT_FOUND'),
  row(98, 'org.opensearch.core.index.snapshots.IndexShardSnapshotException'),
  row(99, 'org.opensearch.index.shard.IndexShardNotStartedException', 'NOT_FOUND'),
  row(100, 'org.opensearch.action.search.SearchPhaseExecutionException', 'FIELD'),
  row(101, 'org.opensearch.transport.ActionNotFoundTransportException'),
  row(102, 'org.opensearch.transport.TransportSerializationException'),
  row(103, 'org.opensearch.transport.RemoteTransportException', 'CAUSE'),
  row(104, 'org.opensearch.index.engine.EngineCreationFailureException'),
  row(105, 'org.opensearch.cluster.routing.RoutingException'),
  row(106, 'org.opensearch.index.shard.IndexShardRecoveryException'),
  row(107, 'org.opensearch.repositories.RepositoryMissingException', 'NOT_FOUND'),
  row(109, 'org.opensearch.index.engine.DocumentSourceMissingException', 'BAD_REQUEST'),
  row(111, 'org.opensearch.common.settings.NoClassSettingsException', 'BAD_REQUEST', { line2: { status: 'INTERNAL_SERVER_ERROR' } }),
  row(112, 'org.opensearch.transport.BindTransportException'),
  row(113, 'org.opensearch.rest.action.admin.indices.AliasesNotFoundException', 'NOT_FOUND'),
  row(114, 'org.opensearch.index.shard.IndexShardRecoveringException', 'NOT_FOUND'),
  row(115, 'org.opensearch.index.translog.TranslogException'),
  row(116, 'org.opensearch.cluster.metadata.ProcessClusterEventTimeoutException', 'SERVICE_UNAVAILABLE'),
  row(117, 'org.opensearch.action.support.replication.ReplicationOperation$RetryOnPrimaryException'),
  row(118, 'org.opensearch.OpenSearchTimeoutException', 'GATEWAY_TIMEOUT', { line2: { status: 'INTERNAL_SERVER_ERROR' } }),
  row(119, 'org.opensearch.search.query.QueryPhaseExecutionException', 'CAUSE'),
  row(120, 'org.opensearch.repositories.RepositoryVerificationException'),
  row(121, 'org.opensearch.search.aggregations.InvalidAggregationPathException'),
  row(123, 'org.opensearch.ResourceAlreadyExistsException', 'BAD_REQUEST'),
  row(125, 'org.opensearch.transport.TcpTransport$HttpRequestOnTransportException', 'BAD_REQUEST'),
  row(126, 'org.opensearch.index.mapper.MapperParsingException', 'BAD_REQUEST'),
  row(128, 'org.opensearch.search.builder.SearchSourceBuilderException'),
  row(130, 'org.opensearch.action.NoShardAvailableActionException', 'SERVICE_UNAVAILABLE'),
  row(131, 'org.opensearch.action.UnavailableShardsException', 'SERVICE_UNAVAILABLE'),
  row(132, 'org.opensearch.index.engine.FlushFailedEngineException'),
  row(133, 'org.opensearch.core.common.breaker.CircuitBreakingException', 'TOO_MANY_REQUESTS'),
  row(134, 'org.opensearch.transport.NodeNotConnectedException'),
  row(135, 'org.opensearch.index.mapper.StrictDynamicMappingException', 'BAD_REQUEST'),
  row(136, 'org.opensearch.action.support.replication.TransportReplicationAction$RetryOnReplicaException'),
  row(137, 'org.opensearch.indices.TypeMissingException', 'NOT_FOUND'),
  row(140, 'org.opensearch.cluster.coordination.FailedToCommitClusterStateException'),
  row(141, 'org.opensearch.index.query.QueryShardException', 'BAD_REQUEST'),
  row(142, 'org.opensearch.cluster.action.shard.ShardStateAction$NoLongerPrimaryShardException'),
  row(143, 'org.opensearch.script.ScriptException', 'BAD_REQUEST'),
  row(144, 'org.opensearch.cluster.NotClusterManagerException'),
  row(145, 'org.opensearch.OpenSearchStatusException', 'FIELD'),
  row(146, 'org.opensearch.core.tasks.TaskCancelledException'),
  row(147, 'org.opensearch.env.ShardLockObtainFailedException'),
  row(149, 'org.opensearch.search.aggregations.MultiBucketConsumerService$TooManyBucketsException', 'SERVICE_UNAVAILABLE'),
  row(150, 'org.opensearch.cluster.coordination.CoordinationStateRejectedException'),
  row(151, 'org.opensearch.snapshots.SnapshotInProgressException', 'BAD_REQUEST'),
  row(152, 'org.opensearch.transport.NoSuchRemoteClusterException', 'NOT_FOUND'),
  row(153, 'org.opensearch.index.seqno.RetentionLeaseAlreadyExistsException', 'BAD_REQUEST'),
  row(154, 'org.opensearch.index.seqno.RetentionLeaseNotFoundException', 'NOT_FOUND'),
  row(155, 'org.opensearch.index.shard.ShardNotInPrimaryModeException', 'NOT_FOUND'),
  row(156, 'org.opensearch.index.seqno.RetentionLeaseInvalidRetainingSeqNoException'),
  row(157, 'org.opensearch.ingest.IngestProcessorException', 'CAUSE'),
  row(158, 'org.opensearch.indices.recovery.PeerRecoveryNotFound', 'NOT_FOUND'),
  row(159, 'org.opensearch.cluster.coordination.NodeHealthCheckFailureException'),
  row(160, 'org.opensearch.transport.NoSeedNodeLeftException'),
  row(161, 'org.opensearch.indices.replication.common.ReplicationFailedException', 'INTERNAL_SERVER_ERROR', { since: '2.1.0' }),
  row(162, 'org.opensearch.index.shard.PrimaryShardClosedException', 'NOT_FOUND', { since: '3.0.0', line2: { since: '2.3.0' } }),
  row(163, 'org.opensearch.cluster.decommission.DecommissioningFailedException', 'BAD_REQUEST', { since: '2.4.0' }),
  row(164, 'org.opensearch.cluster.decommission.NodeDecommissionedException', 'FAILED_DEPENDENCY', {
    since: '3.0.0',
    line2: { since: '2.4.0' },
  }),
  row(165, 'org.opensearch.cluster.service.ClusterManagerThrottlingException', 'INTERNAL_SERVER_ERROR', { since: '2.5.0' }),
  row(166, 'org.opensearch.snapshots.SnapshotInUseDeletionException', 'CONFLICT'),
  row(167, 'org.opensearch.cluster.routing.UnsupportedWeightedRoutingStateException', 'CONFLICT', { since: '2.5.0' }),
  row(168, 'org.opensearch.cluster.routing.PreferenceBasedSearchNotAllowedException', 'FORBIDDEN', { since: '2.6.0' }),
  row(169, 'org.opensearch.cluster.routing.NodeWeighedAwayException', 'MISDIRECTED_REQUEST', { since: '2.6.0' }),
  row(170, 'org.opensearch.search.pipeline.SearchPipelineProcessingException', 'CAUSE', { since: '2.7.0' }),
  row(171, 'org.opensearch.crypto.CryptoRegistryException', 'FIELD', { since: '2.10.0' }),
  row(172, 'org.opensearch.action.admin.indices.view.ViewNotFoundException', 'NOT_FOUND', { since: '2.13.0', line2: null }),
  row(173, 'org.opensearch.action.admin.indices.view.ViewAlreadyExistsException', 'BAD_REQUEST', { since: '2.13.0', line2: null }),
  row(174, 'org.opensearch.indices.InvalidIndexContextException', 'BAD_REQUEST', { since: '2.17.0' }),
  row(175, 'org.opensearch.common.breaker.ResponseLimitBreachedException', 'TOO_MANY_REQUESTS', { since: '2.18.0' }),
  row(176, 'org.opensearch.index.engine.IngestionEngineException', 'BAD_REQUEST', { since: '3.0.0', line2: null }),
  row(177, 'org.opensearch.transport.stream.StreamException', 'INTERNAL_SERVER_ERROR', { since: '3.2.0', line2: null }),
  row(178, 'org.opensearch.index.engine.dataformat.merge.MergeFailedEngineException', 'INTERNAL_SERVER_ERROR', {
    since: '3.7.0',
    line2: null,
  }),
  row(179, 'org.opensearch.storage.action.tiering.MergeDrainTimeoutException', 'INTERNAL_SERVER_ERROR', { since: '3.8.0', line2: null }),
  row(10001, 'org.opensearch.cluster.block.IndexCreateBlockException', 'FIELD', { since: '3.0.0', line2: { since: '2.6.0' } }),
];

const BY_ID: ReadonlyMap<number, Row> = new Map(ROWS.map((entry) => [entry.line3.id, entry]));

const BY_CLASS: ReadonlyMap<string, RegisteredException> = new Map(
  ROWS.flatMap(({ line3, line2 }) => [[line2?.class ?? line3.class, line3] as const, [line3.class, line3] as const]),
);

/**
 * Returns the exception of an id in the release line of `version`, or undefined if the id is unknown in both lines. Exceptions that only 3.x
 * knows are also returned for 2.x, because 3.9.0 writes 172 and 173 on 2.x streams.
 *
 * @param version a stream version, or the peer's release
 */
export function registeredException(id: number, version: VersionId): RegisteredException | undefined {
  const entry = BY_ID.get(id);
  return version < V_3_0_0 ? (entry?.line2 ?? entry?.line3) : entry?.line3;
}

/** Returns the exception of a class, or undefined if the class is not registered. */
export function registeredClass(name: string): RegisteredException | undefined {
  return BY_CLASS.get(name);
}

/** Returns true if peers of a stream version know an id. The table of 2.19.6 applies to 2.x, that of 3.9.0 to 3.x. */
export function isRegisteredAt(id: number, version: VersionId): boolean {
  const entry = BY_ID.get(id);
  const line = version < V_3_0_0 ? entry?.line2 : entry?.line3;
  return line !== undefined && line !== null && version >= line.since;
}

/** Id of `NotSerializableExceptionWrapper`. */
export const WRAPPER_ID = 62;
/** Id of `RemoteTransportException`. */
export const REMOTE_TRANSPORT_ID = 103;
