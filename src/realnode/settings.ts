import { UsageError } from '../protocol/error/transport-error.ts';

/** One value of `opensearch.yml`. */
export type SettingValue = string | number | boolean | readonly (string | number | boolean)[];

/** Settings by their full dotted name; null removes a default. */
export type RealNodeSettings = Readonly<Record<string, SettingValue | null>>;

/** Names and ports of a node; port 0 is any free one. */
export interface NodeIdentity {
  readonly nodeName: string;
  readonly clusterName: string;
  readonly httpPort: number;
  readonly transportPort: number;
}

/**
 * Settings of a node for development and tests. Extensions answer REST requests only if HTTP has threads of its own. A full disk does not stop a
 * test. @see realnode.md, extensions.md §1.5
 */
export const DEFAULT_SETTINGS: Readonly<Record<string, SettingValue>> = {
  'network.host': '127.0.0.1',
  'transport.type': 'netty4',
  'http.type': 'netty4',
  // A node blocks one of these threads for each call to an extension: with 2 of them two calls are under way at most.
  'http.netty.worker_count': 16,
  'discovery.type': 'single-node',
  'opensearch.experimental.feature.extensions.enabled': true,
  'cluster.routing.allocation.disk.threshold_enabled': false,
};

/** Settings that make a node look for others, which `discovery.type: single-node` forbids. */
const CLUSTER_SETTINGS = [
  'discovery.seed_hosts',
  'discovery.seed_providers',
  'cluster.initial_cluster_manager_nodes',
  'cluster.initial_master_nodes',
];

/**
 * Returns the settings of a node: its identity, the defaults, then the user's settings. A null removes a default; names and ports cannot be
 * removed. `discovery.type` is left out when the settings speak of other nodes.
 *
 * @throws ERR_CONFIG for `path.home`, which belongs to the node's own folder
 */
export function nodeSettings(identity: NodeIdentity, user: RealNodeSettings): Record<string, SettingValue> {
  if ('path.home' in user)
    throw new UsageError('ERR_CONFIG', {}, 'path.home cannot be set: a node gets a folder of its own, removed when it closes');
  const own: Record<string, SettingValue> = {
    'cluster.name': identity.clusterName,
    'node.name': identity.nodeName,
    'http.port': identity.httpPort,
    'transport.port': identity.transportPort,
  };
  const settings: Record<string, SettingValue> = { ...own, ...DEFAULT_SETTINGS };
  if (CLUSTER_SETTINGS.some((name) => (user[name] ?? null) !== null)) delete settings['discovery.type'];
  for (const [name, value] of Object.entries(user)) {
    if (value !== null) settings[name] = value;
    else if (name in own) continue;
    else delete settings[name];
  }
  return settings;
}

/** `config/opensearch.yml`: JSON is YAML. */
export function openSearchYml(settings: Readonly<Record<string, SettingValue>>): string {
  return `${JSON.stringify(settings, null, 2)}\n`;
}

/**
 * `config/log4j2.properties`: everything to standard error, so that standard output carries only the line with the ports. Settings
 * named `logger.…` set levels, as they do in a node started by its own script.
 */
export function log4jProperties(settings: Readonly<Record<string, SettingValue>>): string {
  const lines = [
    'status = error',
    'shutdownHook = disable',
    'appender.console.type = Console',
    'appender.console.name = console',
    'appender.console.target = SYSTEM_ERR',
    'appender.console.layout.type = PatternLayout',
    'appender.console.layout.pattern = [%d{ISO8601}][%-5p][%-25c{1.}] %m%n',
    `rootLogger.level = ${level(settings['logger.level'] ?? 'info')}`,
    'rootLogger.appenderRef.console.ref = console',
  ];
  let count = 0;
  for (const [name, value] of Object.entries(settings)) {
    if (!name.startsWith('logger.') || name === 'logger.level') continue;
    const id = `logger.l${count++}`;
    lines.push(`${id}.name = ${oneLine(name.slice('logger.'.length))}`, `${id}.level = ${level(value)}`);
  }
  return `${lines.join('\n')}\n`;
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');
const level = (value: SettingValue): string => oneLine(String(value)).toLowerCase();
