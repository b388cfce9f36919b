import { ANALYZERS, type Analyzer } from '../store/analyzer.ts';
import type { Field } from '../store/field-types.ts';
import type { TextIndex } from '../store/segment.ts';
import type { SourceFormats } from '../store/source-format.ts';
import { isObject } from '../../protocol/rest/body.ts';
import { matchIf, matchNone, type Matcher, NO_MATCH, type QueryContext } from './matcher.ts';
import { javaText } from '../store/java-text.ts';

/** Parameters of BM25. @see `BM25Similarity` of Lucene */
const K1 = 1.2;
const B = 0.75;

/** How rare a term is. */
export function idf(documents: number, withTerm: number): number {
  return Math.log(1 + (documents - withTerm + 0.5) / (withTerm + 0.5));
}

/** Returns the score of a term in a document by BM25. @param length of the document, compared with others */
function bm25(rarity: number, frequency: number, length: number): number {
  return (rarity * frequency) / (frequency + K1 * (1 - B + B * length));
}

/** Returns the score of a value of a field without lengths, such as a keyword. @param values how many of them a document has on average */
export function valueScore(rarity: number, values: number): number {
  return Math.fround(bm25(rarity, 1, 1 / values));
}

/** Releases before 3.0 multiply every score, as Lucene did before version 8. */
export function scoreFactor(major: number): number {
  return major < 3 ? K1 + 1 : 1;
}

const relativeLength = (index: TextIndex, document: number): number => index.lengthOf(document) / index.averageLength;

/** Finds the documents with a term. */
export function matchTerm(index: TextIndex | undefined, term: string, boost: number): Matcher {
  if (index === undefined) return matchNone;
  const rarity = boost * idf(index.documents, index.documentsWith(term));
  const scores = new Map<number, number>();
  index.each(term, (document, frequency) => scores.set(document, Math.fround(bm25(rarity, frequency, relativeLength(index, document)))));
  return scores.size === 0 ? matchNone : (document) => scores.get(document) ?? NO_MATCH;
}

/** Finds the documents with a term for which a test is true; all have the same score. */
export function matchTerms(index: TextIndex | undefined, test: (term: string) => boolean, score: number): Matcher {
  if (index === undefined) return matchNone;
  const found = new Set<number>();
  for (const term of index.terms) if (test(term)) index.each(term, (document) => found.add(document));
  return matchIf((document) => found.has(document), score);
}

/** Finds documents with at least so many of the terms; their scores are added. */
export function matchSome(matchers: readonly Matcher[], least: number): Matcher {
  if (matchers.length === 1 && least <= 1) return matchers[0] as Matcher;
  return (document) => {
    let [count, sum] = [0, 0];
    for (const match of matchers) {
      const score = match(document);
      if (score < 0) continue;
      count++;
      sum += score;
    }
    return count >= Math.max(1, least) ? Math.fround(sum) : NO_MATCH;
  };
}

/** Finds the documents in which terms stand one behind the other. The words of a document are looked up in its source. */
export function matchPhrase(
  field: Field,
  terms: readonly string[],
  boost: number,
  { segment }: QueryContext,
  formats: SourceFormats,
): Matcher {
  const index = segment.text(field.path);
  if (index === undefined || terms.length === 0) return matchNone;
  if (terms.length === 1) return matchTerm(index, terms[0] as string, boost);
  const each = terms.map((term) => matchTerm(index, term, 1));
  const rarity = boost * terms.reduce((sum, term) => sum + idf(index.documents, index.documentsWith(term)), 0);
  const analyze = ANALYZERS.get(field.analyzer) as Analyzer;
  return (document) => {
    if (each.some((match) => match(document) < 0)) return NO_MATCH;
    const stored = segment.document(document);
    if (stored === undefined) return NO_MATCH;
    const texts = textsAt(formats.parse(stored.source, stored.contentType), field.path);
    const frequency = texts.reduce((sum, text) => sum + phrases(analyze(text), terms), 0);
    return frequency === 0 ? NO_MATCH : Math.fround(bm25(rarity, frequency, relativeLength(index, document)));
  };
}

function phrases(words: readonly string[], terms: readonly string[]): number {
  let count = 0;
  for (let at = 0; at + terms.length <= words.length; at++) if (terms.every((term, offset) => words[at + offset] === term)) count++;
  return count;
}

/** Returns the texts of a field, whose path may be that of a multi-field. */
function textsAt(source: unknown, path: string): string[] {
  if (source === null || source === undefined) return [];
  if (Array.isArray(source)) return source.flatMap((item) => textsAt(item, path));
  if (!isObject(source)) return [javaText(source)];
  if (path === '') return [];
  const parts = path.split('.');
  return parts.flatMap((_, at) => {
    const name = parts.slice(0, at + 1).join('.');
    return Object.hasOwn(source, name) ? textsAt(source[name], parts.slice(at + 1).join('.')) : [];
  });
}
