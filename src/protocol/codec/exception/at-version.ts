import type { VersionId } from '../../wire/version.ts';
import { exceptionStatus } from './exception-status.ts';
import { exceptionType } from './exception-type.ts';
import { type ExceptionValue, isIncomplete } from './exception-value.ts';
import { isRegisteredAt, REMOTE_TRANSPORT_ID } from './registered.ts';
import { newException, wrapper } from './wrapper.ts';

/** OpenSearch gives up on causes behind this many. @see wire-format.md §4.5 */
const MAX_CAUSES = 100;

/**
 * The exception as a peer of a stream version can read it, with causes and suppressed exceptions: what is not registered there becomes id 62
 * and loses its extra fields, what was not read to its end likewise. Everything else stays as it is.
 *
 * @see wire-format.md §4.6
 */
export function atVersion(value: ExceptionValue, version: VersionId): ExceptionValue {
  return gated(value, version, 1);
}

function gated(value: ExceptionValue, version: VersionId, depth: number): ExceptionValue {
  if (depth > MAX_CAUSES) return newException('java.lang.IllegalStateException', null, { message: 'too many nested exceptions' });
  const inner = {
    ...value,
    cause: value.cause === null ? null : gated(value.cause, version, depth + 1),
    suppressed: value.suppressed.map((each) => gated(each, version, depth + 1)),
  };
  const known = value.id === null || isRegisteredAt(value.id, version);
  if (known && !isIncomplete(value)) return inner;
  // Callers unwrap it: it stays what it is, without the address and action that were not read.
  if (value.id === REMOTE_TRANSPORT_ID) return { ...inner, extra: {} };
  return wrapped(inner);
}

function wrapped(value: ExceptionValue): ExceptionValue {
  const { cause, stack, suppressed, headers, metadata } = value;
  const type = exceptionType(value);
  const message = `${type}: ${String(value.message)}`;
  return wrapper(type, exceptionStatus(value), { message, cause, stack, suppressed, headers, metadata });
}
