import type { Socket } from 'node:net';
import { CancelledError, DeadlineError, type TransportError, UsageError } from '../../protocol/error/transport-error.ts';
import { describe, MAX_TIMER_MS } from '../util/check-options.ts';
import { formatEndpoint, isPort } from './endpoint.ts';
import type { DialOptions, Endpoint, Link } from './link.ts';

const DEFAULT_DIAL_TIMEOUT_MS = 30_000;

/** A socket on its way to its peer. */
export interface Dialling {
  readonly socket: Socket;
  readonly endpoint: Endpoint;
  readonly options: DialOptions;
  /** The event after which the socket is usable. */
  readonly ready: 'connect' | 'secureConnect';
  /** Makes the link, in the very tick of {@link ready}: before the first byte is read. */
  readonly toLink: () => Link;
  /** Returns the error for a failure before {@link ready}. */
  readonly explain: (error: Error) => TransportError;
}

/**
 * Refuses an address or options with which dialling cannot succeed.
 *
 * @throws ERR_BAD_ENDPOINT, ERR_USAGE (bad `timeoutMs`), ERR_CANCELLED (`signal` has fired already)
 */
export function assertDialable(endpoint: Endpoint, { timeoutMs, signal }: DialOptions): void {
  if (endpoint.host === '' || !isPort(endpoint.port) || endpoint.port === 0) {
    throw new UsageError('ERR_BAD_ENDPOINT', {}, `cannot dial ${formatEndpoint(endpoint)}: expected a host and a port from 1 to 65535`);
  }
  if (timeoutMs !== undefined && !(timeoutMs > 0)) {
    throw new UsageError('ERR_USAGE', {}, `timeoutMs of dial must be a number of milliseconds > 0, got ${describe(timeoutMs)}`);
  }
  if (signal?.aborted) throw dialCancelled(endpoint, signal);
}

/** Returns the error for a signal that fired while dialling. */
export function dialCancelled(endpoint: Endpoint, signal: AbortSignal): CancelledError {
  const text = `dialling ${formatEndpoint(endpoint)} was cancelled`;
  return new CancelledError('ERR_CANCELLED', { cause: signal.reason, delivery: 'not-sent' }, text);
}

/** Resolves with the link once the socket is usable; on failure, deadline or cancellation destroys the socket and rejects. */
export function openSocket(dialling: Dialling): Promise<Link> {
  const { socket, endpoint, ready, options } = dialling;
  const timeoutMs = Math.min(options.timeoutMs ?? DEFAULT_DIAL_TIMEOUT_MS, MAX_TIMER_MS);
  const { signal } = options;
  return new Promise((resolve, reject) => {
    const onReady = (): void => {
      release();
      try {
        resolve(dialling.toLink());
      } catch (error) {
        fail(error);
      }
    };
    const fail = (error: unknown): void => {
      release();
      socket.on('error', ignore).destroy();
      reject(error);
    };
    const onError = (error: Error): void => fail(dialling.explain(error));
    const onClose = (): void => fail(dialling.explain(new Error('closed')));
    const onAbort = (): void => {
      if (signal) fail(dialCancelled(endpoint, signal));
    };
    const onTimeout = (): void => fail(dialTimedOut(dialling, timeoutMs));
    const release = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      socket.off(ready, onReady).off('error', onError).off('close', onClose);
    };
    const timer = setTimeout(onTimeout, timeoutMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    socket.on(ready, onReady).on('error', onError).on('close', onClose);
  });
}

function dialTimedOut({ socket, endpoint, ready }: Dialling, timeoutMs: number): DeadlineError {
  const isReached = ready === 'secureConnect' && !socket.connecting;
  const progress = isReached ? ': it accepted the connection, but its TLS handshake did not end' : '';
  const text = `Connection timeout to ${formatEndpoint(endpoint)} after ${timeoutMs} ms${progress}`;
  return new DeadlineError(isReached ? 'handshake' : 'dial', { delivery: 'not-sent' }, text);
}

function ignore(): void {}
