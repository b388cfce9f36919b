/** A request for a genuine node and for the development node. */
export interface ParityCase {
  /** Method and URI: `GET /_cluster/health`. */
  readonly ask: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
  /** False where the two tell different facts: status and headers are compared alone. */
  readonly hasEqualBody?: false;
}

const JSON_TYPE = { 'Content-Type': 'application/json' };

const asks = (...all: readonly string[]): ParityCase[] => all.map((ask) => ({ ask }));

const puts = (query: string, ...bodies: readonly string[]): ParityCase[] =>
  bodies.map((body) => ({ ask: `PUT /_cluster/settings${query}`, headers: JSON_TYPE, body }));

/** The requests, most of them about what every endpoint does alike. */
export const PARITY_CASES: readonly ParityCase[] = [
  // Forms of answers.
  ...asks('GET /', 'GET /?pretty=false', 'GET /?pretty', 'GET /?human&pretty=false', 'HEAD /nope/x/y', 'GET //'),
  { ask: 'HEAD /', hasEqualBody: false },
  ...asks('GET /?format=yaml', 'GET /?format=cbor', 'GET /?format=smile', 'GET /?format=bogus', 'GET /?format=json'),
  { ask: 'GET /', headers: { Accept: 'application/yaml' } },
  { ask: 'GET /', headers: { Accept: 'application/vnd.opensearch+cbor' } },
  { ask: 'GET /', headers: { Accept: 'text/html' } },
  { ask: 'GET /', headers: { 'Content-Type': 'application/yaml' } },
  { ask: 'GET /?format=json', headers: { Accept: 'application/yaml' } },
  ...asks('GET /?filter_path=version.number,name', 'GET /?filter_path=-version,-tagline', 'GET /?filter_path=*.build*'),
  ...asks('GET /?filter_path=nope', 'GET /?filter_path=', 'GET /?filter_path=**.number', 'GET /?filter_path=version,-version.number'),
  ...asks(
    'GET /_cluster/state?filter_path=metadata.cluster_coordination.term',
    'GET /_cluster/state?filter_path=metadata.cluster*.*exclusions',
  ),
  ...asks('GET /_cat/health?format=json&filter_path=status', 'GET /_cat/health?format=json&filter_path=*.status,-*.pri'),
  ...asks('GET /_cat/health?format=json&filter_path=-epoch,-timestamp'),
  // Parameters.
  ...asks(
    'GET /?pretty=foo',
    'GET /?human=1',
    'GET /?bogus',
    'GET /?prety&humn=1',
    'GET /?formt=x&filter_pth&zzz',
    'DELETE /_cluster/health',
  ),
  ...asks('GET /?a=%zz', 'GET /?a=%e4', 'GET /?a=%4', 'GET /?a=%', 'GET /?a+b=c', 'GET /?;a&&', 'GET /?=a', 'GET /?a=1&a=2'),
  ...asks('GET /_cluster/health?lvel=x&levl', 'GET /_cat/health?bogus', 'GET /_nodes?bogus', 'GET /_cluster/state?bogus'),
  ...asks('GET /_cluster/health?level=bogus', 'GET /_cluster/health?pretty=no&level=x', 'GET /_nodes/http?flat_setting'),
  // Routes.
  ...asks('GET /_nope/a%20b?x=y', 'GET /_nope/<b>', 'GET /_nope/%zz', 'GET /_nope/a%2Fb', 'GET /_cluster//health'),
  ...asks('GET /_cluster/health/', 'POST /_cluster/health', 'HEAD /_cluster/health', 'PATCH /_cat/health', 'TRACE /_cluster/state'),
  ...asks('OPTIONS /_cluster/health', 'OPTIONS /nope/x/y/z', 'OPTIONS /_cat/health?bogus', 'HEAD /_cat/health', 'PUT /_nodes'),
  ...asks('POST /_cluster/health?pretty', 'POST /_cluster/health?format=yaml', 'GET /_nope/x?pretty', 'GET /_nope/x?filter_path=a'),
  // Content types.
  { ask: 'GET /', headers: JSON_TYPE, body: '{}' },
  { ask: 'GET /', body: '{}' },
  ...['text/plain', 'application/octet-stream', 'application/x-www-form-urlencoded', 'application/xml; a=b'].map((type) => ({
    ask: 'GET /_cluster/health',
    headers: { 'Content-Type': type },
    body: '{}',
  })),
  ...['application/x-ndjson', 'application/vnd.opensearch+json; charset=utf-8', 'APPLICATION/JSON', 'application/*'].map((type) => ({
    ask: 'GET /_cluster/health',
    headers: { 'Content-Type': type },
    body: '{}',
  })),
  ...['', 'bogus', 'a/b/c', ';', 'application/json;', 'application/ json'].map((type) => ({
    ask: 'GET /_cluster/health',
    headers: { 'Content-Type': type },
  })),
  { ask: 'GET /', headers: { 'Content-Type': ['application/json', 'application/json'] } },
  { ask: 'GET /', headers: { 'Content-Type': 'text/plain' } },
  { ask: 'GET /?bogus', headers: { 'Content-Type': 'application/yaml' }, body: 'a: 1\n' },
  // Headers.
  { ask: 'GET /_cluster/health', headers: { 'X-Opaque-Id': 'abc' } },
  { ask: 'GET /_cluster/health', headers: { 'X-Opaque-Id': ['a', 'b'] } },
  { ask: 'GET /_cluster/health', headers: { 'X-Opaque-Id': ['a', 'a'] } },
  ...['gzip', 'deflate', 'gzip;q=0', 'deflate, gzip;q=0.5', 'br', 'identity'].map((coding) => ({
    ask: 'GET /_cluster/health',
    headers: { 'Accept-Encoding': coding },
  })),
  { ask: 'GET /_cat/indices', headers: { 'Accept-Encoding': 'gzip' } },
  // Health.
  ...asks(
    'GET /_cluster/health',
    'GET /_cluster/health?pretty&human',
    'GET /_cluster/health?level=indices',
    'GET /_cluster/health?level=shards',
  ),
  ...asks('GET /_cluster/health?wait_for_status=green', 'GET /_cluster/health?wait_for_status=blue', 'GET /_cluster/health?timeout=5'),
  ...asks(
    'GET /_cluster/health/nope?timeout=50ms',
    'GET /_cluster/health?wait_for_nodes=3&timeout=50ms',
    'GET /_cluster/health?wait_for_nodes=>=1',
  ),
  ...asks('GET /_cluster/health?wait_for_active_shards=1&timeout=50ms', 'GET /_cluster/health?wait_for_relocating_shards=1'),
  // Tables.
  ...asks('GET /_cat/indices', 'GET /_cat/indices?v', 'GET /_cat/indices?format=json', 'GET /_cat/indices/nope', 'GET /_cat/health?v'),
  ...asks(
    'GET /_cat/health',
    'GET /_cat/health?help',
    'GET /_cat/health?format=json',
    'GET /_cat/health?format=yaml',
    'GET /_cat/health?v&ts=false',
  ),
  ...asks('GET /_cat/health?h=status,cluster&v', 'GET /_cat/health?h=nope&v', 'GET /_cat/health?h=st*&v', 'GET /_cat/health?v&h=cl,nt'),
  ...asks(
    'GET /_cat/health?v&s=nope',
    'GET /_cat/health?s=status:desc,pri&h=status',
    'GET /_cat/nodes?h=name,version,node.role,node.roles&v',
  ),
  { ask: 'GET /_cat/health?h=cl', headers: { Accept: 'application/json' } },
  // Nodes and state.
  ...asks('GET /_nodes/http', 'GET /_nodes/_local/http,transport?filter_path=nodes.*.http', 'GET /_nodes/nope', 'GET /_nodes/bogusmetric'),
  ...asks(
    'GET /_nodes?filter_path=nodes.*.roles',
    'GET /_nodes/_all/info/process?filter_path=_nodes',
    'GET /_cluster/state/version?filter_path=-version',
    'GET /_cluster/health?format=yaml&level=shards',
    'GET /?format=yaml&prety&bogus&formatt',
  ),
  ...asks('GET /_cluster/state/nope', 'GET /_cluster/state/nodes?filter_path=nodes.*.name', 'GET /_cluster/state/blocks,routing_nodes'),
  ...asks(
    'GET /_cluster/state?local&filter_path=blocks,routing_table',
    'GET /_cluster/state/metadata?filter_path=metadata.templates,*.cluster_coordination',
  ),
  // Settings.
  ...asks('GET /_cluster/settings', 'GET /_cluster/settings?flat_settings&local&cluster_manager_timeout=1s', 'POST /_cluster/settings'),
  ...asks('GET /_cluster/settings?bogus', 'GET /_cluster/settings?include_defaults=x', 'GET /_cluster/settings?cluster_manager_timeout=1'),
  ...asks('PUT /_cluster/settings'),
  ...puts('', '{}', '[]', '"a"', '{"persistent":1}', '{"persistent":null}', '{"persistent":{"a":[{"b":1}]}}'),
  ...puts('', '{"persistent":{"search.max_buckets":"x"}}', '{"persistent":{"nope":1}}', '{"transient":{"cluster.name":"x"}}'),
  ...puts(
    '?flat_settings',
    '{"persistent":{"search.max_buckets":7,"action":{"auto_create_index":true}},"transient":{"search.max_buckets":9}}',
  ),
  ...asks('GET /_cluster/settings', 'GET /_cluster/settings?flat_settings=true&filter_path=persistent'),
  ...puts('?timeout=5s', '{"persistent":{"search.*":null,"action.auto_create_index":null},"transient":{"search.max_buckets":null}}'),
  ...puts('?timeout=x', '{"persistent":{"search.*":null}}'),
  ...puts('?master_timeout=5s&cluster_manager_timeout=5s', '{"persistent":{"search.*":null}}'),
  ...puts('?bogus=1', '{"persistent":{"search.max_buckets":5}}'),
  { ask: 'PUT /_cluster/settings', headers: { 'Content-Type': 'application/yaml' }, body: 'persistent:\n  search.max_buckets: null\n' },
];
