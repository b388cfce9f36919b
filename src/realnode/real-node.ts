import { randomBytes } from 'node:crypto';
import { DeadlineError, EnvironmentError, TransportError } from '../protocol/error/transport-error.ts';
import { isListOf, isName, isPortNumber, isText, must, type OptionChecks, checkOptions } from '../transport/util/check-options.ts';
import { isolated } from '../transport/util/listeners.ts';
import { PREPARE_CHECKS, prepareRealNode, requireJdk, type PrepareOptions } from './artefacts.ts';
import { throwIfCancelled, withinLimits } from './limited-wait.ts';
import { createNodeFolder } from './node-folder.ts';
import { type BoundAddress, type BoundAddresses, NodeProcess } from './node-process.ts';
import { untilReady } from './readiness.ts';
import { parseRelease } from './release.ts';
import { nodeSettings, type RealNodeSettings } from './settings.ts';

/** Options of {@link startRealNode}. */
export interface RealNodeOptions extends PrepareOptions {
  /** Settings of `opensearch.yml` by dotted name, over the defaults of `DEFAULT_SETTINGS`; null removes a default. */
  readonly settings?: RealNodeSettings;
  /** Name of the node. @default `real-node-` and six hex digits */
  readonly nodeName?: string;
  /** Name of its cluster. @default `real-node` */
  readonly clusterName?: string;
  /** Heap in MiB. @default 512 */
  readonly heapMb?: number;
  /** Port of its REST interface; 0 for any free one. @default 0 */
  readonly httpPort?: number;
  /** Port of its transport; 0 for any free one. @default 0 */
  readonly transportPort?: number;
  /** Further arguments of the JVM, after the defaults. @default none */
  readonly jvmArgs?: readonly string[];
  /** Time from the start of Java to a ready node, in milliseconds; resolving artefacts is not counted. @default 120_000 */
  readonly readyTimeoutMs?: number;
  /** Called with each line that Maven and the node print. What it throws becomes a process warning. */
  readonly onLog?: ((line: string) => void) | undefined;
}

const isPositive = must('an integer > 0', (value) => Number.isInteger(value) && (value as number) > 0 && (value as number) < 2 ** 31);

const CHECKS: OptionChecks<RealNodeOptions> = {
  ...PREPARE_CHECKS,
  settings: must('an object of settings by dotted name', (value) => typeof value === 'object' && value !== null && !Array.isArray(value)),
  nodeName: isName,
  clusterName: isName,
  heapMb: isPositive,
  httpPort: isPortNumber,
  transportPort: isPortNumber,
  jvmArgs: isListOf('an array of strings', isText),
  readyTimeoutMs: isPositive,
};

