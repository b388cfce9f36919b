import { freemem, loadavg, totalmem } from 'node:os';
import type { NodeFacts } from '../node-facts.ts';
import type { NodeParts } from '../node-parts.ts';
import { CAT_PARAMS, catAnswer, type Column, column, type Row } from './cat-table.ts';
import { indexHealth, worst } from './health.ts';
import { indexNotFound, matchingIndices } from './index-names.ts';
import { NODE_ROLES } from './nodes.ts';

const RIGHT = { isRight: true };
const HIDDEN = { isHidden: true };

const HEALTH_COLUMNS: readonly Column[] = [
  column('epoch', 't,time', 'seconds since 1970-01-01 00:00:00'),
  column('timestamp', 'ts,hms,hhmmss', 'time in HH:MM:SS'),
  column('cluster', 'cl', 'cluster name'),
  column('status', 'st', 'health status'),
  column('node.total', 'nt,nodeTotal', 'total number of nodes', RIGHT),
  column('node.data', 'nd,nodeData', 'number of nodes that can store data', RIGHT),
  column('discovered_cluster_manager', 'dcm,dm,discovered_master', 'cluster manager is discovered or not', RIGHT),
  column('shards', 't,sh,shards.total,shardsTotal', 'total number of shards', RIGHT),
  column('pri', 'p,shards.primary,shardsPrimary', 'number of primary shards', RIGHT),
  column('relo', 'r,shards.relocating,shardsRelocating', 'number of relocating nodes', RIGHT),
  column('init', 'i,shards.initializing,shardsInitializing', 'number of initializing nodes', RIGHT),
  column('unassign', 'u,shards.unassigned,shardsUnassigned', 'number of unassigned shards', RIGHT),
  column('pending_tasks', 'pt,pendingTasks', 'number of pending tasks', RIGHT),
  column('max_task_wait_time', 'mtwt,maxTaskWaitTime', 'wait time of longest task pending', RIGHT),
  column('active_shards_percent', 'asp,activeShardsPercent', 'active number of shards in percent', RIGHT),
];

const INDEX_COLUMNS: readonly Column[] = [
  column('health', 'h', 'current health status'),
  column('status', 's', 'open/close status'),
  column('index', 'i,idx', 'index name'),
  column('uuid', 'id,uuid', 'index uuid'),
  column('pri', 'p,shards.primary,shardsPrimary', 'number of primary shards', RIGHT),
  column('rep', 'r,shards.replica,shardsReplica', 'number of replica shards', RIGHT),
  column('docs.count', 'dc,docsCount', 'available docs', RIGHT),
  column('docs.deleted', 'dd,docsDeleted', 'deleted docs', RIGHT),
  column('store.size', 'ss,storeSize', 'store size of primaries & replicas', RIGHT),
  column('pri.store.size', '-', 'store size of primaries', RIGHT),
];

const NODE_COLUMNS: readonly Column[] = [
  column('id', 'id,nodeId', 'unique node id', HIDDEN),
  column('pid', 'p', 'process id', HIDDEN),
  column('ip', 'i', 'ip address'),
  column('port', 'po', 'bound transport port', HIDDEN),
  column('http_address', 'http', 'bound http address', HIDDEN),
  column('version', 'v', 'os version', HIDDEN),
  column('heap.percent', 'hp,heapPercent', 'used heap ratio', RIGHT),
  column('ram.percent', 'rp,ramPercent', 'used machine memory ratio', RIGHT),
  column('cpu', 'cpu', 'recent cpu usage', RIGHT),
  column('load_1m', 'l', '1m load avg', RIGHT),
  column('load_5m', 'l', '5m load avg', RIGHT),
  column('load_15m', 'l', '15m load avg', RIGHT),
  column('node.role', 'r,role,nodeRole', 'm:master eligible node, d:data node, i:ingest node, -:coordinating node only'),
  column('node.roles', 'rs,all roles', ' -:coordinating node only'),
  column('cluster_manager', 'cm,m,master', '*:current cluster manager'),
  column('name', 'n', 'node name'),
];

/** Parameters of requests to the cluster manager. */
const MANAGER_PARAMS = ['local', 'cluster_manager_timeout', 'master_timeout'];
/** Parameters that say which indices are meant. */
const INDICES_PARAMS = ['ignore_unavailable', 'allow_no_indices', 'expand_wildcards', 'ignore_throttled'];

