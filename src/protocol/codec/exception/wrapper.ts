import { type RestStatus, restStatusOf } from '../rest-status.ts';
import type { ExceptionValue } from './exception-value.ts';
import { WRAPPER_ID } from './registered.ts';

const WRAPPER_CLASS = 'org.opensearch.core.common.io.stream.NotSerializableExceptionWrapper';

/** The parts of an exception that {@link newException} takes. */
export type ExceptionParts = Partial<Omit<ExceptionValue, 'class' | 'id'>>;

/** Creates an exception. Parts left out are null or empty. */
export function newException(name: string, id: number | null, parts: ExceptionParts = {}): ExceptionValue {
  return { class: name, id, message: null, cause: null, stack: [], suppressed: [], headers: {}, metadata: {}, extra: {}, ...parts };
}

/** Creates an exception of any type and status, with id 62, the form of all exceptions without an id. @see wire-format.md §4.5 */
export function wrapper(type: string, status: number, parts: ExceptionParts): ExceptionValue {
  return newException(WRAPPER_CLASS, WRAPPER_ID, { ...parts, extra: { name: type, status: nameOfStatus(status) } });
}

/** Returns OpenSearch's name of an HTTP status. For other codes returns `BAD_REQUEST` (4xx) or `INTERNAL_SERVER_ERROR`. */
export function nameOfStatus(code: number): RestStatus {
  return restStatusOf(code) ?? (code >= 400 && code < 500 ? 'BAD_REQUEST' : 'INTERNAL_SERVER_ERROR');
}
