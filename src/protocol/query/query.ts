import { type Codec, decode, encode } from '../codec/codec.ts';
import { namedWriteable } from '../codec/named-writeable.ts';
import { MAX_NESTING_DEPTH } from '../wire/limits.ts';
import { type BoolQuery, type BoolQueryInit, bool } from './bool.ts';
import type { AnyQuery, AnyQueryDefinition, NestedForms } from './define-query.ts';
import { type MatchAllQuery, type MatchAllQueryInit, matchAll } from './match-all.ts';
import { illegalArgument, parsingFailure } from './refusals.ts';
import { isRestObject, jsonText, type RestObject, type RestValue } from './rest-value.ts';
import { type TermQuery, type TermQueryInit, term } from './term.ts';
import { type WrapperQuery, type WrapperQueryInit, wrapper } from './wrapper.ts';

/** A query, complete. */
export type Query = MatchAllQuery | TermQuery | BoolQuery<Query> | WrapperQuery;

/** A query to send: fields with a default may be left out. */
export type QueryInit = MatchAllQueryInit | TermQueryInit | BoolQueryInit<QueryInit> | WrapperQueryInit;

/** Every query that has a codec. The first does not nest. */
export const queries: readonly AnyQueryDefinition[] = [matchAll, term, bool, wrapper];

const BY_NAME: ReadonlyMap<string, AnyQueryDefinition> = new Map(queries.map((definition) => [definition.name, definition]));

/**
 * `str` name of the query, then its fields.
 *
 * @throws ERR_DECODE for a query that has no codec here
 * @see `QueryBuilder` of OpenSearch, a category of named writeables
 */
export const query: Codec<Query, QueryInit> = namedWriteable('query', queries) as Codec<AnyQuery> as Codec<Query, QueryInit>;

/**
 * Converts the REST form of a query, `{"term":{"user":"kim"}}`, to the query. A query that has no codec here becomes a `wrapper`: the node parses it.
 *
 * @param form what `JSON.parse` returns. An integer literal becomes an int or a long, every other number a double
 * @throws StatusError with the status, type and reason of a node, without the place in the text
 */
export function queryFromRest(form: RestValue): QueryInit {
  return fromRestAt(form, 1) as QueryInit;
}

function fromRestAt(form: RestValue, depth: number): AnyQuery {
  if (depth > MAX_NESTING_DEPTH) throw illegalArgument(`query nested deeper than ${MAX_NESTING_DEPTH}`);
  if (!isRestObject(form)) throw parsingFailure('[_na] query malformed, must start with start_object');
  const [name, ...more] = Object.keys(form);
  if (name === undefined) throw illegalArgument('query malformed, empty clause found');
  const body = form[name] as RestValue;
  if (!isRestObject(body)) throw parsingFailure(`[${name}] query malformed, no start_object after query name`);
  const found = named(name)?.fromRest(body, { ...nestedForms, fromRest: (inner) => fromRestAt(inner, depth + 1) });
  if (more.length > 0) throw parsingFailure(`[${name}] malformed query, expected [END_OBJECT] but found [FIELD_NAME]`);
  return found ?? wrapped(form);
}

function wrapped(form: RestObject): WrapperQueryInit {
  return { kind: 'wrapper', source: Buffer.from(jsonText(form), 'utf8') };
}

/**
 * Converts a query to its REST form, as a node shows it. Fields that are left out get their defaults.
 *
 * @throws ERR_USAGE for what is not a query, and for a term whose value has no REST form
 */
export function queryToRest(value: QueryInit): RestObject {
  return toRestOf(decode(query, encode(query, value)));
}

function toRestOf(value: AnyQuery): RestObject {
  const { name, toRest } = named(value.kind) as AnyQueryDefinition;
  return { [name]: toRest(value as never, nestedForms) };
}

const nestedForms: NestedForms = { fromRest: queryFromRest, toRest: toRestOf };

function named(name: string): AnyQueryDefinition | undefined {
  return BY_NAME.get(name);
}
