import type { ExceptionValue } from './exception-value.ts';
import { registeredClass, WRAPPER_ID } from './registered.ts';
import { specialOfClass } from './special.ts';

/**
 * Returns the type that REST prints for an exception, for example `index_not_found_exception`. It is the class in snake case, without package,
 * outer class and leading `OpenSearch`. For a `NotSerializableExceptionWrapper` it is the type that the wrapper carries.
 *
 * @see `OpenSearchException.getExceptionName` of OpenSearch
 */
export function exceptionType({ class: name, id, extra }: ExceptionValue): string {
  const carried = extra['name'];
  if (id === WRAPPER_ID && typeof carried === 'string') return carried;
  return TYPES.get(name) ?? typeOfClass(name);
}

/** Types of the classes that have a layout of their own, each made at first use: a peer can send a hundred thousand exceptions. */
const TYPES = new Map<string, string>();

function typeOfClass(name: string): string {
  const type = snakeCase(simpleName(name).replace(/^OpenSearch/, ''));
  if (registeredClass(name) !== undefined || specialOfClass(name) !== undefined) TYPES.set(name, type);
  return type;
}

function simpleName(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
}

/** Converts `IOException` to `i_o_exception`. As in OpenSearch, every capital begins a word. */
export function snakeCase(name: string): string {
  return name.replace(/\p{Lu}/gu, (capital, at: number) => `${at === 0 ? '' : '_'}${capital.toLowerCase()}`);
}
