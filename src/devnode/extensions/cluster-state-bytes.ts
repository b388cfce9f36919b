import { discoveryNodeWithAttributes } from '../../protocol/codec/discovery-node.ts';
import { type Settings, settings } from '../../protocol/codec/settings.ts';
import { StreamOutput } from '../../protocol/wire/stream-output.ts';
import type { VersionId } from '../../protocol/wire/version.ts';
import type { NodeFacts } from '../node-facts.ts';
import { sourceNode } from './node-description.ts';

/** What a cluster state says of its node. */
export type StateFacts = Pick<NodeFacts, 'identity' | 'transport' | 'clusterUuid' | 'stateUuid'>;

/** The part of the metadata that changes with the settings. */
export interface SettingsMetadata {
  /** Grows with every change. */
  readonly version: number;
  readonly transient: Settings;
  readonly persistent: Settings;
}

const NO_SETTINGS: SettingsMetadata = { version: 1, transient: {}, persistent: {} };

/** Attribute of each node, as genuine nodes have it. */
const ATTRIBUTES = { shard_indexing_pressure_enabled: 'true' };

/** Type byte of a generic map. */
const GENERIC_MAP = 10;

/**
 * Returns what follows the cluster name in the answer to `internal:discovery/clusterstate`: the state of a cluster of this node alone, without indices.
 *
 * `bool` present; ClusterState: `str` cluster name, `int64` version, `str` state UUID, metadata (`int64` version, `str` cluster UUID, `bool` committed;
 * coordination: `int64` term, twice a `list str` of the voting node, `list` exclusions; transient and persistent settings; a generic map of hashes;
 * `list` indices, `list` templates, customs: the empty `index-graveyard`), routing table (`int64` version, `list` indices), nodes (`opt str` id of the
 * cluster manager, `list` of nodes with attributes), blocks (`list` global, by index), customs, `vint` −1; `bool` waited.
 *
 * @see extensions.md §1.3 no. 9; laid out as 2.19.6 and 3.9.0 send it
 */
export function clusterStateBytes(facts: StateFacts, version: VersionId, metadata: SettingsMetadata = NO_SETTINGS): Buffer {
  const { clusterName, nodeId } = facts.identity;
  const output = new StreamOutput({ version });
  output.writeBoolean(true);
  output.writeString(clusterName);
  output.writeLong(2);
  output.writeString(facts.stateUuid);
  writeMetadata(output, facts, metadata);
  output.writeLong(1);
  output.writeVInt(0);
  output.writeBoolean(true);
  output.writeString(nodeId);
  output.writeVInt(1);
  discoveryNodeWithAttributes.write(output, { ...sourceNode(facts), attributes: ATTRIBUTES });
  for (const none of [0, 0, 0]) output.writeVInt(none);
  output.writeVInt(-1);
  output.writeBoolean(false);
  return output.toBuffer();
}

function writeMetadata(output: StreamOutput, { clusterUuid, identity: { nodeId } }: StateFacts, metadata: SettingsMetadata): void {
  output.writeLong(metadata.version);
  output.writeString(clusterUuid);
  output.writeBoolean(true);
  output.writeLong(1);
  for (const voter of [nodeId, nodeId]) {
    output.writeVInt(1);
    output.writeString(voter);
  }
  output.writeVInt(0);
  settings.write(output, metadata.transient);
  settings.write(output, metadata.persistent);
  output.writeByte(GENERIC_MAP);
  for (const none of [0, 0, 0]) output.writeVInt(none);
  output.writeVInt(1);
  output.writeString('index-graveyard');
  output.writeVInt(0);
}
