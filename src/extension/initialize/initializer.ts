import { setTimeout as sleep } from 'node:timers/promises';
import { TransportError } from '../../protocol/error/transport-error.ts';
import type { Endpoint } from '../../transport/carrier/link.ts';
import { backOffMs } from '../../transport/util/back-off.ts';
import { reasonOfSignal } from '../../transport/util/user-code.ts';
import type { ExtensionEvent } from '../extension-options.ts';
import type { HostNode } from '../node/host-node.ts';
import { AskedUrls } from './asked-urls.ts';
import { Arrivals, cancelledError, closedError } from './arrivals.ts';
import { Initialization } from './initialization.ts';
import { type InitializeOptions, type InitializeTarget, initializeTargets } from './initialize-options.ts';
import { isSameNode, type NodeIdentity } from './node-identity.ts';

/** What the initialiser needs of its extension. */
export interface InitializerOptions {
  readonly nodes: () => readonly HostNode[];
  readonly emit: (event: ExtensionEvent) => void;
}

/** A node that initialised the extension because it was asked to, and is asked again when it has gone. */
interface Kept {
  readonly target: InitializeTarget;
  readonly stopped: AbortController;
  identity: NodeIdentity;
  isRestoring: boolean;
}

/** Makes nodes initialise the extension, and again whenever they have gone and come back: nodes do not keep extensions over a restart. */
export class Initializer {
  /** Where nodes were asked, also those that did not initialise the extension. */
  readonly urls = new AskedUrls();
  readonly #options: InitializerOptions;
  readonly #arrivals = new Arrivals();
  readonly #initialization: Initialization;
  readonly #closed = new AbortController();
  /** By URL and unique id. */
  readonly #kept = new Map<string, Kept>();
  #endpoint: Endpoint | null = null;

  constructor(options: InitializerOptions) {
    this.#options = options;
    this.#initialization = new Initialization({
      nodes: options.nodes,
      arrivals: this.#arrivals,
      urls: this.urls,
      endpoint: () => this.#endpoint,
    });
  }

  /** Where the extension listens; null if it does not. */
  get endpoint(): Endpoint | null {
    return this.#endpoint;
  }

  /** Connections that were opened to the extension so far. */
  get connections(): number {
    return this.#arrivals.connections;
  }

  /** The extension listens. Of several addresses nodes are told the first. */
  onListening(endpoint: Endpoint): void {
    this.#endpoint ??= endpoint;
  }

  /** A connection was opened to the extension. */
  onConnection(): void {
    this.#arrivals.connections++;
  }

  /** To be told of every event of the extension. */
  onEvent(event: ExtensionEvent): void {
    this.#arrivals.onEvent(event);
    if (event.type !== 'disconnected') return;
    for (const kept of this.#kept.values()) {
      const isMine = event.node.uniqueId === kept.target.options.uniqueId && isSameNode(kept.identity, event.node);
      if (isMine && !kept.isRestoring) void this.#restore(kept);
    }
  }

  /**
   * Makes nodes initialise the extension.
   *
   * @throws ERR_CONFIG, ERR_USAGE, ERR_CLOSED, ERR_CANCELLED, and as {@link Initialization.run} what went wrong with the first node that failed. The others
   *   go on as they are
   */
  async initialize(urls: string | readonly string[], options: InitializeOptions): Promise<void> {
    const targets = initializeTargets(urls, options);
    const results = await Promise.allSettled(targets.map((target) => this.#start(target)));
    const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
    const [first] = errors;
    if (first === undefined) return;
    if (errors.length === 1) throw first;
    const { code } = TransportError.from(first);
    const text = `${errors.length} of ${targets.length} nodes did not initialise the extension: ${errors.map(({ message }) => message).join('; ')}`;
    throw new TransportError(code, { cause: new AggregateError(errors) }, text);
  }

  /** Ends every initialisation, and asks no node any more. Idempotent. */
  close(): void {
    this.#closed.abort(closedError());
    for (const kept of this.#kept.values()) kept.stopped.abort(closedError());
    this.#kept.clear();
  }

  async #start(target: InitializeTarget): Promise<void> {
    const { signal } = target.options;
    const stopped = new AbortController();
    const stop = (): void => stopped.abort(cancelledError(signal === undefined ? undefined : reasonOfSignal(signal)));
    signal?.addEventListener('abort', stop, { once: true });
    const unlink = (): void => signal?.removeEventListener('abort', stop);
    if (signal?.aborted === true) stop();
    try {
      const identity = await this.#initialization.run(target, [this.#closed.signal, stopped.signal]);
      this.#keep({ target, stopped, identity, isRestoring: false }, unlink);
    } catch (error) {
      unlink();
      throw error;
    }
  }

  #keep(kept: Kept, unlink: () => void): void {
    const key = `${kept.target.url} ${kept.target.options.uniqueId}`;
    this.#kept.get(key)?.stopped.abort(closedError());
    this.#kept.set(key, kept);
    const forget = (): void => {
      unlink();
      if (this.#kept.get(key) === kept) this.#kept.delete(key);
    };
    kept.stopped.signal.addEventListener('abort', forget, { once: true });
    // The node may have gone since it acknowledged the registration.
    if (!this.#isConnected(kept)) void this.#restore(kept);
  }

  #isConnected({ target, identity }: Kept): boolean {
    const { uniqueId } = target.options;
    return this.#options.nodes().some((node) => node.isConnected && node.uniqueId === uniqueId && isSameNode(identity, node));
  }

  /** Asks until the node has initialised the extension again, or nobody wants it any more. Never throws. */
  async #restore(kept: Kept): Promise<void> {
    kept.isRestoring = true;
    const { signal } = kept.stopped;
    const { url, options } = kept.target;
    const about = { url, uniqueId: options.uniqueId };
    let told = '';
    try {
      for (let attempt = 0; !signal.aborted; attempt++) {
        await sleep(backOffMs(attempt), undefined, { signal });
        this.#options.emit({ type: 'reinitializing', ...about, attempt: attempt + 1 });
        try {
          kept.identity = await this.#initialization.run(kept.target, [signal]);
          return;
        } catch (thrown) {
          const error = TransportError.from(thrown);
          if (!signal.aborted && error.message !== told) this.#options.emit({ type: 'reinitializationFailed', ...about, error });
          told = error.message;
        }
      }
    } catch {
      // The signal fired during the wait.
    } finally {
      kept.isRestoring = false;
      // It may have gone again before this was over.
      if (!signal.aborted && !this.#isConnected(kept)) void this.#restore(kept);
    }
  }
}
