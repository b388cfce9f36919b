import { struct } from '../codec/combinators.ts';
import { type QueryFields, type QueryFieldsInit, commonFields, commonMembers, commonRest } from './common-fields.ts';
import type { QueryDefinition } from './define-query.ts';
import { readMembers } from './read-members.ts';
import { parsingFailure } from './refusals.ts';

/** Matches every document. */
export interface MatchAllQuery extends QueryFields {
  readonly kind: 'match_all';
}

/** Matches every document. */
export interface MatchAllQueryInit extends QueryFieldsInit {
  readonly kind: 'match_all';
}

const members = commonMembers('match_all');

/**
 * `f32` boost, `opt str` name of the query.
 *
 * @see wire-format.md §11.8, `MatchAllQueryBuilder` of OpenSearch
 */
export const matchAll: QueryDefinition<MatchAllQuery, MatchAllQueryInit> = {
  name: 'match_all',
  codec: () => struct(commonFields, 'MatchAllQuery'),
  fromRest: (body) => ({ kind: 'match_all', ...readMembers('match_all', body, members, parsingFailure) }),
  toRest: commonRest,
};
