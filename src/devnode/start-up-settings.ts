import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Settings } from '../protocol/codec/settings.ts';

/** What the start-up settings of a node follow from. */
export interface StartUpFacts {
  readonly clusterName: string;
  readonly nodeName: string;
  readonly host: string;
  readonly httpPort: number;
  readonly transportPort: number;
  readonly compress: boolean;
  readonly pingIntervalMs: number;
}

/** HTTP never waits for an extension on the thread that reads its answer, as in a node with threads of its own for HTTP. @see extensions.md §1.5 */
const HTTP_WORKERS = '16';

/**
 * Returns the settings that a node was started with, as extensions are told them: the keys that a genuine node has. Nothing is in its paths.
 *
 * @see extensions.md §4.2
 */
export function startUpSettings({
  clusterName,
  nodeName,
  host,
  httpPort,
  transportPort,
  compress,
  pingIntervalMs,
}: StartUpFacts): Settings {
  const home = join(tmpdir(), nodeName);
  return {
    'client.type': 'node',
    'cluster.name': clusterName,
    'discovery.type': 'single-node',
    'http.netty.worker_count': HTTP_WORKERS,
    'http.port': String(httpPort),
    'http.type': 'netty4',
    'http.type.default': 'netty4',
    'network.host': host,
    'node.attr.shard_indexing_pressure_enabled': 'true',
    'node.name': nodeName,
    'opensearch.experimental.feature.extensions.enabled': 'true',
    'path.home': home,
    'path.logs': join(home, 'logs'),
    ...(compress ? { 'transport.compress': 'true' } : {}),
    ...(pingIntervalMs > 0 ? { 'transport.ping_schedule': `${pingIntervalMs}ms` } : {}),
    'transport.port': String(transportPort),
    'transport.type': 'netty4',
    'transport.type.default': 'netty4',
  };
}
