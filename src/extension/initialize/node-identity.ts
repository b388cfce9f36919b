import { shortened } from '../../protocol/error/shortened.ts';
import { TransportError, VersionError } from '../../protocol/error/transport-error.ts';
import type { HostNode } from '../node/host-node.ts';
import type { NodeAnswer, NodeRest } from './node-rest.ts';

/** What the REST API of a node says about it. */
export interface NodeIdentity {
  readonly name: string;
  readonly version: string;
  /** Null if the node does not tell its id to this user; then its name must do. */
  readonly nodeId: string | null;
}

/**
 * Reads who a node is.
 *
 * @throws ERR_VERSION if it is older than 2.9, or 4.0 or later
 * @throws ERR_REMOTE if it refuses to tell, ERR_HANDSHAKE if it is not OpenSearch, and as {@link NodeRest.get}
 */
export async function readIdentity(rest: NodeRest, signal: AbortSignal): Promise<NodeIdentity> {
  const { name, version } = await readMain(rest, signal);
  checkRelease(rest.url, version);
  return { name, version, nodeId: await readNodeId(rest, name, signal) };
}

/** Returns whether a node that initialised the extension is this one. */
export function isSameNode({ nodeId, name }: NodeIdentity, host: HostNode): boolean {
  return nodeId === null ? host.name === name : host.nodeId === nodeId;
}

/** Reads name and release of a node. @throws as {@link readIdentity} */
export async function readMain(rest: NodeRest, signal: AbortSignal): Promise<{ readonly name: string; readonly version: string }> {
  const answer = await rest.get('/', signal);
  if (answer.status !== 200) throw refusedBy(rest.url, 'GET /', answer);
  const main = jsonOf(answer.text) as { name?: unknown; version?: { number?: unknown } } | null;
  const { name, version } = main ?? {};
  if (typeof name === 'string' && typeof version?.number === 'string') return { name, version: version.number };
  const text = `${rest.url} is not the REST API of an OpenSearch node: GET / answered ${shortened(answer.text)}`;
  throw new TransportError('ERR_HANDSHAKE', {}, text);
}

/** @throws ERR_VERSION */
export function checkRelease(url: string, version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if ((major === 2 && minor >= 9) || major === 3) return;
  const why =
    major === 4
      ? 'extensions are to be removed in 4.0'
      : major >= 5
        ? 'this may be Elasticsearch, or a node with compatibility.override_main_response_version: remove that setting'
        : 'extensions are initialised through REST since 2.9';
  throw new VersionError('ERR_VERSION', {}, `the node at ${url} has version ${version}, expected 2.9 to 3.x: ${why}`);
}

/** Also the users who may initialise extensions may be denied this one. */
async function readNodeId(rest: NodeRest, name: string, signal: AbortSignal): Promise<string | null> {
  const { status, text } = await rest.get('/_nodes/_local?filter_path=nodes.*.name', signal);
  if (status !== 200) return null;
  const nodes = (jsonOf(text) as { nodes?: Readonly<Record<string, { name?: unknown } | undefined>> } | null)?.nodes ?? {};
  const ids = Object.keys(nodes);
  return ids.length === 1 && nodes[ids[0] as string]?.name === name ? (ids[0] as string) : null;
}

/** Returns the error for an answer with another status than was expected, in the words of the node. */
export function refusedBy(url: string, request: string, { status, text }: NodeAnswer): TransportError {
  const hint = status === 401 || status === 403 ? '; pass `auth` or `headers` of a user who may do this' : '';
  return new TransportError('ERR_REMOTE', {}, `the node at ${url} answered ${request} with status ${status}: ${wordsOf(text)}${hint}`);
}

/** Returns the words of a node: the reason in an error of JSON, or the whole text. */
export function wordsOf(text: string): string {
  const error = (jsonOf(text) as { error?: unknown } | null)?.error;
  const reason = typeof error === 'string' ? error : (error as { reason?: unknown } | undefined)?.reason;
  return typeof reason === 'string' ? reason : shortened(text.trim());
}

function jsonOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}
