import type { ExceptionValue } from './exception-value.ts';
import { WRAPPER_ID } from './registered.ts';

/**
 * The type REST prints for an exception, for example `index_not_found_exception`: its class without package, outer class and a leading
 * `OpenSearch`, in snake case. A `NotSerializableExceptionWrapper` shows the type it carries.
 *
 * @see `OpenSearchException.getExceptionName` of OpenSearch
 */
export function exceptionType({ class: name, id, extra }: ExceptionValue): string {
  const carried = extra['name'];
  if (id === WRAPPER_ID && typeof carried === 'string') return carried;
  return snakeCase(simpleName(name).replace(/^OpenSearch/, ''));
}

function simpleName(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
}

/** `IOException` to `i_o_exception`, as OpenSearch does it: every capital is a word of its own. */
export function snakeCase(name: string): string {
  return name.replace(/\p{Lu}/gu, (capital, at: number) => `${at === 0 ? '' : '_'}${capital.toLowerCase()}`);
}
