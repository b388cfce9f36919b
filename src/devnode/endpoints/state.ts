import type { JsonObject } from '../../protocol/rest/json.ts';
import type { NodeFacts } from '../node-facts.ts';
import type { NodeParts } from '../node-parts.ts';
import type { RestRequest } from '../rest/rest-request.ts';
import { matchingIndices } from './index-names.ts';
import { addressText } from './nodes.ts';

/** Parameters that a node reads and that change nothing here: one node has one state. */
const IGNORED = [
  'local',
  'cluster_manager_timeout',
  'master_timeout',
  'wait_for_metadata_version',
  'wait_for_timeout',
  'flat_settings',
  'ignore_unavailable',
  'allow_no_indices',
  'expand_wildcards',
  'ignore_throttled',
];

/** A part of the state, and the members that it has. */
type Part = (facts: NodeFacts, indices: readonly string[], hasNodes: boolean) => JsonObject;

/** By name, in the order of a node. */
const PARTS: readonly (readonly [names: readonly string[], part: Part])[] = [
  [['version'], ({ stateVersion, stateUuid }) => ({ version: stateVersion, state_uuid: stateUuid })],
  [['master_node', 'cluster_manager_node'], ({ identity: { nodeId } }) => ({ master_node: nodeId, cluster_manager_node: nodeId })],
  [['blocks'], () => ({ blocks: {} })],
  [['nodes'], (facts) => ({ nodes: { [facts.identity.nodeId]: nodeBody(facts) } })],
  [['metadata'], (facts, indices) => ({ metadata: metadataBody(facts, indices) })],
  [['routing_table'], () => ({ routing_table: { indices: {} } })],
  [
    ['routing_nodes'],
    ({ identity: { nodeId } }, _indices, hasNodes) => ({ routing_nodes: { unassigned: [], nodes: hasNodes ? { [nodeId]: [] } : {} } }),
  ],
];

/** Serves `GET /_cluster/state`: what a single node without shards has to say. */
export function installState({ controller, facts }: NodeParts): void {
  const answer = (request: RestRequest): JsonObject => stateBody(facts, request);
  for (const path of ['/_cluster/state', '/_cluster/state/{metric}', '/_cluster/state/{metric}/{indices}'])
    controller.register('GET', path, answer, { responseParams: ['metric', 'flat_settings'] });
}

function stateBody(facts: NodeFacts, request: RestRequest): JsonObject {
  request.consume(IGNORED);
  const metrics = listOf(request.param('metric'));
  const indices = listOf(request.param('indices'));
  const isAll = metrics.length === 0 || metrics.includes('_all');
  const parts = PARTS.filter(([names]) => isAll || names.some((name) => metrics.includes(name)));
  const { identity, clusterUuid } = facts;
  return Object.assign(
    { cluster_name: identity.clusterName, cluster_uuid: clusterUuid },
    ...parts.map(([, part]) => part(facts, indices, isAll || metrics.includes('nodes'))),
  ) as JsonObject;
}

function listOf(text: string | undefined): string[] {
  return (text ?? '').split(',').filter((each) => each !== '');
}

function nodeBody({ identity, transport }: NodeFacts): JsonObject {
  return { name: identity.nodeName, ephemeral_id: identity.ephemeralId, transport_address: addressText(transport), attributes: {} };
}

function metadataBody({ identity: { nodeId }, clusterUuid, indices }: NodeFacts, names: readonly string[]): JsonObject {
  return {
    cluster_uuid: clusterUuid,
    cluster_uuid_committed: true,
    cluster_coordination: { term: 1, last_committed_config: [nodeId], last_accepted_config: [nodeId], voting_config_exclusions: [] },
    templates: {},
    indices: Object.fromEntries(matchingIndices(indices, names).found.map(({ name }) => [name, { state: 'open' }])),
    'index-graveyard': { tombstones: [] },
  };
}
