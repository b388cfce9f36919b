import { unsupported } from '../store/errors.ts';
import { matchAll, type Matcher, NO_MATCH, type QueryContext } from './matcher.ts';
import { compileQuery, matchPhraseText, matchText } from './query.ts';
import { matchSome } from './text-matchers.ts';

/** How the `q` of a request is read. */
export interface QueryStringOptions {
  /** The field of words that name none; null for all fields. */
  readonly field: string | null;
  readonly isAnd: boolean;
}

const CLAUSE = /\s*(?:([\w.@-]+|\*):)?("[^"]*"|[^\s"]+)/y;
/** What the language of queries has besides words: groups, ranges, wildcards, boosts, negation. */
const BEYOND = /[()[\]{}^~*?\\/!<>]|^[+-]|&&|\|\|/;

/**
 * Makes a matcher from the text of `q`: words, `field:word`, `field:"a phrase"`, `field:*`, with AND or OR between all of them.
 *
 * @throws StatusError 501 for more of the language of `query_string`
 */
export function compileQueryString(text: string, { field, isAnd }: QueryStringOptions, context: QueryContext): Matcher {
  const matchers: Matcher[] = [];
  let [ands, ors] = [isAnd ? 1 : 0, 0];
  CLAUSE.lastIndex = 0;
  const trimmed = text.trim();
  while (CLAUSE.lastIndex < trimmed.length) {
    const found = CLAUSE.exec(trimmed);
    if (found === null) throw unsupported(`the query string [${text}]`);
    const [, path = field, value = ''] = found;
    if (value === 'AND') ands++;
    else if (value === 'OR') ors++;
    else matchers.push(clause(path, value, context, text));
  }
  if (ands > 0 && ors > 0) throw unsupported(`AND together with OR in the query string [${text}]`);
  return matchSome(matchers, ands > 0 ? matchers.length : 1);
}

function clause(path: string | null, value: string, context: QueryContext, text: string): Matcher {
  if (value === '*') return path === '*' || path === null ? matchAll(1) : compileQuery({ exists: { field: path } }, context);
  const isPhrase = value.startsWith('"');
  if ((!isPhrase && BEYOND.test(value)) || value === 'NOT') throw unsupported(`the query string [${text}]`);
  const one = (each: string): Matcher =>
    isPhrase ? matchPhraseText(context, each, value.slice(1, -1), 1) : matchText(context, each, value, 1, () => 1);
  if (path !== null && path !== '*') return one(path);
  const matchers = [...context.index.mapping.paths].flatMap((each) => lenient(() => one(each)));
  return (document) => matchers.reduce((best, match) => Math.max(best, match(document)), NO_MATCH);
}

/** A word that is not a number matches nothing in a numeric field. */
function lenient(make: () => Matcher): Matcher[] {
  try {
    return [make()];
  } catch {
    return [];
  }
}
