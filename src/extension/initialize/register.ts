import { setTimeout as sleep } from 'node:timers/promises';
import { DeadlineError, DialError } from '../../protocol/error/transport-error.ts';
import { limited } from '../node/limited.ts';
import { type InitializeOptions, initializeTargets } from './initialize-options.ts';
import { askToInitialize, knowsId } from './initialize-request.ts';
import { checkRelease, readMain } from './node-identity.ts';
import { NodeRest } from './node-rest.ts';

/** Milliseconds within which a node gives up on an extension that it cannot connect to, when that is refused at once. */
const SETTLED_MS = 2_000;
const LOOK_MS = 200;

/** How an extension that runs elsewhere is introduced to a node. */
export interface RegisterOptions extends InitializeOptions {
  readonly hostAddress: string;
  readonly port: number;
}

/** A node that was asked to initialise an extension. */
export interface RegisteredWith {
  readonly name: string;
  readonly version: string;
  /** False if the node does not tell whether it keeps the extension. */
  readonly isConfirmed: boolean;
}

/**
 * Asks a node to initialise an extension that runs elsewhere, written in any language. A node forgets an extension that it cannot connect to, so the node is
 * watched for two seconds; whether the extension registered its routes cannot be seen from outside.
 *
 * @param url REST URL of the node
 * @throws ERR_USAGE for a bad URL, ERR_CONFIG, ERR_VERSION, ERR_REMOTE with the node's words; ERR_DIAL if the node cannot be reached, or could not connect to the extension; ERR_DEADLINE
 */
export async function registerWith(url: string, options: RegisterOptions): Promise<RegisteredWith> {
  const [target] = initializeTargets(url, options);
  const { timeoutMs } = target as NonNullable<typeof target>;
  const rest = new NodeRest(target as NonNullable<typeof target>);
  const late = () => new DeadlineError('answer', {}, `the node at ${url} did not initialise '${options.uniqueId}' within ${timeoutMs} ms`);
  const signals = options.signal === undefined ? [] : [options.signal];
  return limited((signal) => register(rest, options, signal), { signals, timeoutMs, late });
}

async function register(rest: NodeRest, options: RegisterOptions, signal: AbortSignal): Promise<RegisteredWith> {
  const { hostAddress, port } = options;
  const { name, version } = await readMain(rest, signal);
  checkRelease(rest.url, version);
  await askToInitialize(rest, options, { host: hostAddress, port }, signal);
  for (const end = performance.now() + SETTLED_MS; performance.now() < end; ) {
    await sleep(LOOK_MS, undefined, { signal });
    const { isKnown } = await knowsId(rest, options.uniqueId, version, signal);
    if (isKnown === null) return { name, version, isConfirmed: false };
    if (isKnown) continue;
    const text = `the node ${name} could not initialise '${options.uniqueId}' at ${hostAddress}:${port}: the node did not get a connection, or the extension refused its handshake`;
    throw new DialError('ERR_DIAL', {}, `${text}; the log of the node says which`);
  }
  return { name, version, isConfirmed: true };
}
