import type { Codec } from '../codec/codec.ts';
import { list, optional, struct, withDefault } from '../codec/combinators.ts';
import { boolean, string } from '../codec/primitives.ts';
import { type QueryFields, type QueryFieldsInit, commonFields, commonMembers, commonRest } from './common-fields.ts';
import type { AnyQuery, NestedForms, QueryDefinition } from './define-query.ts';
import { type Member, readMembers } from './read-members.ts';
import { contentFailure } from './refusals.ts';
import { booleanFrom, type RestObject, type RestValue, textFrom } from './rest-value.ts';

/** Combines queries. `Q` is what a clause may be. */
export interface BoolQuery<Q extends AnyQuery = AnyQuery> extends QueryFields {
  readonly kind: 'bool';
  /** Have to match, and count for the score. */
  readonly must: readonly Q[];
  /** Must not match. */
  readonly mustNot: readonly Q[];
  /** Count for the score when they match; see {@link minimumShouldMatch}. */
  readonly should: readonly Q[];
  /** Have to match, and do not count for the score. */
  readonly filter: readonly Q[];
  /** True when a query with `mustNot` alone matches all other documents. */
  readonly adjustPureNegative: boolean;
  /** How many of `should` have to match, for example `1`, `-1`, `75%` or `3<90%`; null for none, or one where nothing else has to match. */
  readonly minimumShouldMatch: string | null;
}

/** Combines queries, to send. `Q` is what a clause may be; clauses that are left out are none. */
export interface BoolQueryInit<Q extends AnyQuery = AnyQuery> extends QueryFieldsInit {
  readonly kind: 'bool';
  readonly must?: readonly Q[] | undefined;
  readonly mustNot?: readonly Q[] | undefined;
  readonly should?: readonly Q[] | undefined;
  readonly filter?: readonly Q[] | undefined;
  /** @default true */
  readonly adjustPureNegative?: boolean | undefined;
  /** How many of `should` have to match, for example `1`, `-1`, `75%` or `3<90%`. @default none, or one where nothing else has to match */
  readonly minimumShouldMatch?: string | null | undefined;
}

/**
 * `f32` boost, `opt str` name of the query, `list` of queries that must match, `list` must not, `list` should, `list` filter, `bool` adjust pure
 * negative, `opt str` minimum should match.
 *
 * @see wire-format.md §11.8, `BoolQueryBuilder` of OpenSearch
 */
export const bool: QueryDefinition<BoolQuery, BoolQueryInit> = {
  name: 'bool',
  codec: (query: Codec<AnyQuery>) => {
    const clauses = withDefault(list(query), []);
    const rest = { adjustPureNegative: withDefault(boolean, true), minimumShouldMatch: optional(string) };
    return struct({ ...commonFields, must: clauses, mustNot: clauses, should: clauses, filter: clauses, ...rest }, 'BoolQuery');
  },
  fromRest: (body, nested) => ({ kind: 'bool', ...readMembers('bool', body, membersOf(nested), contentFailure) }),
  toRest: (query, nested) => ({
    ...clausesRest('must', query.must, nested),
    ...clausesRest('filter', query.filter, nested),
    ...clausesRest('must_not', query.mustNot, nested),
    ...clausesRest('should', query.should, nested),
    adjust_pure_negative: query.adjustPureNegative,
    ...(query.minimumShouldMatch === null ? {} : { minimum_should_match: query.minimumShouldMatch }),
    ...commonRest(query),
  }),
};

function clausesRest(name: string, queries: readonly AnyQuery[], { toRest }: NestedForms): RestObject {
  return queries.length === 0 ? {} : { [name]: queries.map(toRest) };
}

/** `mustNot` is the old name of `must_not`, which nodes still take. */
function membersOf({ fromRest }: NestedForms): Readonly<Record<string, Member<unknown>>> {
  const clause = (field: string): Member<AnyQuery[]> => ({
    field,
    accepts: ['START_OBJECT', 'START_ARRAY', 'VALUE_NULL'],
    read: (value) => (value === null ? [] : Array.isArray(value) ? value.map(fromRest) : [fromRest(value)]),
  });
  return {
    must: clause('must'),
    must_not: clause('mustNot'),
    mustNot: clause('mustNot'),
    should: clause('should'),
    filter: clause('filter'),
    adjust_pure_negative: { field: 'adjustPureNegative', accepts: ['VALUE_BOOLEAN', 'VALUE_STRING'], read: booleanFrom },
    minimum_should_match: {
      field: 'minimumShouldMatch',
      accepts: ['VALUE_STRING', 'VALUE_NUMBER', 'VALUE_BOOLEAN', 'VALUE_NULL'],
      read: (value: RestValue) => (value === null ? null : textFrom(value)),
    },
    ...commonMembers('bool'),
  };
}
