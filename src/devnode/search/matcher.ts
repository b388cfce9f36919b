import type { FieldValue } from '../store/field-types.ts';
import type { IndexStore } from '../store/index-store.ts';
import type { Column, Segment } from '../store/segment.ts';

/** Returns the score of a document, or {@link NO_MATCH}. */
export type Matcher = (document: number) => number;

/** What a matcher answers for a document that the query does not find. */
export const NO_MATCH = -1;

/** Where a query runs. */
export interface QueryContext {
  readonly index: IndexStore;
  readonly segment: Segment;
  /** Milliseconds since 1970 that `now` means. */
  readonly now: number;
}

export const matchNone: Matcher = () => NO_MATCH;

/** Finds every document with the same score. */
export const matchAll =
  (score: number): Matcher =>
  () =>
    score;

/** Finds the documents for which a test is true. */
export const matchIf =
  (test: (document: number) => boolean, score: number): Matcher =>
  (document) =>
    test(document) ? score : NO_MATCH;

/** Finds the documents with a value for which a test is true. */
export function matchColumn(column: Column | undefined, test: (value: FieldValue) => boolean, score: number): Matcher {
  if (column === undefined) return matchNone;
  return (document) => {
    const value = column.get(document);
    if (value === undefined) return NO_MATCH;
    return (typeof value === 'object' ? value.some(test) : test(value)) ? score : NO_MATCH;
  };
}
