import { TransportError, UsageError } from '../../protocol/error/transport-error.ts';

/** Whether it has what a call needs of an action, for callers whose language does not check it. */
export function isAction(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { name, purpose, request, response } = value as Record<string, unknown>;
  return typeof name === 'string' && typeof purpose === 'string' && typeof request === 'object' && typeof response === 'object';
}

/** What a call is refused with that could not even be begun: most likely what was called is no action. */
export function wrongCall(action: unknown, error: unknown): TransportError {
  return isAction(action) ? TransportError.from(error, 'ERR_USAGE') : notAnAction(action);
}

/** ERR_USAGE for something that is no action. */
export function notAnAction(value: unknown): UsageError {
  const it = typeof value === 'string' ? `'${value}'` : typeof value === 'object' && value !== null ? 'an object' : String(value);
  return new UsageError('ERR_USAGE', {}, `${it} is no action: take one from opensearch-transport/actions, or make one with defineAction`);
}
