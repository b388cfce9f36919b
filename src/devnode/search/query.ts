import { StatusError } from '../../protocol/error/status-error.ts';
import { isObject } from '../../protocol/rest/body.ts';
import { illegalArgument } from '../../protocol/rest/refusals.ts';
import { ANALYZERS, type Analyzer } from '../store/analyzer.ts';
import { queryShard, unsupported } from '../store/errors.ts';
import { type Field, type FieldValue, toFieldValue } from '../store/field-types.ts';
import { matchesPattern } from '../wildcard.ts';
import { dateRange, rangeTest } from './range.ts';
import { matchAll, matchColumn, type Matcher, matchIf, matchNone, NO_MATCH, type QueryContext } from './matcher.ts';
import { OTHER_QUERIES } from './query-names.ts';
import { idf, matchPhrase, matchSome, matchTerm, matchTerms, scoreFactor, valueScore } from './text-matchers.ts';
import { javaText } from '../store/java-text.ts';

type Body = Readonly<Record<string, unknown>>;
type Query = (body: Body, context: QueryContext, depth: number) => Matcher;

/** Deepest nesting of `bool`. @see `indices.query.bool.max_nested_depth` of OpenSearch */
const MAX_DEPTH = 20;
/** Most values of a `terms` query. @see `index.max_terms_count` of OpenSearch */
const MAX_TERMS = 65_536;

/**
 * Makes a matcher from the JSON of a query.
 *
 * @throws StatusError 400 in a node's words for what is no query; 501 for a query that only a node has
 */
export function compileQuery(query: unknown, context: QueryContext, depth: number = 0): Matcher {
  if (!isObject(query)) throw parsing('[_na] query malformed, must start with start_object');
  const [name, ...others] = Object.keys(query);
  if (name === undefined) throw illegalArgument('query malformed, empty clause found');
  const compile = QUERIES.get(name);
  if (compile === undefined) throw OTHER_QUERIES.has(name) ? unsupported(`the query [${name}]`) : unknownQuery(name);
  if (others.length > 0) throw parsing(`[${name}] malformed query, expected [END_OBJECT] but found [FIELD_NAME]`);
  const body = query[name];
  if (!isObject(body)) throw parsing(`[${name}] query malformed, no start_object after query name`);
  if (depth > MAX_DEPTH)
    throw illegalArgument(`The query is nested deeper than ${MAX_DEPTH} levels ([indices.query.bool.max_nested_depth])`);
  return compile(body, context, depth);
}

/** Finds the documents in whose field a text stands, as a `match` query does. @param least how many of the words; negative for how many may be missing */
export function matchText(context: QueryContext, path: string, text: unknown, boost: number, least: (words: number) => number): Matcher {
  const field = context.index.mapping.field(path);
  if (field?.kind !== 'text') return matchValue(context, path, text, boost);
  const terms = (ANALYZERS.get(field.analyzer) as Analyzer)(String(text));
  if (terms.length === 0) return matchNone;
  const index = context.segment.text(path);
  return matchSome(
    terms.map((term) => matchTerm(index, term, boost * scoreFactor(context.index.major))),
    least(terms.length),
  );
}

/** Finds the documents in whose field a phrase stands. */
export function matchPhraseText(context: QueryContext, path: string, text: unknown, boost: number): Matcher {
  const field = context.index.mapping.field(path);
  if (field?.kind !== 'text') return matchValue(context, path, text, boost);
  const terms = (ANALYZERS.get(field.analyzer) as Analyzer)(String(text));
  return matchPhrase(field, terms, boost * scoreFactor(context.index.major), context, context.index.formats);
}

const QUERIES: ReadonlyMap<string, Query> = new Map<string, Query>([
  ['match_all', (body) => matchAll(boostOf('match_all', body, []))],
  ['match_none', () => matchNone],
  ['ids', idsQuery],
  ['term', (body, context) => oneField('term', body, 'value', [], (path, value, boost) => matchValue(context, path, value, boost))],
  ['terms', termsQuery],
  ['match', matchQuery],
  [
    'match_phrase',
    (body, context) => oneField('match_phrase', body, 'query', [], (path, value, boost) => matchPhraseText(context, path, value, boost)),
  ],
  ['multi_match', multiMatchQuery],
  ['range', rangeQuery],
  ['exists', existsQuery],
  [
    'prefix',
    (body, context) =>
      oneField('prefix', body, 'value', ['rewrite'], (path, value, boost) =>
        matchKeys(context, path, boost, (key) => key.startsWith(String(value))),
      ),
  ],
  ['wildcard', wildcardQuery],
  ['bool', boolQuery],
  ['constant_score', constantScoreQuery],
]);

