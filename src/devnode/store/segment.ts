import { ANALYZERS, type Analyzer } from './analyzer.ts';
import type { DocumentFields } from './document-fields.ts';
import type { FieldValue } from './field-types.ts';
import type { Mapping } from './mapping.ts';

/** What a search shows of a document. */
export interface StoredDocument {
  readonly id: string;
  readonly version: number | bigint;
  readonly seqNo: number;
  readonly routing: string | null;
  /** @memory owned */
  readonly source: Buffer;
  readonly contentType: string;
}

/** Values of one field by the number of the document. A single value stands alone. */
export type Column = ReadonlyMap<number, FieldValue | readonly FieldValue[]>;

/** How often a term occurs at most, as far as it counts. */
const MAX_FREQUENCY = 255;

/** Returns a copy of a term: V8 keeps the whole text that a longer piece was cut from. */
function owned(term: string): string {
  return term.length < 13 ? term : Buffer.from(term, 'utf8').toString('utf8');
}

/** The words of one text field. */
export class TextIndex {
  /** For each term, its documents in order: document number × 256 + frequency. One list of small integers per term keeps it small. */
  readonly #postings = new Map<string, number[]>();
  /** How many terms each document has in this field. */
  readonly #lengths = new Map<number, number>();
  #totalLength = 0;

  add(document: number, terms: readonly string[]): void {
    const counts = new Map<string, number>();
    for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
    for (const [term, count] of counts) {
      const posting = document * (MAX_FREQUENCY + 1) + Math.min(count, MAX_FREQUENCY);
      const postings = this.#postings.get(term);
      if (postings === undefined) this.#postings.set(owned(term), [posting]);
      else postings.push(posting);
    }
    this.#lengths.set(document, terms.length);
    this.#totalLength += terms.length;
  }

  /** Calls for each document with the term: its number and how often it has the term. */
  each(term: string, visit: (document: number, frequency: number) => void): void {
    for (const posting of this.#postings.get(term) ?? []) visit(Math.floor(posting / (MAX_FREQUENCY + 1)), posting % (MAX_FREQUENCY + 1));
  }

  /** The number of documents with the term. */
  documentsWith(term: string): number {
    return this.#postings.get(term)?.length ?? 0;
  }

  get terms(): Iterable<string> {
    return this.#postings.keys();
  }

  /** The number of documents with this field. */
  get documents(): number {
    return this.#lengths.size;
  }

  get averageLength(): number {
    return this.#totalLength / Math.max(1, this.#lengths.size);
  }

  /** How many terms a document has; 0 without the field. */
  lengthOf(document: number): number {
    return this.#lengths.get(document) ?? 0;
  }

  has(document: number): boolean {
    return this.#lengths.has(document);
  }
}

/**
 * What searches see of an index: documents by number, and their values by field. It changes only when the index is refreshed.
 *
 * A deleted document keeps its number and its words until the segment is built anew, as in Lucene.
 */
export class Segment {
  readonly #mapping: Mapping;
  readonly #documents: (StoredDocument | undefined)[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #columns = new Map<string, Map<number, FieldValue | readonly FieldValue[]>>();
  readonly #texts = new Map<string, TextIndex>();

  constructor(mapping: Mapping) {
    this.#mapping = mapping;
  }

  /** Numbers that have been given: all are smaller than this. */
  get end(): number {
    return this.#documents.length;
  }

  /** The number of documents that are not deleted. */
  get count(): number {
    return this.#numbers.size;
  }

  document(number: number): StoredDocument | undefined {
    return this.#documents[number];
  }

  documentById(id: string): StoredDocument | undefined {
    const number = this.#numbers.get(id);
    return number === undefined ? undefined : this.#documents[number];
  }

  numberOf(id: string): number | undefined {
    return this.#numbers.get(id);
  }

  column(path: string): Column | undefined {
    return this.#columns.get(path);
  }

  text(path: string): TextIndex | undefined {
    return this.#texts.get(path);
  }

  /** Returns the values of a field of a document. */
  values(path: string, document: number): readonly FieldValue[] {
    const value = this.#columns.get(path)?.get(document);
    return value === undefined ? [] : typeof value === 'object' ? value : [value];
  }

  /** Adds a document, in place of one with the same id. */
  add(document: StoredDocument, fields: DocumentFields): void {
    this.remove(document.id);
    const number = this.#documents.push(document) - 1;
    this.#numbers.set(document.id, number);
    for (const [path, values] of fields) this.#addField(number, path, values);
  }

  /** Deletes a document; does nothing if there is none. */
  remove(id: string): void {
    const number = this.#numbers.get(id);
    if (number === undefined) return;
    this.#numbers.delete(id);
    this.#documents[number] = undefined;
    for (const column of this.#columns.values()) column.delete(number);
  }

  #addField(number: number, path: string, values: readonly FieldValue[]): void {
    const field = this.#mapping.field(path);
    if (field?.kind === 'text') {
      const analyze = ANALYZERS.get(field.analyzer) as Analyzer;
      const index = this.#texts.get(path) ?? new TextIndex();
      this.#texts.set(path, index);
      index.add(
        number,
        values.flatMap((value) => analyze(String(value))),
      );
      return;
    }
    const column = this.#columns.get(path) ?? new Map<number, FieldValue | readonly FieldValue[]>();
    this.#columns.set(path, column);
    column.set(number, values.length === 1 ? (values[0] as FieldValue) : values);
  }
}
