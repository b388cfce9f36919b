import type { Codec } from '../codec/codec.ts';
import { deterministic, mapped, optional, withDefault } from '../codec/combinators.ts';
import { float, string } from '../codec/primitives.ts';
import { UsageError } from '../error/transport-error.ts';
import type { Member } from './read-members.ts';
import { illegalArgument } from './refusals.ts';
import { floatFrom, type RestObject, shortestFloat, textFrom } from './rest-value.ts';

/** What every query has. */
export interface QueryFields {
  /** Factor of the score, a 32-bit float, not negative. */
  readonly boost: number;
  /** Name that hits tell which of the queries they matched. */
  readonly queryName: string | null;
}

/** What every query may be given. */
export interface QueryFieldsInit {
  /** Factor of the score, not negative. @default 1 */
  readonly boost?: number | undefined;
  /** Name that hits tell which of the queries they matched. @default none */
  readonly queryName?: string | null | undefined;
}

/** `f32`, not negative: a node refuses others when it reads them. */
const boost: Codec<number> = deterministic(mapped(float, (value) => value, checkedBoost, { kind: 'float', min: 0 }));

function checkedBoost(value: number): number {
  if (isNegative(value)) throw new UsageError('ERR_USAGE', {}, `expected a number >= 0, got ${value}`);
  return value;
}

function isNegative(value: number): boolean {
  return value < 0 || Object.is(value, -0);
}

/** `f32` boost, `opt str` name of the query. @see `AbstractQueryBuilder` of OpenSearch */
export const commonFields = { boost: withDefault(boost, 1), queryName: optional(string) };

/** Reads `boost`. @throws StatusError 400 if it is not a number or negative */
export function boostFrom(query: string, value: Parameters<typeof floatFrom>[0]): number {
  const given = floatFrom(value);
  if (isNegative(given)) throw illegalArgument(`negative [boost] are not allowed in [${query}], use a value between 0 and 1 to deboost`);
  return given;
}

/** The members `boost` and `_name` of a query that is read by a table. */
export function commonMembers(query: string): { readonly boost: Member<number>; readonly _name: Member<string> } {
  return {
    boost: { field: 'boost', accepts: ['VALUE_NUMBER', 'VALUE_STRING'], read: (value) => boostFrom(query, value) },
    _name: { field: 'queryName', accepts: ['VALUE_STRING'], read: textFrom },
  };
}

/** The members `boost` and `_name` of a REST form. */
export function commonRest({ boost: factor, queryName }: QueryFields): RestObject {
  return { boost: shortestFloat(factor), ...(queryName === null ? {} : { _name: queryName }) };
}
