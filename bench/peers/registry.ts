import { readFileSync } from 'node:fs';
import type { Peer } from './peer.ts';

/** Every contender by name. A peer's packages are loaded when it runs, in its own process. */
const PEERS: Readonly<Record<string, () => Promise<Peer>>> = {
  'opensearch-transport': async () => (await import('./opensearch-transport.ts')).opensearchTransport,
  'opensearch-transport/released': async () => (await import('./opensearch-transport.ts')).released,
  'opensearch-transport/streamed': async () => (await import('./streamed.ts')).streamed,
  'opensearch-transport/no-deadline': async () => (await import('./opensearch-transport.ts')).noDeadline,
  'opensearch-transport/signal': async () => (await import('./opensearch-transport.ts')).sharedSignal,
  'opensearch-transport/interceptor': async () => (await import('./opensearch-transport.ts')).oneInterceptor,
  'opensearch-transport/metrics': async () => (await import('./opensearch-transport.ts')).metricsOn,
  'opensearch-transport/synchronous': async () => (await import('./opensearch-transport.ts')).synchronousHandler,
  'opensearch-transport/featureless': async () => (await import('./opensearch-transport.ts')).featureless,
  'raw-net': async () => (await import('./raw-net.ts')).rawNet,
  'grpc-js': async () => (await import('./grpc-js.ts')).grpcJs,
  'undici-http': async () => (await import('./undici-http.ts')).undiciHttp,
  'ws-msgpackr': async () => (await import('./ws-msgpackr.ts')).wsMsgpackr,
  'msgpack-rpc': async () => (await import('./msgpack-rpc.ts')).msgpackRpc,
  rsocket: async () => (await import('./rsocket.ts')).rsocket,
  ioredis: async () => (await import('./ioredis.ts')).ioredis,
  'connect-node': async () => (await import('./connect-node.ts')).connectNode,
  'connect-node-grpc': async () => (await import('./connect-node.ts')).connectNodeGrpc,
  thrift: async () => (await import('./thrift.ts')).thriftFramed,
  'jvm-transport': async () => (await import('./jvm-transport.ts')).jvmTransport,
  'jvm-extension': async () => (await import('./jvm-extension.ts')).jvmExtension,
};

/** Names of all contenders, in the order they run. */
export const peerNames: readonly string[] = Object.keys(PEERS);

/** Returns true for this project's own contenders, which need no other package. */
export function isOwn(name: string): boolean {
  return name.split('/', 1)[0] === 'opensearch-transport';
}

/** Loads a contender. @throws Error for an unknown name, or if one of its packages is not installed */
export function findPeer(name: string): Promise<Peer> {
  const load = PEERS[name];
  if (load === undefined) throw new Error(`unknown contender ${name}. Known: ${peerNames.join(', ')}`);
  return load();
}

/** Returns packages with their installed versions: `ws 8.23.0, msgpackr 2.1.3`. */
export function versionsOf(packages: readonly string[]): string {
  return packages.map((name) => `${name} ${installedVersion(name)}`).join(', ');
}

function installedVersion(name: string): string {
  const manifest = new URL(isOwn(name) ? '../../../package.json' : `../../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