/** Serves `_cat/health`, `_cat/indices` and `_cat/nodes`. */
export function installCat({ controller, facts }: NodeParts): void {
  const options = { responseParams: CAT_PARAMS };
  controller.register('GET', '/_cat/health', (request) => catAnswer(request, HEALTH_COLUMNS, () => [healthRow(facts)]), options);
  controller.register(
    'GET',
    '/_cat/nodes',
    (request) => {
      request.consume(MANAGER_PARAMS);
      const isWhole = request.flag('full_id');
      return catAnswer(request, NODE_COLUMNS, () => [nodeRow(facts, isWhole)]);
    },
    options,
  );
  for (const path of ['/_cat/indices', '/_cat/indices/{index}']) {
    controller.register(
      'GET',
      path,
      (request) => {
        request.consume([...MANAGER_PARAMS, ...INDICES_PARAMS, 'include_unloaded_segments']);
        const names = (request.param('index') ?? '').split(',').filter((name) => name !== '');
        const health = request.param('health')?.toLowerCase();
        return catAnswer(request, INDEX_COLUMNS, () =>
          indexRows(facts, names).filter((row) => health === undefined || row['health'] === health),
        );
      },
      { responseParams: [...CAT_PARAMS, 'local', 'health'] },
    );
  }
}

function healthRow({ identity, indices }: NodeFacts): Row {
  const each = indices.map(indexHealth);
  const active = each.reduce((sum, { activeShards }) => sum + activeShards, 0);
  const unassigned = each.reduce((sum, { unassignedShards }) => sum + unassignedShards, 0);
  const now = new Date();
  return {
    epoch: String(Math.floor(now.getTime() / 1000)),
    timestamp: now.toISOString().slice(11, 19),
    cluster: identity.clusterName,
    status: worst(each.map(({ status }) => status)).toLowerCase(),
    'node.total': '1',
    'node.data': '1',
    discovered_cluster_manager: 'true',
    shards: String(active),
    pri: String(active),
    relo: '0',
    init: '0',
    unassign: String(unassigned),
    pending_tasks: '0',
    max_task_wait_time: '-',
    active_shards_percent: `${(active + unassigned === 0 ? 100 : (active * 100) / (active + unassigned)).toFixed(1)}%`,
  };
}

function indexRows(facts: NodeFacts, names: readonly string[]): Row[] {
  const { found, missing } = matchingIndices(facts.indices, names);
  if (missing[0] !== undefined) throw indexNotFound(missing[0], 'index_or_alias');
  return found.map((index) => ({
    health: indexHealth(index).status.toLowerCase(),
    status: 'open',
    index: index.name,
    uuid: index.uuid,
    pri: String(index.primaries),
    rep: String(index.replicas),
    'docs.count': String(index.docs),
    'docs.deleted': String(index.deletedDocs),
    'store.size': bytesText(index.bytes),
    'pri.store.size': bytesText(index.bytes),
  }));
}

function nodeRow({ identity, http, transport, release }: NodeFacts, isWholeId: boolean): Row {
  const { heapUsed, heapTotal } = process.memoryUsage();
  const [oneMinute = 0, fiveMinutes = 0, fifteenMinutes = 0] = loadavg();
  return {
    id: isWholeId ? identity.nodeId : identity.nodeId.slice(0, 4),
    pid: String(process.pid),
    ip: transport.host,
    port: String(transport.port),
    http_address: `${http.host}:${http.port}`,
    version: release,
    'heap.percent': String(Math.round((heapUsed * 100) / heapTotal)),
    'ram.percent': String(Math.round(100 - (freemem() * 100) / totalmem())),
    cpu: '0',
    load_1m: oneMinute.toFixed(2),
    load_5m: fiveMinutes.toFixed(2),
    load_15m: fifteenMinutes.toFixed(2),
    'node.role': 'dimr',
    'node.roles': NODE_ROLES.join(','),
    cluster_manager: '*',
    name: identity.nodeName,
  };
}

const UNITS = ['b', 'kb', 'mb', 'gb', 'tb'];

/** Returns a size as a node prints it: `208b`, `1.5kb`. @see `ByteSizeValue` of OpenSearch */
function bytesText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, bytes < 1024 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const value = Math.floor((bytes / 1024 ** power) * 10) / 10;
  return `${value}${UNITS[power] as string}`;
}
