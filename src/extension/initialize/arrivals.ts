import { CancelledError, DeadlineError, type TransportError, UsageError } from '../../protocol/error/transport-error.ts';
import type { ExtensionEvent } from '../extension-options.ts';
import type { HostNode } from '../node/host-node.ts';

/** What had come to the extension when a node was asked. */
export interface Before {
  readonly connections: number;
  readonly lastRefusal: TransportError | null;
}

/** Watches what nodes do to the extension, for those who wait for one of them. */
export class Arrivals {
  /** Connections that were opened to the extension so far. */
  connections = 0;
  /** The connections that were refused or failed before they could be used: their last error. */
  lastRefusal: TransportError | null = null;
  readonly #watchers = new Set<(event: ExtensionEvent) => void>();

  get now(): Before {
    return { connections: this.connections, lastRefusal: this.lastRefusal };
  }

  /** Tells everybody who waits. */
  onEvent(event: ExtensionEvent): void {
    if (event.type === 'channelRefused') this.lastRefusal = event.error;
    for (const watch of this.#watchers) watch(event);
  }

  /**
   * Waits for a value that depends on events.
   *
   * @param look is asked at once and after each event; undefined goes on waiting. What it throws ends the wait
   * @throws what `look` throws, and the reason of the signal
   */
  until<T>(look: (event: ExtensionEvent | null) => T | undefined, signal: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const check = (event: ExtensionEvent | null): void => {
        try {
          const found = look(event);
          if (found !== undefined) settle(() => resolve(found));
        } catch (error) {
          settle(() => reject(error as Error));
        }
      };
      const stop = (): void => settle(() => reject(signal.reason as Error));
      const settle = (then: () => void): void => {
        this.#watchers.delete(check);
        signal.removeEventListener('abort', stop);
        then();
      };
      this.#watchers.add(check);
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
      else check(null);
    });
  }
}

/** How the extension was introduced to a node, for the errors about it. */
export interface Introduction {
  readonly url: string;
  readonly uniqueId: string;
  /** Where the node was told to find the extension. */
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
}

/**
 * Explains what the 202 of a node hides: why nothing has come of it.
 *
 * @param before what had come to the extension before the node was asked
 * @param hostNode the node, if it did initialise the extension
 */
export function explainSilence(
  { url, uniqueId, host, port, timeoutMs }: Introduction,
  arrivals: Arrivals,
  before: Before,
  hostNode?: HostNode,
): DeadlineError {
  const at = `the node at ${url}`;
  const refused = arrivals.lastRefusal === before.lastRefusal ? null : arrivals.lastRefusal;
  const details = { delivery: 'answered', ...(refused !== null && { cause: refused }) } as const;
  if (hostNode !== undefined) {
    const text = `${at} initialised the extension '${uniqueId}', but did not acknowledge its registration within ${timeoutMs} ms; the log of the node has the reason`;
    return new DeadlineError('answer', details, text);
  }
  if (arrivals.connections > before.connections || refused !== null) {
    const refusal = refused === null ? '' : ` (last refused connection: ${refused.message})`;
    const text = `${at} accepted the request, but did not initialise the extension '${uniqueId}' within ${timeoutMs} ms, although connections came${refusal}; check that both ends use TLS or neither, and the log of the node`;
    return new DeadlineError('handshake', details, text);
  }
  const text = `${at} accepted the request, but did not connect to the extension '${uniqueId}' at ${host}:${port} within ${timeoutMs} ms; check that hostAddress and port are right as seen from the node (a container has a loopback address of its own), and the firewall`;
  return new DeadlineError('dial', details, text);
}

/** Returns the error with which an initialisation ends because the extension was closed. */
export function closedError(): UsageError {
  return new UsageError('ERR_CLOSED', {}, 'the extension is closed');
}

/** Returns the error with which an initialisation ends because the user's signal fired. */
export function cancelledError(cause: unknown): CancelledError {
  return new CancelledError('ERR_CANCELLED', { cause }, 'the initialisation was cancelled by its signal');
}
