import { DeadlineError, TransportError, UsageError } from '../../protocol/error/transport-error.ts';
import type { Endpoint } from '../../transport/carrier/link.ts';
import type { HostNode } from '../node/host-node.ts';
import { limited } from '../node/limited.ts';
import type { AskedUrls } from './asked-urls.ts';
import { type Arrivals, type Before, explainSilence, type Introduction } from './arrivals.ts';
import type { InitializeTarget } from './initialize-options.ts';
import { askToInitialize } from './initialize-request.ts';
import { isSameNode, type NodeIdentity, readIdentity } from './node-identity.ts';
import { NodeRest } from './node-rest.ts';

/** What the initialisation needs of its extension. */
export interface InitializationHost {
  readonly nodes: () => readonly HostNode[];
  readonly arrivals: Arrivals;
  /** Is told who is at each URL. */
  readonly urls: AskedUrls;
  /** Where the extension listens; null if it does not. */
  readonly endpoint: () => Endpoint | null;
}

/** The initialisation of an extension by nodes: one after the other for the same node and id, because the second would be a duplicate. */
export class Initialization {
  readonly #host: InitializationHost;
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(host: InitializationHost) {
    this.#host = host;
  }

  /**
   * Makes one node initialise the extension. Resolves when the node has initialised it and acknowledged its registration; at once if it has done so
   * before, under this id, and is still connected.
   *
   * @returns who the node is
   * @throws ERR_DIAL, ERR_VERSION, ERR_HANDSHAKE, ERR_REMOTE, ERR_DEADLINE, ERR_USAGE, and the reason of a signal
   */
  run(target: InitializeTarget, signals: readonly AbortSignal[]): Promise<NodeIdentity> {
    const attempt = new Attempt(target, this.#host);
    return limited((signal) => this.#inTurn(attempt, signal), { signals, timeoutMs: target.timeoutMs, late: () => attempt.late() });
  }

  async #inTurn(attempt: Attempt, signal: AbortSignal): Promise<NodeIdentity> {
    const identity = await attempt.identify(signal);
    const key = `${identity.nodeId ?? identity.name} ${attempt.uniqueId}`;
    const before = this.#turns.get(key);
    const turn = (async () => {
      await before?.catch(() => undefined);
      await attempt.initialize(identity, signal);
    })();
    this.#turns.set(key, turn);
    try {
      await turn;
      return identity;
    } finally {
      if (this.#turns.get(key) === turn) this.#turns.delete(key);
    }
  }
}

/** One initialisation by one node. */
class Attempt {
  readonly uniqueId: string;
  readonly #target: InitializeTarget;
  readonly #host: InitializationHost;
  readonly #rest: NodeRest;
  readonly #introduction: Introduction;
  readonly #before: Before;
  #identity: NodeIdentity | null = null;
  #isAccepted = false;

  /** @throws ERR_USAGE if the extension does not listen, or the address at which nodes reach it is unknown */
  constructor(target: InitializeTarget, host: InitializationHost) {
    const { url, timeoutMs, options } = target;
    this.uniqueId = options.uniqueId;
    this.#target = target;
    this.#host = host;
    this.#rest = new NodeRest(target);
    this.#introduction = { url, uniqueId: options.uniqueId, timeoutMs, ...reachableAt(target, host.endpoint()) };
    this.#before = host.arrivals.now;
  }

  async identify(signal: AbortSignal): Promise<NodeIdentity> {
    this.#identity = await readIdentity(this.#rest, signal);
    this.#host.urls.add(this.#target, this.#identity);
    return this.#identity;
  }

  async initialize(identity: NodeIdentity, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#find(identity) === undefined) await this.#ask(signal);
    await this.#host.arrivals.until((event) => {
      // The node may be gone already.
      const isMine = event?.type === 'rejected' && event.node.uniqueId === this.uniqueId && isSameNode(identity, event.node);
      if (isMine) throw this.#rejected(event.error);
      const { status, error } = this.#find(identity)?.registration ?? {};
      if (status === 'rejected') throw this.#rejected(error);
      return status === 'acknowledged' || undefined;
    }, signal);
  }

  #find(identity: NodeIdentity): HostNode | undefined {
    return this.#host.nodes().find((node) => node.isConnected && node.uniqueId === this.uniqueId && isSameNode(identity, node));
  }

  async #ask(signal: AbortSignal): Promise<void> {
    await askToInitialize(this.#rest, this.#target.options, this.#introduction, signal);
    this.#isAccepted = true;
  }

  #rejected(error: TransportError | undefined): TransportError {
    const text = `the node at ${this.#target.url} did not accept what the extension '${this.uniqueId}' registers: ${error?.message}`;
    return new TransportError('ERR_REMOTE', { cause: error, delivery: 'maybe-sent' }, text);
  }

  /** Returns the error when the time is over. */
  late(): TransportError {
    const { url, timeoutMs } = this.#introduction;
    const node = this.#identity === null ? undefined : this.#find(this.#identity);
    if (this.#isAccepted || node !== undefined) return explainSilence(this.#introduction, this.#host.arrivals, this.#before, node);
    return new DeadlineError('answer', {}, `the REST API of the node at ${url} did not answer within ${timeoutMs} ms`);
  }
}

/** Returns where nodes reach the extension. @throws ERR_USAGE */
function reachableAt({ url, options }: InitializeTarget, endpoint: Endpoint | null): { readonly host: string; readonly port: number } {
  if (endpoint === null) throw new UsageError('ERR_USAGE', {}, 'the extension does not listen: call listen() before initialize()');
  const { hostAddress, port = endpoint.port } = options;
  if (hostAddress !== undefined) return { host: hostAddress, port };
  if (endpoint.host !== '0.0.0.0' && endpoint.host !== '::') return { host: endpoint.host, port };
  if (/^(?:localhost|127\.[\d.]+|\[::1\])$/u.test(new URL(url).hostname)) return { host: '127.0.0.1', port };
  const text = `hostAddress is missing: the extension listens on every address of this machine (${endpoint.host}), pass the one at which ${url} reaches it`;
  throw new UsageError('ERR_USAGE', {}, text);
}
