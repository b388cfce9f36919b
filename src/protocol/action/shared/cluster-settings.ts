import { defineAction } from '../define-action.ts';
import { acknowledgedRequest, clusterManagerReadRequest } from './cluster-manager-request.ts';
import { timeout } from './timeout.ts';
import type { Codec } from '../../codec/codec.ts';
import { list, optional, struct, withDefault } from '../../codec/combinators.ts';
import { indicesOptions, lenientExpandHidden } from '../../codec/indices-options.ts';
import { anyLong, boolean, long, rest, string } from '../../codec/primitives.ts';
import { type Settings, settings } from '../../codec/settings.ts';
import { seconds } from '../../codec/time-value.ts';
import type { StreamInput } from '../../wire/stream-input.ts';

/** The settings of a cluster, as its state has them. */
export interface ClusterMetadata {
  /** Grows with every change of the cluster's metadata. */
  readonly version: number;
  readonly transient: Settings;
  readonly persistent: Settings;
}

const votingConfiguration = list(string);
const excludedNode = struct({ id: string, name: string });

/** What comes before the settings in the metadata: `i64` version, `str` cluster id, `bool` committed, `i64` term, two lists of nodes, excluded nodes. */
const beforeSettings = struct({
  version: long,
  clusterId: string,
  isCommitted: boolean,
  term: long,
  lastCommitted: votingConfiguration,
  lastAccepted: votingConfiguration,
  excluded: list(excludedNode),
});

/**
 * Reads an answer as far as the settings: `str` cluster name, `opt` cluster state, which begins with `str` cluster name, `i64` version, `str` id, then
 * the metadata. The rest is skipped. Null if the wait timed out.
 *
 * @see `ClusterState.readFrom` and `Metadata.readFrom` of OpenSearch, the same in 2.19 and 3.9
 */
const metadataOnly: Codec<ClusterMetadata | null, never> = {
  schema: beforeSettings.schema,
  read: (input) => {
    string.read(input);
    const metadata = boolean.read(input) ? readMetadata(input) : null;
    rest.read(input);
    return metadata;
  },
  write: () => {
    throw new TypeError('the cluster state is not written');
  },
};

function readMetadata(input: StreamInput): ClusterMetadata {
  string.read(input);
  long.read(input);
  string.read(input);
  const { version } = beforeSettings.read(input);
  return { version, transient: settings.read(input), persistent: settings.read(input) };
}

/**
 * Reads the metadata of the cluster from the called node; with `waitForMetadataVersion` as soon as it has that version, or null after `waitForTimeout`.
 */
export const readClusterMetadata = defineAction({
  name: 'cluster:monitor/state',
  request: struct({
    ...clusterManagerReadRequest,
    routingTable: withDefault(boolean, false),
    nodes: withDefault(boolean, false),
    metadata: withDefault(boolean, true),
    blocks: withDefault(boolean, false),
    customs: withDefault(boolean, false),
    indices: withDefault(list(string), []),
    indicesOptions: withDefault(indicesOptions, lenientExpandHidden),
    waitForTimeout: withDefault(timeout, seconds(30)),
    waitForMetadataVersion: optional(anyLong),
  }),
  response: metadataOnly,
  summary: 'Reads the settings of the cluster, waiting for a change',
  idempotent: true,
});

/** Changes settings of the cluster: all of them or, after a refusal, none. Answers the settings that were set. */
export const updateClusterSettings = defineAction({
  name: 'cluster:admin/settings/update',
  request: struct({ ...acknowledgedRequest, transient: withDefault(settings, {}), persistent: withDefault(settings, {}) }),
  response: struct({ acknowledged: boolean, transient: settings, persistent: settings }),
  summary: 'Changes settings of the cluster',
});