function oneField(
  name: string,
  body: Body,
  valueName: string,
  parameters: readonly string[],
  make: (path: string, value: unknown, boost: number, options: Body) => Matcher,
): Matcher {
  const { boost: outer, _name, ...fields } = body;
  const [path, ...others] = Object.keys(fields);
  if (path === undefined) throw noField(name);
  if (others.length > 0) throw parsing(`[${name}] query doesn't support multiple fields, found [${path}] and [${others[0]}]`);
  const given = fields[path];
  const options: Body = isObject(given) ? given : { [valueName]: given };
  const value = options[valueName];
  if (value === undefined || value === null) throw noField(name);
  if (typeof value === 'object') throw parsing(`[${name}] query does not support an object or an array as its value`);
  return make(path, value, boostOf(name, options, [valueName, ...parameters]) * (typeof outer === 'number' ? outer : 1), options);
}

/** Returns the boost of a query, and refuses parameters that would change what it finds. @throws StatusError 501 */
function boostOf(name: string, body: Body, known: readonly string[]): number {
  const other = Object.keys(body).find((each) => !known.includes(each) && each !== 'boost' && each !== '_name');
  if (other !== undefined) throw unsupported(`the parameter [${other}] of the query [${name}]`);
  const boost = body['boost'] ?? 1;
  if (typeof boost !== 'number' || boost < 0)
    throw illegalArgument(`negative [boost] are not allowed in [${JSON.stringify(boost)}], use a value between 0 and 1 to deboost`);
  return boost;
}

function noField(name: string): StatusError {
  return name.startsWith('match') ? parsing('No text specified for text query') : illegalArgument('field name is null or empty');
}

function searchable(context: QueryContext, path: string): Field | undefined {
  const field = context.index.mapping.field(path);
  if (field?.kind === 'stored') throw unsupported(`searches in fields of type [${field.type}]`);
  if (field === undefined && path.startsWith('_')) throw unsupported(`searches in the field [${path}]`);
  return field;
}

function matchValue(context: QueryContext, path: string, value: unknown, boost: number): Matcher {
  if (path === '_id') return matchIds(context, [String(value)], boost);
  const field = searchable(context, path);
  if (field === undefined) return matchNone;
  if (field.kind === 'text') return matchTerm(context.segment.text(path), String(value), boost * scoreFactor(context.index.major));
  if (field.kind === 'date') return matchColumn(context.segment.column(path), dateRange({ gte: value, lte: value }, field, context), boost);
  const wanted = queryValue(field, value, context);
  const test = (each: FieldValue): boolean => each === wanted;
  return matchColumn(context.segment.column(path), test, boost * scoreOf(field, context, test));
}

/** Returns the score that all documents with a value get. Since 3.0, that of a keyword is constant. */
function scoreOf(field: Field, { segment, index }: QueryContext, test: (value: FieldValue) => boolean): number {
  const column = segment.column(field.path);
  const isRanked = field.kind === 'boolean' || (field.kind === 'keyword' && index.major < 3);
  if (column === undefined || !isRanked) return 1;
  let [found, all] = [0, 0];
  for (const value of column.values()) {
    all += typeof value === 'object' ? new Set(value).size : 1;
    if (typeof value === 'object' ? value.some(test) : test(value)) found++;
  }
  return valueScore(scoreFactor(index.major) * idf(column.size, found), all / column.size);
}

/** @throws StatusError 400: the cause of a shard's failure */
function queryValue(field: Field, value: unknown, { index }: QueryContext): FieldValue | undefined {
  if (field.kind === 'keyword') return String(value);
  if (field.kind === 'long' && !Number.isInteger(Number(value)) && !Number.isNaN(Number(value))) return undefined;
  try {
    return toFieldValue(field, value);
  } catch (error) {
    const reason = (error as Error).message;
    if (!reason.startsWith('For input string')) throw queryShard(index, `failed to create query: ${reason}`, error);
    throw queryShard(index, `failed to create query: ${reason}`, new StatusError(400, 'number_format_exception', reason));
  }
}

function matchIds({ segment }: QueryContext, ids: readonly string[], boost: number): Matcher {
  const wanted = new Set(ids.map((id) => segment.numberOf(id)));
  return matchIf((document) => wanted.has(document), boost);
}

/** Finds documents by a test of their keywords or words. */
function matchKeys(context: QueryContext, path: string, boost: number, test: (key: string) => boolean): Matcher {
  if (path === '_id') return matchIf((document) => test(context.segment.document(document)?.id ?? ''), boost);
  const field = searchable(context, path);
  if (field === undefined) return matchNone;
  if (field.kind === 'text') return matchTerms(context.segment.text(path), test, boost);
  if (field.kind === 'keyword') return matchColumn(context.segment.column(path), (value) => test(String(value)), boost);
  const what = 'Can only use prefix and wildcard queries on keyword, text and wildcard fields';
  throw queryShard(context.index, `${what} - not on [${path}] which is of type [${field.type}]`);
}

