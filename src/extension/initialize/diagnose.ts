import { reasonOf } from '../../protocol/error/reason-of.ts';
import { DeadlineError, TransportError } from '../../protocol/error/transport-error.ts';
import type { Carrier } from '../../transport/carrier/link.ts';
import { createClient } from '../../transport/client/client.ts';
import {
  checkOptions,
  isCarrier,
  isName,
  isPortNumber,
  isSignal,
  isTimerFrom,
  must,
  type OptionChecks,
  required,
} from '../../transport/util/check-options.ts';
import { httpLoopsOf, SHARED_LOOPS_REMEDY, sharedLoopsText } from '../node/event-loops.ts';
import { limited } from '../node/limited.ts';
import { type InitializeOptions, initializeTargets } from './initialize-options.ts';
import { knowsId } from './initialize-request.ts';
import { readMain, checkRelease, wordsOf } from './node-identity.ts';
import { NodeRest } from './node-rest.ts';

/** Milliseconds for all checks together. */
const DEFAULT_TIMEOUT_MS = 15_000;

/** Milliseconds for the connection to the extension. */
const CONNECT_MS = 3_000;

/** What is to be diagnosed. */
export interface DiagnoseOptions extends Pick<InitializeOptions, 'uniqueId' | 'headers' | 'auth' | 'timeoutMs' | 'signal'> {
  /** REST URL of the node, for example `http://127.0.0.1:9200`. */
  readonly url: string;
  /** Address at which the node reaches the extension. @default '127.0.0.1' */
  readonly host?: string;
  /** Port at which the node reaches the extension. */
  readonly port: number;
  /** How nodes connect to the extension. @default tcp() */
  readonly carrier?: Carrier;
}

/** What one check found. `unknown`: it could not be made, because an earlier one failed or the user may not do it. */
export interface Finding {
  readonly check: 'node' | 'version' | 'flag' | 'port' | 'uniqueId' | 'eventLoops';
  readonly verdict: 'ok' | 'warning' | 'problem' | 'unknown';
  /** What was found. */
  readonly text: string;
  /** What to do; null if there is nothing to do. */
  readonly remedy: string | null;
}

const CHECKS: OptionChecks<DiagnoseOptions> = {
  url: required(isName),
  host: isName,
  port: required(isPortNumber),
  uniqueId: required(isName),
  carrier: isCarrier,
  timeoutMs: isTimerFrom(1),
  signal: isSignal,
  headers: must('an object', (value) => typeof value === 'object' && value !== null),
  auth: must('{ username, password }', (value) => typeof value === 'object' && value !== null),
};

/**
 * Looks for what keeps an extension from being initialised and served by a node. Changes nothing at the node. The port is tried from this machine, not
 * from that of the node.
 *
 * @returns the findings in the order of the checks
 * @example for (const { verdict, text, remedy } of await diagnose({ url, port: 4500, uniqueId: 'hello' })) console.log(verdict, text, remedy ?? '');
 * @throws ERR_CONFIG for a bad option, ERR_USAGE for a bad URL, ERR_DEADLINE, and the reason of the signal
 */
