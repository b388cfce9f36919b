import type { VersionId } from '../../wire/version.ts';
import { exceptionStatus } from './exception-status.ts';
import { exceptionType } from './exception-type.ts';
import { type ExceptionValue, isIncomplete } from './exception-value.ts';
import { isRegisteredAt, REMOTE_TRANSPORT_ID } from './registered.ts';
import { newException, wrapper } from './wrapper.ts';

/** Longest chain of causes that OpenSearch keeps. @see wire-format.md §4.5 */
const MAX_CAUSES = 100;

/**
 * Returns the exception in a form that a peer of this stream version can read. An exception that is not registered there, or that was not read
 * to its end, becomes id 62 and loses its extra fields. The same applies to its causes and suppressed exceptions.
 *
 * @see wire-format.md §4.6
 */
export function atVersion(value: ExceptionValue, version: VersionId): ExceptionValue {
  return gated(value, version, 1);
}

function gated(value: ExceptionValue, version: VersionId, depth: number): ExceptionValue {
  if (depth > MAX_CAUSES) return newException('java.lang.IllegalStateException', null, { message: 'too many nested exceptions' });
  const cause = value.cause === null ? null : gated(value.cause, version, depth + 1);
  const isSame = cause === value.cause && value.suppressed.length === 0;
  const inner = isSame ? value : { ...value, cause, suppressed: value.suppressed.map((each) => gated(each, version, depth + 1)) };
  const known = value.id === null || isRegisteredAt(value.id, version);
  if (known && !isIncomplete(value)) return inner;
  // Callers unwrap it, so it keeps its id, without the address and action that were not read.
  if (value.id === REMOTE_TRANSPORT_ID) return { ...inner, extra: {} };
  return wrapped(inner);
}

function wrapped(value: ExceptionValue): ExceptionValue {
  const { cause, stack, suppressed, headers, metadata } = value;
  const type = exceptionType(value);
  const message = `${type}: ${String(value.message)}`;
  return wrapper(type, exceptionStatus(value), { message, cause, stack, suppressed, headers, metadata });
}
