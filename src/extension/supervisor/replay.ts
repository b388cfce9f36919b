import { ConnectionLostError } from '../../protocol/error/transport-error.ts';
import type { HttpMethod } from '../../protocol/action/extension/node-to-extension.ts';

/** Which requests may be sent to a second worker after the first one died with them. */
export type ReplayPolicy = 'idempotent' | 'all' | 'none';

/** Workers that one request may be given to: one that ends every worker must not do so for ever. */
const MAX_DELIVERIES = 4;

/** Methods that may be repeated by the rules of HTTP. @see RFC 9110 §9.2.2 */
const IDEMPOTENT: ReadonlySet<string> = new Set<HttpMethod>(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']);

/** Returns whether HTTP allows a request of this method to be repeated. */
export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.has(method);
}

/** Returns whether a call failed because its worker went away. */
export function isLostWorker(error: unknown): error is ConnectionLostError {
  return error instanceof ConnectionLostError;
}

/**
 * Returns whether a request whose worker went away may be given to the next one. What has not been sent may always be.
 *
 * @param deliveries workers that it was given to
 * @param idempotent whether a repetition does no harm
 */
export function mayReplay(error: ConnectionLostError, deliveries: number, idempotent: boolean, policy: ReplayPolicy): boolean {
  if (deliveries >= MAX_DELIVERIES) return false;
  if (error.delivery === 'not-sent' || policy === 'all') return true;
  return policy === 'idempotent' && idempotent;
}