function idsQuery(body: Body, context: QueryContext): Matcher {
  const boost = boostOf('ids', body, ['values']);
  const values: readonly unknown[] = Array.isArray(body['values']) ? body['values'] : [body['values'] ?? []].flat();
  return matchIds(context, values.map(String), boost);
}

function termsQuery(body: Body, context: QueryContext): Matcher {
  const { boost: _boost, _name, value_type: _type, ...fields } = body;
  const [path, ...others] = Object.keys(fields);
  if (path === undefined)
    throw parsing('[terms] query requires a field name, followed by array of terms or a document lookup specification');
  if (others.length > 0) throw parsing('[terms] query does not support multiple fields');
  const values: unknown = fields[path];
  if (isObject(values)) throw unsupported('terms lookups in the query [terms]');
  if (!Array.isArray(values)) throw parsing(`[terms] query does not support [${path}]`);
  if (values.length > MAX_TERMS)
    throw illegalArgument(
      `The number of terms [${values.length}] used in the Terms Query request has exceeded the allowed maximum of [${MAX_TERMS}].`,
    );
  const boost = boostOf('terms', { boost: body['boost'] ?? 1 }, []);
  if (path === '_id') return matchIds(context, values.map(String), boost);
  const field = searchable(context, path);
  if (field === undefined) return matchNone;
  if (field.kind === 'date') return matchIf(anyOf(values.map((value) => matchValue(context, path, value, 1))), boost);
  if (field.kind === 'text') return matchTerms(context.segment.text(path), (term) => values.includes(term), boost);
  const wanted = new Set(values.map((value) => queryValue(field, value, context)));
  return matchColumn(context.segment.column(path), (value) => wanted.has(value), boost);
}

const anyOf =
  (matchers: readonly Matcher[]) =>
  (document: number): boolean =>
    matchers.some((match) => match(document) >= 0);

const MATCH_PARAMETERS = ['operator', 'minimum_should_match', 'lenient', 'zero_terms_query', 'auto_generate_synonyms_phrase_query'];

function matchQuery(body: Body, context: QueryContext): Matcher {
  return oneField('match', body, 'query', MATCH_PARAMETERS, (path, value, boost, options) => {
    if (javaText(options['zero_terms_query'] ?? 'none') !== 'none') throw unsupported('[zero_terms_query] of the query [match]');
    return matchText(context, path, value, boost, leastOf(options));
  });
}

function leastOf(options: Body): (words: number) => number {
  const operator = javaText(options['operator'] ?? 'or').toLowerCase();
  if (operator !== 'or' && operator !== 'and')
    throw illegalArgument(`No enum constant org.opensearch.index.query.Operator.${operator.toUpperCase()}`);
  return (words) => (operator === 'and' ? words : minimumOf(options['minimum_should_match'], words, 1));
}

function multiMatchQuery(body: Body, context: QueryContext): Matcher {
  const boost = boostOf('multi_match', body, ['query', 'fields', 'type', ...MATCH_PARAMETERS]);
  const type = body['type'] ?? 'best_fields';
  if (type !== 'best_fields' && type !== 'most_fields') throw unsupported(`the type [${javaText(type)}] of the query [multi_match]`);
  const patterns = [body['fields'] ?? '*'].flat().map((field) => javaText(field).split('^') as [string, string?]);
  const matchers = patterns.flatMap(([pattern, factor = '1']) =>
    [...context.index.mapping.paths]
      .filter((path) => matchesPattern(pattern, path))
      .flatMap((path) =>
        ifFits(body['lenient'] === true, () => matchText(context, path, body['query'], boost * Number(factor), leastOf(body))),
      ),
  );
  return type === 'most_fields'
    ? matchSome(matchers, 1)
    : (document) => matchers.reduce((best, match) => Math.max(best, match(document)), NO_MATCH);
}

/** Text that is not a number matches nothing in a numeric field, where the request says so. */
function ifFits(isLenient: boolean, make: () => Matcher): Matcher[] {
  try {
    return [make()];
  } catch (error) {
    if (!isLenient) throw error;
    return [];
  }
}

function rangeQuery(body: Body, context: QueryContext): Matcher {
  const [path, ...others] = Object.keys(body).filter((name) => name !== 'boost' && name !== '_name');
  if (path === undefined || others.length > 0)
    throw parsing(`[range] query doesn't support multiple fields, found [${path}] and [${others[0]}]`);
  const bounds = body[path];
  if (!isObject(bounds)) throw parsing(`[range] query does not support [${path}]`);
  const boost = boostOf('range', bounds, ['gte', 'gt', 'lte', 'lt', 'from', 'to', 'include_lower', 'include_upper', 'format', 'relation']);
  const field = searchable(context, path);
  if (field === undefined) return matchNone;
  const test = rangeTest(bounds, field, context);
  if (field.kind === 'text') return matchTerms(context.segment.text(path), test, boost);
  return matchColumn(context.segment.column(path), test, boost);
}