export async function diagnose(options: DiagnoseOptions): Promise<readonly Finding[]> {
  checkOptions('diagnose()', options, CHECKS);
  const { url, host = '127.0.0.1', port, carrier, uniqueId, headers, auth, signal, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const [target] = initializeTargets(url, { name: uniqueId, uniqueId, ...(headers && { headers }), ...(auth && { auth }) });
  const rest = new NodeRest(target as NonNullable<typeof target>);
  const late = () => new DeadlineError('answer', {}, `the checks took longer than ${timeoutMs} ms`);
  return limited(
    async (over) => {
      const [ofNode, ofPort] = await Promise.all([checkNode(rest, uniqueId, over), checkPort({ host, port, carrier }, over)]);
      return [...ofNode.slice(0, 3), ofPort, ...ofNode.slice(3)];
    },
    { signals: signal === undefined ? [] : [signal], timeoutMs, late },
  );
}

const finding = (check: Finding['check'], verdict: Finding['verdict'], text: string, remedy: string | null = null): Finding => ({
  check,
  verdict,
  text,
  remedy,
});

const skipped = (check: Finding['check']): Finding => finding(check, 'unknown', `${check} was not checked: an earlier check failed`);

async function checkNode(rest: NodeRest, uniqueId: string, signal: AbortSignal): Promise<Finding[]> {
  let main: { readonly name: string; readonly version: string };
  try {
    main = await readMain(rest, signal);
  } catch (error) {
    signal.throwIfAborted();
    const node = finding('node', 'problem', reasonOf(error), 'correct the URL, or start the node');
    return [node, ...(['version', 'flag', 'uniqueId', 'eventLoops'] as const).map(skipped)];
  }
  const node = finding('node', 'ok', `the node ${main.name} answers at ${rest.url}`);
  const version = versionFinding(rest.url, main.version);
  const flag = await checkFlag(rest, signal);
  const id = flag.verdict === 'ok' ? await checkId(rest, uniqueId, main.version, signal) : skipped('uniqueId');
  return [node, version, flag, id, await checkEventLoops(rest, signal)];
}

function versionFinding(url: string, version: string): Finding {
  try {
    checkRelease(url, version);
    return finding('version', 'ok', `release ${version} supports extensions`);
  } catch (error) {
    return finding('version', 'problem', reasonOf(error), 'use a node of OpenSearch 2.9 to 3.x');
  }
}

/** The route of the request exists only with the flag; asked with another method it answers 405. */
async function checkFlag(rest: NodeRest, signal: AbortSignal): Promise<Finding> {
  const { status, text } = await rest.get('/_extensions/initialize', signal);
  if (status === 405) return finding('flag', 'ok', 'extensions are switched on');
  if (status === 401 || status === 403) {
    return finding(
      'flag',
      'unknown',
      `the node does not tell whether extensions are switched on: ${wordsOf(text)}`,
      'pass the user of an admin',
    );
  }
  const remedy = 'start the node with the setting opensearch.experimental.feature.extensions.enabled: true';
  return finding('flag', 'problem', `extensions are switched off: GET /_extensions/initialize answers ${status}, expected 405`, remedy);
}

async function checkId(rest: NodeRest, uniqueId: string, version: string, signal: AbortSignal): Promise<Finding> {
  const { isKnown, words } = await knowsId(rest, uniqueId, version, signal);
  if (isKnown === true) {
    const remedy =
      'fine while the extension is connected; otherwise restart the node, or use another uniqueId: a node knows an id until it restarts';
    return finding('uniqueId', 'warning', `the node knows an extension with the unique id '${uniqueId}' already`, remedy);
  }
  if (isKnown === false) return finding('uniqueId', 'ok', `the unique id '${uniqueId}' is free`);
  return finding('uniqueId', 'unknown', `the node does not tell whether the unique id is free: ${words}`);
}

/** @see extensions.md §1.5 */
async function checkEventLoops(rest: NodeRest, signal: AbortSignal): Promise<Finding> {
  const { status, text } = await rest.get('/_cluster/settings?include_defaults=true&filter_path=*.http.netty.worker_count', signal);
  if (status !== 200) return finding('eventLoops', 'unknown', `the node does not tell its settings: ${wordsOf(text)}`);
  const count = httpLoopsOf(/"worker_count"\s*:\s*"(\d+)"/u.exec(text)?.[1]);
  if (count > 0) return finding('eventLoops', 'ok', `http.netty.worker_count is ${count}: HTTP has event loops of its own`);
  return finding('eventLoops', 'warning', sharedLoopsText(), SHARED_LOOPS_REMEDY);
}

async function checkPort(
  { host, port, carrier }: { readonly host: string; readonly port: number; readonly carrier: Carrier | undefined },
  signal: AbortSignal,
): Promise<Finding> {
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const client = createClient({ nodes: [address], reconnect: false, profile: 'single', ...(carrier !== undefined && { carrier }) });
  try {
    await client.connect({ timeoutMs: CONNECT_MS, signal });
    return finding('port', 'ok', `a process that speaks the transport protocol listens on ${address}`);
  } catch (error) {
    signal.throwIfAborted();
    const remedy = 'start the extension, and check host, port, firewall and TLS; in a container, 127.0.0.1 is the container itself';
    return finding('port', 'problem', `the extension cannot be reached at ${address}: ${TransportError.from(error).message}`, remedy);
  } finally {
    await client.close({ drainMs: 0 });
  }
}
