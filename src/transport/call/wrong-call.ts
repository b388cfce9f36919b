import type { AnyAction, Purpose } from '../../protocol/action/define-action.ts';
import { TransportError, UsageError } from '../../protocol/error/transport-error.ts';
import { describe } from '../util/check-options.ts';

const PURPOSES: Readonly<Record<Purpose, true>> = { recovery: true, bulk: true, reg: true, state: true, ping: true };

/** Returns whether a value has the members of an action. For callers whose language does not check it. */
export function isAction(value: unknown): value is AnyAction {
  if (typeof value !== 'object' || value === null) return false;
  try {
    const { name, purpose, request, response } = value as Record<string, unknown>;
    return typeof name === 'string' && isPurpose(purpose) && typeof request === 'object' && typeof response === 'object';
  } catch {
    return false;
  }
}

function isPurpose(value: unknown): value is Purpose {
  return typeof value === 'string' && Object.hasOwn(PURPOSES, value);
}

/** Returns the error of a call that could not even begin: most likely what was called is not an action. */
export function wrongCall(action: unknown, error: unknown): TransportError {
  return isAction(action) ? TransportError.from(error, 'ERR_USAGE') : notAnAction(action);
}

/** Returns ERR_USAGE for a value that is not an action. */
export function notAnAction(value: unknown): UsageError {
  const text = `expected an action, got ${describe(value)}: take one from opensearch-transport/actions, or make one with defineAction`;
  return new UsageError('ERR_USAGE', {}, text);
}