function existsQuery(body: Body, { index, segment }: QueryContext): Matcher {
  const boost = boostOf('exists', body, ['field']);
  const path = body['field'];
  if (typeof path !== 'string') throw parsing('[exists] must be provided with a [field]');
  if (path === '_id' || path === '_source' || path === '_seq_no') return matchAll(boost);
  const paths = [...index.mapping.paths].filter((each) => matchesPattern(path, each) || each.startsWith(`${path}.`));
  const [columns, texts] = [paths.map((each) => segment.column(each)), paths.map((each) => segment.text(each))];
  return matchIf((document) => columns.some((column) => column?.has(document)) || texts.some((text) => text?.has(document)), boost);
}

function wildcardQuery(body: Body, context: QueryContext): Matcher {
  return oneField('wildcard', { ...body }, valueNameOf(body), ['rewrite', 'case_insensitive'], (path, value, boost, options) => {
    const pattern = String(value);
    if (/[?\\]/.test(pattern)) throw unsupported('[?] and [\\] in the query [wildcard]');
    if (options['case_insensitive'] !== true) return matchKeys(context, path, boost, (key) => matchesPattern(pattern, key));
    return matchKeys(context, path, boost, (key) => matchesPattern(pattern.toLowerCase(), key.toLowerCase()));
  });
}

/** The pattern of `wildcard` has two names. */
function valueNameOf(body: Body): string {
  return Object.values(body).some((options) => isObject(options) && Object.hasOwn(options, 'wildcard')) ? 'wildcard' : 'value';
}

function boolQuery(body: Body, context: QueryContext, depth: number): Matcher {
  const boost = boostOf('bool', body, ['must', 'filter', 'should', 'must_not', 'mustNot', 'minimum_should_match', 'adjust_pure_negative']);
  const clauses = (name: string): Matcher[] => clausesOf(body, name).map((query) => compileQuery(query, context, depth + 1));
  const [must, filter, should, mustNot] = [
    clauses('must'),
    clauses('filter'),
    clauses('should'),
    [...clauses('must_not'), ...clauses('mustNot')],
  ];
  if (must.length + filter.length + should.length + mustNot.length === 0) return matchAll(boost);
  const least = minimumOf(body['minimum_should_match'], should.length, must.length + filter.length > 0 || should.length === 0 ? 0 : 1);
  return (document) => {
    for (const match of filter) if (match(document) < 0) return NO_MATCH;
    for (const match of mustNot) if (match(document) >= 0) return NO_MATCH;
    let [sum, count] = [0, 0];
    for (const match of must) {
      const score = match(document);
      if (score < 0) return NO_MATCH;
      sum += score;
    }
    for (const match of should) {
      const score = match(document);
      if (score < 0) continue;
      sum += score;
      count++;
    }
    return count < least ? NO_MATCH : Math.fround(sum * boost);
  };
}

function clausesOf(body: Body, name: string): readonly unknown[] {
  const given = body[name] ?? [];
  if (typeof given === 'object') return Array.isArray(given) ? given : [given];
  const token = typeof given === 'boolean' ? 'VALUE_BOOLEAN' : `VALUE_${(typeof given).toUpperCase()}`;
  throw new StatusError(400, 'x_content_parse_exception', `[bool] ${name} doesn't support values of type: ${token}`);
}

function constantScoreQuery(body: Body, context: QueryContext, depth: number): Matcher {
  const boost = boostOf('constant_score', body, ['filter']);
  if (body['filter'] === undefined) throw parsing("[constant_score] requires a 'filter' element");
  const match = compileQuery(body['filter'], context, depth + 1);
  return matchIf((document) => match(document) >= 0, boost);
}

/** How many of some optional clauses must match. @throws StatusError 501 for conditions such as `2<75%` */
function minimumOf(given: unknown, clauses: number, usual: number): number {
  if (given === undefined || given === null) return usual;
  const text = javaText(given).trim();
  const found = /^(-?\d{1,9})(%?)$/.exec(text);
  if (found === null) throw unsupported(`[minimum_should_match] of [${text}]`);
  const number = Number(found[1]);
  const count = found[2] === '%' ? Math.trunc((clauses * number) / 100) : number;
  return Math.max(0, count < 0 ? clauses + count : count);
}

/** Returns the refusal of a query's JSON. A node adds line and column. */
export function parsing(reason: string, cause?: unknown): StatusError {
  return new StatusError(400, 'parsing_exception', reason, cause === undefined ? {} : { cause });
}

function unknownQuery(name: string): StatusError {
  return parsing(`unknown query [${name}]`, new StatusError(400, 'named_object_not_found_exception', `unknown field [${name}]`));
}
