import { TransportError } from '../../protocol/error/transport-error.ts';
import { type InitializeOptions, OLDEST_RELEASE } from './initialize-options.ts';
import { refusedBy, wordsOf } from './node-identity.ts';
import type { NodeRest } from './node-rest.ts';

/** Release that the extension claims to be made for. It decides nothing. @see extensions.md §1.1 */
const MADE_FOR = '2.19.0';

const PATH = '/_extensions/initialize';

/** Where the node is to find the extension. */
interface ExtensionAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * Asks a node to initialise an extension. The node answers before it connects, so that nothing is known yet when this resolves.
 *
 * @throws ERR_REMOTE with the words of a node that refuses, or has extensions switched off; as {@link NodeRest.postJson}
 */
export async function askToInitialize(
  rest: NodeRest,
  options: InitializeOptions,
  address: ExtensionAddress,
  signal: AbortSignal,
): Promise<void> {
  const { name, uniqueId, version = '1.0.0', minimumCompatibleVersion = OLDEST_RELEASE, dependencies } = options;
  const where = { hostAddress: address.host, port: String(address.port) };
  const body = { name, uniqueId, ...where, version, opensearchVersion: MADE_FOR, minimumCompatibleVersion };
  const answer = await rest.postJson(PATH, { ...body, ...(dependencies !== undefined && { dependencies }) }, signal);
  if (answer.status === 202) return;
  if (answer.status === 500) throw refused(rest.url, uniqueId, wordsOf(answer.text));
  if ((answer.status === 400 && /no handler found/u.test(answer.text)) || answer.status === 404 || answer.status === 405)
    throw switchedOff(rest.url);
  throw refusedBy(rest.url, `POST ${PATH}`, answer);
}

/**
 * Returns whether a node knows the unique id of an extension; null if it does not tell. Asks in a way that is refused in any case: the node looks for the id
 * first, then finds that the extension wants a later release than its own.
 *
 * @param version release of the node
 * @throws as {@link NodeRest.postJson}
 */
export async function knowsId(rest: NodeRest, uniqueId: string, version: string, signal: AbortSignal): Promise<IdFinding> {
  const minimumCompatibleVersion = `${version.split('.')[0]}.99.0`;
  const body = { name: uniqueId, uniqueId, hostAddress: '127.0.0.1', port: '1', version: '1', opensearchVersion: MADE_FOR };
  const { text } = await rest.postJson(PATH, { ...body, minimumCompatibleVersion }, signal);
  const words = wordsOf(text);
  if (words.startsWith('Duplicate uniqueId')) return { isKnown: true, words };
  return { isKnown: words.includes('minimumCompatibleVersion') ? false : null, words };
}

/** What a node says about a unique id. */
export interface IdFinding {
  /** Null if it does not tell. */
  readonly isKnown: boolean | null;
  readonly words: string;
}

function refused(url: string, uniqueId: string, words: string): TransportError {
  const hint = words.startsWith('Duplicate uniqueId')
    ? '; a node knows a unique id until it restarts: restart the node, or use another uniqueId'
    : '';
  return new TransportError('ERR_REMOTE', {}, `the node at ${url} refused the extension '${uniqueId}': ${words}${hint}`);
}

function switchedOff(url: string): TransportError {
  const text = `the node at ${url} has extensions switched off: start it with the setting opensearch.experimental.feature.extensions.enabled: true`;
  return new TransportError('ERR_REMOTE', {}, text);
}
