import { arch, availableParallelism, platform, release as kernel } from 'node:os';
import type { Json, JsonObject } from '../../protocol/rest/json.ts';
import type { Endpoint } from '../../transport/carrier/link.ts';
import type { NodeFacts } from '../node-facts.ts';
import type { NodeParts } from '../node-parts.ts';
import type { RestRequest } from '../rest/rest-request.ts';
import { structuredSettings } from '../settings/structured.ts';

/** The roles of a node without settings for them. */
export const NODE_ROLES: readonly string[] = ['cluster_manager', 'data', 'ingest', 'remote_cluster_client'];

/** Largest body, as a node tells it. */
const MAX_CONTENT_BYTES = 104_857_600;

/** Ids that mean this node, besides its own id and name. */
const ALL_NODES = new Set(['_all', '_local', '_master', '_cluster_manager', '*']);

type Section = (facts: NodeFacts, request: RestRequest) => Json;

/** What a node tells of itself, section by section. */
const SECTIONS: Readonly<Record<string, Section>> = {
  settings: ({ settings }, request) => (request.flag('flat_settings') ? settings : structuredSettings(settings)),
  os: () => ({
    refresh_interval_in_millis: 1000,
    name: platform(),
    arch: arch(),
    version: kernel(),
    available_processors: availableParallelism(),
    allocated_processors: availableParallelism(),
  }),
  process: () => ({ refresh_interval_in_millis: 1000, id: process.pid, mlockall: false }),
  transport: ({ transport }) => ({ ...boundTo(transport), profiles: {} }),
  http: ({ http }) => ({ ...boundTo(http), max_content_length_in_bytes: MAX_CONTENT_BYTES }),
  plugins: () => [],
};

/** Every name of a section that a genuine node knows; those without an entry above are empty here. */
const METRICS = new Set([...Object.keys(SECTIONS), '_all', 'jvm', 'thread_pool', 'ingest', 'aggregations', 'indices', 'search_pipelines']);

/** Serves `GET /_nodes` and what is below it. */
export function installNodes({ controller, facts }: NodeParts): void {
  const answer = (request: RestRequest): JsonObject => nodesBody(facts, request);
  for (const path of ['/_nodes', '/_nodes/{nodeId}', '/_nodes/{nodeId}/{metrics}', '/_nodes/{nodeId}/info/{metrics}'])
    controller.register('GET', path, answer, { responseParams: ['flat_settings'] });
}

function nodesBody(facts: NodeFacts, request: RestRequest): JsonObject {
  request.consume(['timeout']);
  const { ids, metrics } = wantedOf(request);
  const { nodeId, nodeName, clusterName } = facts.identity;
  const isMeant = ids.length === 0 || ids.some((id) => ALL_NODES.has(id) || id === nodeId || id === nodeName);
  const total = isMeant ? 1 : 0;
  return {
    _nodes: { total, successful: total, failed: 0 },
    cluster_name: clusterName,
    nodes: isMeant ? { [nodeId]: nodeBody(facts, metrics, request) } : {},
  };
}

/** One name after `_nodes` is a list of sections if all of them are sections, otherwise a list of nodes. */
function wantedOf(request: RestRequest): { ids: readonly string[]; metrics: readonly string[] } {
  const first = listOf(request.param('nodeId'));
  const metrics = listOf(request.param('metrics'));
  if (metrics.length === 0 && first.every((name) => METRICS.has(name))) return { ids: [], metrics: first };
  return { ids: first, metrics };
}

function listOf(text: string | undefined): string[] {
  return (text ?? '').split(',').filter((each) => each !== '');
}

function nodeBody(facts: NodeFacts, metrics: readonly string[], request: RestRequest): JsonObject {
  const { identity, release, transport } = facts;
  const isAll = metrics.length === 0 || metrics.includes('_all');
  const sections = Object.entries(SECTIONS).filter(([name]) => isAll || metrics.includes(name));
  return {
    name: identity.nodeName,
    transport_address: addressText(transport),
    host: transport.host,
    ip: transport.host,
    version: release,
    build_type: 'unknown',
    build_hash: 'unknown',
    roles: NODE_ROLES,
    attributes: {},
    ...Object.fromEntries(sections.map(([name, section]) => [name, section(facts, request)])),
  };
}

function boundTo(endpoint: Endpoint): JsonObject {
  return { bound_address: [addressText(endpoint)], publish_address: addressText(endpoint) };
}

/** Returns an address as a node prints it. */
export function addressText({ host, port }: Endpoint): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
