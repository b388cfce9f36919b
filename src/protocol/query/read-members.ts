import type { StatusError } from '../error/status-error.ts';
import { closeNames } from '../error/closest-name.ts';
import type { RestObject, RestValue, Token } from './rest-value.ts';
import { tokenOf } from './rest-value.ts';

/** How one member of a query's body is read. */
export interface Member<T> {
  /** Field of the query. */
  readonly field: string;
  /** Values that are accepted. */
  readonly accepts: readonly Token[];
  /** @throws for a value that is accepted and wrong */
  readonly read: (value: RestValue) => T;
}

/**
 * Reads the body of a query by a table of its members, with the refusals of OpenSearch's `ObjectParser`.
 *
 * @param query name of the query, for the texts
 * @param failure makes the error
 * @throws what `failure` makes, for unknown members, values of another type and values that cannot be read
 */
export function readMembers(
  query: string,
  body: RestObject,
  members: Readonly<Record<string, Member<unknown>>>,
  failure: (reason: string, cause?: unknown) => StatusError,
): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(body)) {
    const member = Object.hasOwn(members, name) ? members[name] : undefined;
    if (member === undefined) throw failure(`[${query}] unknown field [${name}]${suggestion(name, Object.keys(members))}`);
    const token = tokenOf(value);
    if (!member.accepts.includes(token)) throw failure(`[${query}] ${name} doesn't support values of type: ${token}`);
    try {
      fields[member.field] = member.read(value);
    } catch (cause) {
      throw failure(`[${query}] failed to parse field [${name}]`, cause);
    }
  }
  return fields;
}

function suggestion(name: string, known: readonly string[]): string {
  const near = closeNames(name, known);
  if (near.length === 0) return '';
  return near.length === 1 ? ` did you mean [${near[0]}]?` : ` did you mean any of [${near.join(', ')}]?`;
}