/** A genuine OpenSearch node that runs. */
export interface RealNode {
  readonly version: string;
  readonly nodeName: string;
  readonly clusterName: string;
  readonly httpPort: number;
  readonly transportPort: number;
  /** Root of its REST interface, `http://127.0.0.1:PORT`. */
  readonly httpUrl: string;
  /** `127.0.0.1:PORT` for a transport client. */
  readonly transportAddress: string;
  readonly pid: number;
  /** Resolves when the process is gone and its data removed, whoever ended it. */
  readonly gone: Promise<void>;
  /** The newest lines of its log, at most 5000, oldest first. */
  logs(): string[];
  /** Lets the node close, kills it after 12 seconds; resolves when the process is gone and its data removed. */
  close(): Promise<void>;
  /** Kills the node at once; `gone` tells when its data is removed. */
  abort(): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Boots a genuine OpenSearch node on loopback and resolves when it is ready: its REST root answers and its cluster is at least yellow.
 * Several may run at once. A node ends with the process that started it, however that ends, and its data goes with it.
 *
 * The node has core queries, aggregations and mappings, but not the modules of the full distribution (painless, reindex, analysis).
 *
 * @throws ERR_USAGE for a bad version, ERR_CONFIG for a bad option; ERR_ENVIRONMENT when Java or Maven is missing, Maven fails or the node
 *   ends early (the message ends with what it said); ERR_ADDRESS_IN_USE when that is because a port is taken; ERR_DEADLINE when it is not ready
 *   in time; ERR_CANCELLED
 * @example
 * await using node = await startRealNode({ version: '3.9.0' });
 * await using client = createClient(node.transportAddress);
 */
export async function startRealNode(options: RealNodeOptions): Promise<RealNode> {
  checkOptions('startRealNode()', options, CHECKS);
  const release = parseRelease(options.version);
  const identity = {
    nodeName: options.nodeName ?? `real-node-${randomBytes(3).toString('hex')}`,
    clusterName: options.clusterName ?? 'real-node',
    httpPort: options.httpPort ?? 0,
    transportPort: options.transportPort ?? 0,
  };
  const settings = nodeSettings(identity, options.settings ?? {});
  const heapMb = options.heapMb ?? 512;
  const readyTimeoutMs = options.readyTimeoutMs ?? 120_000;
  throwIfCancelled(options.signal);
  const jdk = await requireJdk(release, options);
  const { jars } = await prepareRealNode(prepareOptions(options));
  throwIfCancelled(options.signal);

  const folder = await createNodeFolder(settings);
  const { env = process.env, jvmArgs = [], signal } = options;
  const onLog = isolated('onLog of startRealNode()', options.onLog);
  const node = new NodeProcess({ jdk, jars, folder, heapMb, jvmArgs, env, onLog });
  const nodeName = String(settings['node.name']);
  try {
    const what = `OpenSearch ${release.version} to become ready`;
    const bound = await withinLimits({ timeoutMs: readyTimeoutMs, signal, what }, (stop) => booted(node, nodeName, stop));
    return realNode(node, bound, { version: release.version, nodeName, clusterName: String(settings['cluster.name']) });
  } catch (error) {
    node.abort();
    await node.gone;
    throw withLog(error, node);
  }
}

async function booted(node: NodeProcess, nodeName: string, signal: AbortSignal): Promise<BoundAddresses> {
  const bound = await node.bound;
  const died = node.gone.then(() => {
    throw new EnvironmentError('ERR_ENVIRONMENT', {}, `the node ended before it was ready. The end of its log:\n${node.log.text(25)}`);
  });
  await Promise.race([untilReady(urlOf(bound.http), nodeName, signal), died]);
  return bound;
}

function realNode(node: NodeProcess, bound: BoundAddresses, names: Pick<RealNode, 'version' | 'nodeName' | 'clusterName'>): RealNode {
  return {
    ...names,
    httpPort: bound.http.port,
    transportPort: bound.transport.port,
    httpUrl: urlOf(bound.http),
    transportAddress: addressOf(bound.transport),
    pid: node.pid ?? 0,
    gone: node.gone,
    logs: () => node.log.lines(),
    close: () => node.close(),
    abort: () => node.abort(),
    [Symbol.asyncDispose]: () => node.close(),
  };
}

/** Adds the end of the log to the error: it usually has the reason. */
function withLog(error: unknown, node: NodeProcess): TransportError {
  if (error instanceof DeadlineError) {
    return new DeadlineError(error.phase, { cause: error }, `${error.message}. The end of its log:\n${node.log.text(25)}`);
  }
  return TransportError.from(error, 'ERR_ENVIRONMENT');
}

const addressOf = ({ host, port }: BoundAddress): string => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);
const urlOf = (address: BoundAddress): string => `http://${addressOf(address)}`;

/** Returns the options that resolving artefacts takes. */
function prepareOptions({ version, offline, signal, onLog, env, jdkFolders, cacheDir }: RealNodeOptions): PrepareOptions {
  return {
    version,
    signal,
    onLog,
    ...(offline !== undefined && { offline }),
    ...(env !== undefined && { env }),
    ...(jdkFolders !== undefined && { jdkFolders }),
    ...(cacheDir !== undefined && { cacheDir }),
  };
}
